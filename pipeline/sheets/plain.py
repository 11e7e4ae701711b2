"""Rows as CSV for spreadsheets and as JSON lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

#: Spreadsheets take a cell that begins so for a formula, and would run it (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 200
#: Spreadsheets take CSV without it for text in the charset of the system.
MARK = b"\xef\xbb\xbf"
#: Made once: json.dumps makes one for every call that asks for letters as they are.
_json = json.JSONEncoder(ensure_ascii=False).encode


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """Write CSV (RFC 4180) behind a byte order mark; lists are JSON in their cell, formulas stay text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    yield MARK
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe(cell(row.get(name))) for name in columns])
        if number % _BATCH == 0:
            yield _taken(out)
    yield _taken(out)


def json_lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """Write one JSON object a line."""
    for row in rows:
        line = _json({name: row[name] for name in columns if name in row})
        yield f"{line}\n".encode()


def cell(value: Any) -> Any:
    """Return what stands in a cell."""
    return _json(value) if isinstance(value, (list, tuple, dict)) else value


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()
