"""Bytes and headers of a page → text; which charset it is in is told in `pipeline.charset`."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline import charset


def decode(body: bytes, headers: Mapping[str, str], encoding: str | None = None) -> str:
    """Return body as text; never raises. `encoding` is the charset sources.yaml gives."""
    return charset.decode(body, headers.get("content-type", ""), encoding)
