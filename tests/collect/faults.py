"""What a server can do to a request: answers that are good however they are packed, and answers with a fault.

Each fault stands with the kind of outcome it must have, for an article that was asked for.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib

import brotli
import zstandard

from .hostile import PAGE, Answer, Request, reply

BOMB = b"\0" * (32 * 2**20)


async def _slow_headers(_: Request, writer: asyncio.StreamWriter) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nx-slow: yes\r\n" * 20:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def _drip(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>")
    for _ in range(200):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silence(_: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def _endless(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
    while True:
        writer.write(b"<p>one more</p>" * 4096)
        await writer.drain()
        await asyncio.sleep(0)  # drain alone lets nobody else run while the other side keeps reading


async def _reset(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5000\r\n\r\n<html>")
    await writer.drain()
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing sends RST
    writer.transport.abort()


async def _hang_up(_: Request, writer: asyncio.StreamWriter) -> None:
    return


def _chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n" + body + end


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def packings(page: bytes) -> dict[str, bytes]:
    """Return a page in every packing it must come out of whole."""
    return {
        "plain": reply(body=page),
        "gzip": reply(body=gzip.compress(page), content_encoding="gzip"),
        "two gzip members": reply(body=gzip.compress(page[:20]) + gzip.compress(page[20:]), content_encoding="gzip"),
        "padded gzip": reply(body=gzip.compress(page) + b"\0" * 512, content_encoding="gzip"),
        "deflate": reply(body=zlib.compress(page), content_encoding="deflate"),
        "raw deflate": reply(body=_raw_deflate(page), content_encoding="deflate"),
        "brotli": reply(body=brotli.compress(page), content_encoding="br"),
        "zstd": reply(body=zstandard.compress(page), content_encoding="zstd"),
        "gzip in brotli": reply(body=brotli.compress(gzip.compress(page)), content_encoding="gzip, br"),
        "an encoding that is none": reply(body=page, content_encoding="utf-8"),
        "chunked": _chunked(page[:10], page[10:]),
        "no content-type": reply(body=page, content_type=""),
        "HTML sent as plain text": reply(body=page, content_type="text/plain"),
        "HTML without a length": reply(body=page, content_length=""),
    }


GOOD = packings(PAGE)

FAULTS: dict[str, tuple[Answer, str]] = {
    "slow headers": (_slow_headers, "timeout"),
    "byte drip": (_drip, "timeout"),
    "no answer": (_silence, "timeout"),
    "endless body": (_endless, "too-large"),
    "connection reset in the body": (_reset, "reset"),
    "closed without an answer": (_hang_up, "reset"),
    "gzip bomb": (reply(body=gzip.compress(BOMB), content_encoding="gzip"), "too-large"),
    "gzip bomb in a gzip": (reply(body=gzip.compress(gzip.compress(BOMB)), content_encoding="gzip, gzip"), "too-large"),
    "deflate bomb": (reply(body=zlib.compress(BOMB), content_encoding="deflate"), "too-large"),
    "brotli bomb": (reply(body=brotli.compress(BOMB, quality=5), content_encoding="br"), "too-large"),
    "zstd bomb": (reply(body=zstandard.compress(BOMB), content_encoding="zstd"), "too-large"),
    "encoded three times": (reply(content_encoding="gzip, gzip, gzip"), "protocol"),
    "gzip that is none": (reply(content_encoding="gzip"), "protocol"),
    "brotli that is none": (reply(body=b"\xff" * 100, content_encoding="br"), "protocol"),
    "truncated gzip": (reply(body=gzip.compress(PAGE)[:-9], content_encoding="gzip"), "truncated"),
    "truncated brotli": (reply(body=brotli.compress(PAGE)[:-3], content_encoding="br"), "truncated"),
    "truncated zstd": (reply(body=zstandard.compress(PAGE)[:-3], content_encoding="zstd"), "truncated"),
    "truncated deflate": (reply(body=zlib.compress(PAGE)[:-6], content_encoding="deflate"), "truncated"),
    "truncated chunks": (_chunked(PAGE[:20], end=b""), "truncated"),
    "shorter than its length": (reply(content_length="5000"), "truncated"),
    "chunk sizes that are none": (_chunked(end=b"zz\r\n"), "protocol"),
    "two lengths": (reply().replace(b"content-length:", b"content-length: 3\r\ncontent-length:"), "protocol"),
    "not HTTP": (b"220 mail.example ESMTP ready\r\n\r\n", "protocol"),
    "a huge header": (reply(x_long="x" * 200_000), "too-large"),
    "many headers": (reply(**{f"x_{n}": "y" * 70 for n in range(900)}), "too-large"),
    "50,000 links": (reply(body=b"<html>" + b"<a href='/x/'>x</a>" * 50_000), "too-large"),
    "a picture": (reply(body=b"\x89PNG....", content_type="image/png"), "not-html"),
    "a PDF said to be HTML": (reply(body=b"%PDF-1.7 ..."), "not-html"),
    "JSON": (reply(body=b"{}", content_type="application/json"), "not-html"),
    "a feed where an article should be": (reply(body=b"<?xml version='1.0'?><rss/>", content_type="text/xml"), "not-html"),
    "an empty body": (reply(body=b""), "empty"),
    "nothing but white space": (reply(body=b" \r\n\t "), "empty"),
    "no content": (reply(204, b""), "empty"),
    "not found": (reply(404), "status-404"),
    "gone": (reply(410), "status-410"),
    "server error": (reply(500), "status-500"),
    "a part nobody asked for": (reply(206), "status-206"),
    "an unasked 304": (reply(304, b""), "status-304"),
    "a redirect to nowhere": (reply(302, b""), "status-302"),
}  # fmt: skip
