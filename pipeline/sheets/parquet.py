"""Rows as Parquet, for those who count: zstd, some thousand rows a group. Needs pyarrow (extra nevawire[parquet])."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from pipeline.sheets.plain import cell

_GROUP = 1_000
_NUMBERS = {"probability": pa.float64(), "size": pa.int64()}


class _Sink:
    """A file that hands on what is written into it."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Do nothing: all is handed on."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def written(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """Write a table of these columns: text, but for what is known to be a number."""
    schema = pa.schema([(name, _NUMBERS.get(name, pa.string())) for name in columns])
    sink, source = _Sink(), iter(rows)
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        while part := list(islice(source, _GROUP)):
            arrays = [_array(part, field) for field in schema]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield sink.taken()
    yield sink.taken()


def _array(rows: Sequence[Mapping[str, Any]], field: Any) -> Any:
    values = [cell(row.get(field.name)) for row in rows]
    if field.name not in _NUMBERS:
        values = [None if value is None else str(value) for value in values]
    return pa.array(values, field.type)
