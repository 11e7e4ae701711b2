"""Rows put into files for other programs, a piece at a time: CSV, XLSX, JSON lines, Parquet.

    FORMS["xlsx"].written(rows, columns) → bytes, bytes, …

Rows are mappings of plain values and come one by one, so that any number of them goes through.
What rows say is not decided here. The pages themselves are put into a WARC by warc.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from pipeline.record import dataclass
from pipeline.sheets import plain

Row = Mapping[str, Any]
Written = Callable[[Iterable[Row], Sequence[str]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file."""

    name: str  #: also how the file's name ends
    media: str
    written: Written
    text: bool = False  #: may be shown in a terminal


def _xlsx(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    from pipeline.sheets.workbook import written  # takes its time to load

    return written(rows, columns)


def _parquet(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    from pipeline.sheets.parquet import written  # an extra

    return written(rows, columns)


FORMS = {
    form.name: form
    for form in (
        Form("csv", "text/csv; charset=utf-8", plain.csv_lines, text=True),
        Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
        Form("jsonl", "application/jsonl", plain.json_lines, text=True),
        Form("parquet", "application/vnd.apache.parquet", _parquet),
    )
}


def missing(form: str) -> str:
    """Return which extra a form needs that is not installed; "" where it can be written."""
    return "parquet" if form == "parquet" and find_spec("pyarrow") is None else ""
