"""From one page of a list to the next, by the keys of its last row: quick wherever one is, whatever arrives meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from starlette.exceptions import HTTPException

from pipeline.review.numbered import LAST

Row = TypeVar("Row")


class Page(BaseModel, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    next: str | None = None  #: what `after` takes to go on; null at the end


def cursor(keys: Sequence[Any]) -> str:
    """Return the keys of a row as a word for an address."""
    packed = json.dumps(list(keys), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def after(word: str, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    """Return the keys a word holds, one of each kind; None for an empty word. Raises 422 where it is none of ours."""
    if not word:
        return None
    try:
        keys = json.loads(base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        keys = None
    fits = isinstance(keys, list) and len(keys) == len(kinds)
    fits = fits and all(type(key) is kind for key, kind in zip(keys, kinds, strict=True))
    if not fits or any(isinstance(key, int) and abs(key) > LAST for key in keys):
        raise HTTPException(422, "after: not a place in this list; take it from `next` of the page before")
    return tuple(keys)


def page(rows: Sequence[Row], limit: int, keys: Callable[[Row], Sequence[Any]]) -> tuple[Sequence[Row], str | None]:
    """Return at most limit of rows, of which one more than that was asked for, and the cursor of what follows."""
    return (rows[:limit], cursor(keys(rows[limit - 1]))) if len(rows) > limit else (rows, None)
