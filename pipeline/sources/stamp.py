"""A short name for the sources file as it stands, so that a running watch sees that it changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def stamp(path: Path) -> str:
    """Return a digest of the file's bytes; why it cannot be read, where it cannot."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return error.strerror or str(error)
