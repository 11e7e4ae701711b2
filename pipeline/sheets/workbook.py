"""Rows as an Excel workbook: a frozen header, addresses that can be clicked, nothing taken for a formula.

The workbook grows in a temporary file, a row at a time: it is zipped, so nothing can be sent before
its last row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.sheets.plain import cell

#: Limits of Excel: letters in a cell, rows and links on a sheet, letters of a link.
_LETTERS, _ROWS, _LINKS, _ADDRESS = 32_767, 1_048_576, 65_000, 2_000
_WIDTHS = {"title": 60, "other_title": 60, "url": 40, "other_url": 40, "text": 80}
#: Workbooks say when they were made; equal rows give equal bytes.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones
_AT_ONCE = 1 << 18


def written(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """Write a workbook; more rows than a sheet holds go on to the next."""
    with tempfile.TemporaryDirectory(prefix="nevawire-") as folder:
        path = Path(folder) / "items.xlsx"
        _fill(path, folder, rows, columns)
        with path.open("rb") as file:
            while part := file.read(_AT_ONCE):
                yield part


def _fill(path: Path, folder: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    options = {
        "constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "nan_inf_to_errors": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _MADE})
        sheet, at = _sheet(book, columns), 1
        for row in rows:
            if at == _ROWS:
                sheet, at = _sheet(book, columns), 1
            for place, name in enumerate(columns):
                _put(sheet, at, place, cell(row.get(name)))
            at += 1


def _sheet(book: Any, columns: Sequence[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for place, name in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(name, 16))
    sheet.write_row(0, 0, columns, bold)
    return sheet


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    if not isinstance(value, str):
        sheet.write(row, column, value)
    elif value.startswith(("http://", "https://")) and len(value) <= _ADDRESS and row * 2 <= _LINKS:
        sheet.write_url(row, column, value, string=value[:_LETTERS])
    else:
        sheet.write_string(row, column, value[:_LETTERS])
