"""Small pictures for the sample articles, drawn from a name: a sky and a row of houses.

The same name always gives the same picture; nothing is read or kept.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

WIDTH, HEIGHT = 320, 180
_HOUSES = 16  # columns of equal width


@lru_cache(maxsize=256)
def png(name: str) -> bytes:
    """Return a PNG of 320 × 180 pixels that only this name has."""
    seed = zlib.crc32(name.encode())
    sky = bytes(140 + (seed >> shift) % 90 for shift in (0, 5, 10))
    wall = bytes(value // 3 for value in sky)
    tops = [HEIGHT // 3 + zlib.crc32(f"{name}{number}".encode()) % (HEIGHT // 2) for number in range(_HOUSES)]
    step = WIDTH // _HOUSES
    rows = (b"\0" + b"".join((wall if row >= top else sky) * step for top in tops) for row in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits a colour, RGB
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(b"".join(rows), 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
