"""The publisher's icon and logo: an address, or a file beside sources.yaml that is read and looked at.

Which formats a feed reader shows, and how large, is what RSS 2.0, Atom 1.0 and browsers agree on.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Problem
from pipeline.model import Picture
from pipeline.sources import schema
from pipeline.sources.addresses import web_address
from pipeline.sources.report import position
from pipeline.sources.tree import Node

#: A reader asks for it with every feed: bytes at most.
_LARGEST = 200_000
#: Of a logo (RSS 2.0, <image>): pixels at most.
_WIDEST, _TALLEST = 144, 400
_FORMS = {"icon": "PNG, SVG, ICO, GIF or JPEG", "logo": f"PNG, GIF or JPEG of at most {_WIDEST} × {_TALLEST} pixels"}


def problems(file: schema.Sources, root: Node, name: str, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the pictures that the file names."""
    for key in _FORMS:
        given = getattr(file.publisher, key, None) if file.publisher else None
        try:
            if given:
                picture(key, given, folder)
        except ValueError as error:
            yield Problem(name, *position(root, ["publisher", key], at_key=False), f"publisher.{key}", str(error))


def picture(key: str, given: str, folder: Path) -> Picture:
    """Return the picture that is meant. Raises ValueError where there is none, or none that readers could show.

    key: icon or logo; folder: of sources.yaml, which paths start from.
    """
    if "://" in given:
        return Picture(address=web_address(given))
    try:
        data = (folder / given).read_bytes()
    except OSError as error:
        raise ValueError(
            f"{given} cannot be read ({error.strerror or error}); name a file from the folder of this one, or an address"
        ) from error
    if len(data) > _LARGEST:
        raise ValueError(f"{given} has {len(data)} bytes; readers ask for it often: should be at most {_LARGEST}")
    found = _looked_at(data)
    if found is None or (key == "logo" and found.ext in ("svg", "ico")):
        raise ValueError(f"{given} is no picture that feed readers show; should be {_FORMS[key]}")
    if key == "logo" and (found.width > _WIDEST or found.height > _TALLEST):
        raise ValueError(f"{given} has {found.width} × {found.height} pixels; should be {_FORMS[key]}")
    if key == "icon" and found.width != found.height:
        raise ValueError(f"{given} has {found.width} × {found.height} pixels; an icon should be square")
    return found


def _looked_at(data: bytes) -> Picture | None:
    """Return what a file's first bytes say of it; sizes as far as the format states them in pixels."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) > 24:
        return Picture("", "png", data, *struct.unpack(">II", data[16:24]))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) > 10:
        return Picture("", "gif", data, *struct.unpack("<HH", data[6:10]))
    if data.startswith(b"\x00\x00\x01\x00"):
        return Picture("", "ico", data)
    if data.startswith(b"\xff\xd8"):
        size = _jpeg_size(data)
        return Picture("", "jpg", data, *size) if size else None
    return Picture("", "svg", data) if b"<svg" in data[:2000] else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height from the frame header of a JPEG (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + length
    return None
