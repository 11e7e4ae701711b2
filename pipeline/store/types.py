"""Column types: the same values in SQLite's STRICT tables and in PostgreSQL.

SQLite STRICT knows only TEXT, INTEGER, REAL and BLOB; what is richer is written as one
of these here, at the store's door, where text is also freed of characters that no XML
document may carry.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from pydantic_core import from_json
from sqlalchemy import REAL, BigInteger, Double, Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pipeline.characters import legal

#: Eight bytes in both databases: PostgreSQL's REAL has four.
Real: Double[float] = Double().with_variant(REAL(), "sqlite")
#: Likewise: an INTEGER of SQLite's holds as much as it must.
Whole: Integer = Integer().with_variant(BigInteger(), "postgresql")


class Clean(TypeDecorator[str]):
    """Text, legal in XML 1.0 and in both databases (no NUL, no lone surrogate)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean on the way in."""
        return None if value is None else legal(value)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as UTC text of fixed width, so that it sorts as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write 2026-11-21T06:00:00.000000Z; a naive datetime is a bug and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r} at the store's door")
        return value.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it back, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class Flag(TypeDecorator[bool]):
    """A truth as 0 or 1."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Write 0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Read it back."""
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """Lists and mappings of plain values as JSON text with sorted keys."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write JSON; every string in it is cleaned like `Clean`."""
        if value is None:
            return None
        told = _legal(value)
        if type(told) is list and {*map(type, told)} == {str}:  # as most lists are, and sooner told
            return f"[{','.join(map(encode_basestring, told))}]"
        return _encoded(told)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it back."""
        if value == "[]":  # most lists are, and a row of `articles` has nine
            return []
        return None if value is None else from_json(value)  # `json.loads` takes four times as long for a short one


def plain(record: Any) -> dict[str, Any]:
    """Return a record of plain values as `Json` takes it: `asdict` looks for records in each, and takes ten times as long."""
    return {name: getattr(record, name) for name in record.__match_args__}


#: As `json.dumps` writes it, which would make an encoder for each value.
_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _legal(value: Any) -> Any:
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, dict):
        return {legal(str(key)): _legal(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        # Most lists are long, and of hashes and addresses: nothing is called for each of these.
        return [part if type(part) is str and part.isascii() and part.isprintable() else _legal(part) for part in value]
    return value
