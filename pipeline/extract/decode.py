"""Bytes and headers of a page → the page in UTF-8; which charset it is in is told in `pipeline.charset`."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline import charset


def decode(body: bytes, headers: Mapping[str, str], encoding: str | None = None) -> bytes:
    """Return body in UTF-8; never raises. `encoding` is the charset sources.yaml gives."""
    return charset.utf8(body, headers.get("content-type", ""), encoding)
