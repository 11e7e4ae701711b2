"""A body out of its content-encoding, never more of it than the cap.

Every decoder here gives output in small steps and is asked whether it reached its end: a
bomb costs no more memory than the cap, and half a gzip stream is not taken for a whole one.
Character sets are not here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # has no stubs
import zstandard

from pipeline.errors import FetchError

_STEP = 64 * 1024
# One 4-byte zstd block can stand for 128 KB, so its input is fed in crumbs.
_CRUMB = 128
_GZIP_MAGIC = b"\x1f\x8b"


class Decoder(Protocol):
    """One content-encoding being undone."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what data decodes to, in bounded pieces; raises ValueError where it is invalid."""

    @property
    def whole(self) -> bool:
        """Whether the stream reached its end (or never began)."""


class Body:
    """Collects a decoded body up to `limit` bytes."""

    def __init__(self, url: str, content_encoding: str, limit: int) -> None:
        self._url = url
        self._limit = limit
        self._decoders = _decoders(content_encoding, url)
        self._wire = 0
        self._body = bytearray()  # one block that grows: thousands of small ones would leave the heap in pieces

    def add(self, chunk: bytes) -> None:
        """Take bytes off the wire; raises FetchError("too-large" or "protocol")."""
        self._wire += len(chunk)
        if self._wire > self._limit:
            raise self._too_large()
        try:
            for part in _through(self._decoders, chunk):
                if len(self._body) + len(part) > self._limit:
                    self._body += part[: self._limit - len(self._body)]
                    raise self._too_large()
                self._body += part
        except ValueError as error:
            raise FetchError("protocol", self._url, f"the body is not in its declared encoding: {error}") from error

    def so_far(self) -> bytes:
        """Return what arrived, whole or not, at most the cap."""
        return bytes(self._body)

    def whole(self) -> bytes:
        """Return the body; raises FetchError("truncated") where its encoding has not ended."""
        if not all(decoder.whole for decoder in self._decoders):
            raise FetchError("truncated", self._url, "the compressed body ends before its end")
        return bytes(self._body)

    def _too_large(self) -> FetchError:
        return FetchError("too-large", self._url, f"more than {self._limit} bytes")


def gunzip(data: bytes, url: str, limit: int) -> bytes:
    """Return a gzip file's content; raises FetchError like `Body`."""
    body = Body(url, "gzip", limit)
    body.add(data)
    return body.whole()


def _decoders(content_encoding: str, url: str) -> list[Decoder]:
    names = [name.strip().lower() for name in content_encoding.split(",")]
    decoders = [_KNOWN[name]() for name in reversed(names) if name in _KNOWN]
    if len(decoders) > 2:
        raise FetchError("protocol", url, f"encoded {len(decoders)} times over: {content_encoding[:80]}")
    return decoders


def _through(decoders: list[Decoder], data: bytes) -> Iterator[bytes]:
    if not decoders:
        yield data
        return
    for part in decoders[0].feed(data):
        yield from _through(decoders[1:], part)


class _Zlib:
    """gzip (also several members in a row) and deflate (with or without zlib's two-byte head)."""

    def __init__(self, window: int | None) -> None:
        self._gzip = window is not None
        self._stream = zlib.decompressobj(window) if window is not None else None
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _STEP):  # what is left of a part is copied at the end of each member in it
            yield from self._fed(data[start : start + _STEP])

    def _fed(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._stream = self._head, zlib.decompressobj(_deflate_window(self._head))
        try:
            while data or not self._stream.eof:
                if self._stream.eof:  # what follows a last member is padding, unless it is a member
                    data, self._head = self._head + data, b""
                    if self._gzip and data == _GZIP_MAGIC[:1]:  # what comes next tells
                        self._head = data
                        return
                    self._gzip = self._gzip and data.startswith(_GZIP_MAGIC)
                    if not self._gzip:
                        return
                    self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
                part = self._stream.decompress(data, _STEP)
                if part:
                    yield part
                data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
                if not data and len(part) < _STEP:
                    return
        except zlib.error as error:
            raise ValueError(str(error)) from error

    @property
    def whole(self) -> bool:
        return self._stream.eof if self._stream else not self._head


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while not self._stream.is_finished():
                self._begun = self._begun or bool(data)
                part = self._stream.process(data, output_buffer_limit=_STEP)
                if part:
                    yield part
                data = b""
                # It takes more as soon as it has read all it was given, though a full part may not be all that came of it.
                if self._stream.can_accept_more_data() and len(part) < _STEP:
                    return
        except brotli.error as error:
            raise ValueError(str(error)) from error

    @property
    def whole(self) -> bool:
        return not self._begun or bool(self._stream.is_finished())


class _Zstandard:
    def __init__(self) -> None:
        # RFC 9659: a web server's window is at most 8 MB.
        self._stream = zstandard.ZstdDecompressor(max_window_size=8 * 2**20).decompressobj()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(data), _CRUMB):
                if self._stream.eof:
                    return
                self._begun = True
                part = self._stream.decompress(data[start : start + _CRUMB])
                if part:
                    yield part
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error

    @property
    def whole(self) -> bool:
        return not self._begun or self._stream.eof


def _gzip() -> Decoder:
    return _Zlib(zlib.MAX_WBITS | 16)


def _deflate() -> Decoder:
    return _Zlib(None)


# Names of no encoding that servers send all the same ("identity", "none", "utf-8") are read past.
_KNOWN = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _Brotli, "zstd": _Zstandard,
}  # fmt: skip


def _deflate_window(head: bytes) -> int:
    # RFC 1950: method 8 in the low bits, and the two bytes a multiple of 31; else a raw stream.
    zlib_head = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS
