"""One page read: FetchedPage → PageReading; by a layout the source has taught where one fits, else as a whole.

What is not here: the steps of a reading (page.py), where articles stand (layout.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pipeline.extract import cleaned, decode, dom, emblems, layout, refuse
from pipeline.extract.blocks import line_hash
from pipeline.extract.given import PageReading
from pipeline.extract.page import DoubtfulError, Facts, Page, facts_of, refused
from pipeline.model import FetchedPage, Layout, Link, Source


def read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout] = (), *,
    learn: bool = False, common: AbstractSet[str] = frozenset(),
) -> PageReading:  # fmt: skip
    """Return the article a page holds, or why it holds none; raises nothing, whatever the bytes.

    layouts: of the source; those that have proven themselves are tried before the page is read as a
    whole. learn: tell what layout a page read as a whole has. common: hashes of lines that several of the
    source's pages carry, and that `finish` takes out of its texts.
    """
    try:
        return _read(page, source, link, layouts, learn=learn, common=common)
    except Exception as error:  # noqa: BLE001
        # Hostile mark-up finds ways through three libraries that no list foresees; one page must not
        # stop a source. Named with its type, so that a bug of ours is seen in the row.
        return refused(page, "parse", f"{type(error).__name__}: {error}"[:200])


def _read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout], *,
    learn: bool, common: AbstractSet[str],
) -> PageReading:  # fmt: skip
    reason = refuse.before_parsing(page, source)
    if reason:
        return refused(page, "not-article", reason)
    html = decode.decode(page.body, page.headers, source.encoding)
    legal = dom.cleaned(html)
    if legal is not html and (reason := refuse.undecipherable(html)):
        return refused(page, "not-article", reason)
    root = dom.tree(legal)
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
    return replace(reading, lesson=_lesson(facts, whole, reading, common)) if learn or proven else reading


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


def _lesson(facts: Facts, whole: Page, reading: PageReading, common: AbstractSet[str]) -> Layout | None:
    """Return the layout a page has that was read as a whole, and whether it gives the same."""
    own = None if reading.article is None or reading.also else whole.lesson(common)
    if own is None:
        return None
    again = _by_layout(facts, own, proven=False)
    same = again is not None and _own(again, common) == _own(reading, common)
    return own if same else replace(own, pages=0, failed=1)


def _own(reading: PageReading, common: AbstractSet[str]) -> PageReading:
    """Return what is left of a reading once it is compared with the source's other pages."""
    article = reading.article
    assert article is not None
    shared = {line for line in article.text.split("\n") if line_hash(line) in common}
    # A picture counts as the site's here as soon as several pages carry it.
    article = emblems.without(
        cleaned.without_lines(article, shared), lambda mark: len(common) if mark in common else 0, 0
    )
    attached = tuple(one for one in reading.attached if one[1] not in common)
    kept = {url for url, _ in attached}
    article = replace(
        article, made_by="", dropped=(), html=article.html.replace("\n", ""),
        attachments=tuple(one for one in article.attachments if one.url in kept),
    )  # fmt: skip
    return PageReading(article, None, canonical=reading.canonical, attached=attached)
