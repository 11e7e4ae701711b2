"""Style and script, each under an address that has its digest in it, so that browsers may keep it for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).parent / "static"
_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
#: Asked for without a login, so that the login form looks like the rest.
pages = APIRouter()


@pages.get("/static/{digest}/{name}", include_in_schema=False)
def give(digest: str, name: str) -> Response:
    """Return a file of the desk's own."""
    known = _files().get(name)
    if known is None or known[0] != digest:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{digest}"'}
    return Response(known[1], media_type=_MEDIA[name.rpartition(".")[2]], headers=headers)


def address(name: str) -> str:
    """Return where a file is found, below the desk. Raises KeyError where there is none of this name."""
    return f"/static/{_files()[name][0]}/{name}"


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Return every file by name, with the digest of its bytes."""
    found = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix[1:] in _MEDIA}
    return {name: (hashlib.sha256(body).hexdigest()[:12], body) for name, body in found.items()}
