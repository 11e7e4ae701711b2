"""Files of any number of rows: rows come and go one by one, so memory does not grow with them."""

from __future__ import annotations

import weakref
from datetime import UTC, datetime

import pytest

from pipeline import cuttings, sheets
from pipeline.sheets import warc
from pipeline.store import Asked

#: Rows put into a file, and how many of them may be in memory at once: those of a batch, or of two groups.
ROWS, ALIVE = 5_000, 2_100
FETCHED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Row(dict):
    """A row that can be watched."""

    __hash__ = object.__hash__


class Watched:
    """Hands out things, and counts how many of them are alive at once."""

    def __init__(self, make, count):
        self._make, self._count = make, count
        self._alive, self.most = weakref.WeakSet(), 0

    def __iter__(self):
        for number in range(self._count):
            one, seen = self._make(number)
            self._alive.add(seen)
            self.most = max(self.most, len(self._alive))
            del seen
            yield one
            del one


class Page(warc.Fetched):
    """An archived page that can be watched."""


def row(number):
    made = Row(id=f"a{number}", title=f"=Заголовок {number}", url=f"https://news.example/{number}", text="слово " * 50)
    return made, made


def page(number):
    made = Page(f"https://news.example/{number}", 200, (), FETCHED, f"{number:064x}", b"<p>page</p>" * 50)
    return made, made


@pytest.mark.parametrize("form", sorted(sheets.FORMS))
def test_no_form_keeps_its_rows(form):
    rows = Watched(row, ROWS)
    size = sum(len(part) for part in sheets.FORMS[form].written(rows, cuttings.COLUMNS))
    assert size > ROWS
    assert rows.most <= ALIVE


def test_no_warc_keeps_its_pages():
    pages = Watched(page, 1_000)
    assert sum(len(part) for part in warc.written(pages, "test")) > 1_000
    assert pages.most <= 2


@pytest.mark.parametrize("form", [one for one in sorted(sheets.FORMS) if one != "xlsx"])  # which is zipped at its end
def test_what_is_ready_is_sent_before_the_next_is_read(form):
    taken = []
    rows = (taken.append(number) or row(number)[0] for number in range(ROWS))
    parts = sheets.FORMS[form].written(rows, cuttings.COLUMNS)
    assert next(parts)
    assert next(parts)
    assert len(taken) <= ALIVE


def test_articles_are_read_a_part_at_a_time(office):
    office.store.search.catch_up()
    taken = []
    ids = (taken.append(one) or one for one in 20 * list(office.store.search.articles(Asked(), {})))
    rows = cuttings.rows(office.store, office.config(), ids)
    assert next(rows)["title"]
    assert len(taken) == 200
