"""One page read: FetchedPage → PageReading; by a layout the source has taught where one fits, else as a whole.

What is not here: the steps of a reading (page.py), where articles stand (layout.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract import decode, dom, layout, refuse
from pipeline.extract.page import DoubtfulError, Facts, Page, PageReading, facts_of, refused
from pipeline.model import FetchedPage, Layout, Link, Source


def read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout] = (), *, learn: bool = False
) -> PageReading:
    """Return the article a page holds, or why it holds none; raises nothing, whatever the bytes.

    layouts: of the source; those that have proven themselves are tried before the page is read as a
    whole. learn: tell what layout a page read as a whole has.
    """
    try:
        return _read(page, source, link, layouts, learn=learn)
    except Exception as error:  # noqa: BLE001
        # Hostile mark-up finds ways through three libraries that no list foresees; one page must not
        # stop a source. Named with its type, so that a bug of ours is seen in the row.
        return refused(page, "parse", f"{type(error).__name__}: {error}"[:200])


def parts(reading: PageReading) -> tuple[PageReading, ...]:
    """Return a reading for each article of a page; only the first carries the page's lines."""
    one = replace(reading, also=())
    return (one, *(replace(one, article=article, lines=(), suffix="") for article in reading.also))


def _read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout], *, learn: bool
) -> PageReading:
    reason = refuse.before_parsing(page, source)
    if reason:
        return refused(page, "not-article", reason)
    html = decode.decode(page.body, page.headers, source.encoding)
    if reason := refuse.undecipherable(html):
        return refused(page, "not-article", reason)
    root = dom.parse(html)
    if root is None:
        return refused(page, "parse", "no markup")
    facts = facts_of(page, source, link, root)
    if facts.rule is not None and facts.rule[1].text:
        return Page(facts).read()  # the operator has said where the text is
    proven = [one for one in layouts if layout.serves(one)]
    if not layout.is_sample(page.url):
        for one in proven:
            reading = _by_layout(facts, one)
            if reading is not None:
                return reading
    whole = Page(facts)
    reading = whole.read()
    return replace(reading, lesson=_lesson(facts, whole, reading)) if learn or proven else reading


def _by_layout(facts: Facts, one: Layout, *, proven: bool = True) -> PageReading | None:
    """Return a page read by a layout; None where there is any doubt. proven: the text must be like the last ones."""
    where = layout.located(facts.root, one)
    if where is None:
        return None
    try:
        reading = Page(facts, where, proven=proven).read()
    except DoubtfulError:
        return None
    return replace(reading, layout=one) if reading.article is not None and not reading.also else None


def _lesson(facts: Facts, whole: Page, reading: PageReading) -> Layout | None:
    """Return the layout a page has that was read as a whole, and whether it gives the same."""
    own = None if reading.article is None or reading.also else whole.lesson()
    if own is None or reading.article is None:
        return None
    again = _by_layout(facts, own, proven=False)
    same = again is not None and again.article is not None and (
        replace(again.article, made_by=reading.article.made_by), again.canonical, again.attached
    ) == (reading.article, reading.canonical, reading.attached)  # fmt: skip
    return own if same else replace(own, pages=0, failed=1)
