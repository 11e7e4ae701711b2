"""When an article was published: which of a page's dates to believe, and why.

Order: the source's selector, JSON-LD, <meta>, <time>, the listing, the address, a date the page
shows beside its title, htmldate where that very day stands there too, a full date in the
text ("prose"). Each needs a day, none may lie in the future. What is not here: the shapes of
dates (daytext.py), first sight (the caller's).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from pipeline.extract import daytext, events
from pipeline.extract.blocks import Block
from pipeline.extract.daytext import Found
from pipeline.extract.dom import Tags
from pipeline.extract.months import MONTH, MONTHS
from pipeline.extract.stated import Stated
from pipeline.model import Link, Published, Rule
from pipeline.record import dataclass

_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "article:published",
    "published_time", "publication_date", "publish-date", "publishdate", "pubdate", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "citation_date",
    "article.published", "cxenseparse:recs:publishtime", "ptime", "date", "created", "mediator_published_time",
)  # fmt: skip
_OUTSIDE = frozenset(("nav", "footer", "aside", "form"))
_PATH_DAY = (
    re.compile(
        r"[/_-][A-Za-z]{0,2}(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:\d{4,}|(?=[/_.-]|$))"
    ),
    re.compile(r"/(?P<year>(?:19|20)\d\d)[/_.-]?(?P<month>0[1-9]|1[0-2])[/_.-]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"[/_-](?P<year>(?:19|20)\d\d)[_-](?P<month>0[1-9]|1[0-2])[_-](?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"[/_-](?P<day>0[1-9]|[12]\d|3[01])[_.-](?P<month>0[1-9]|1[0-2])[_.-](?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(rf"/(?P<year>(?:19|20)\d\d)/(?P<month>{MONTH})/(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)", re.IGNORECASE),
)
#: Dates a page states under one name at most.
_STAMPS = 5
#: How far from the title a date of its own is looked for, in blocks.
_BEFORE, _AFTER = 4, 8


@dataclass(frozen=True, slots=True)
class Clues:
    """All that tells an article's date."""

    root: HtmlElement
    tags: Tags
    blocks: Sequence[Block]
    stated: Stated
    url: str
    zone: ZoneInfo
    now: datetime  #: fetched at, in `zone`
    title_at: int | None  #: index of the block with the title
    body: Sequence[int]  #: indices of the article's blocks
    text: str
    title: str
    link: Link | None = None
    rule: Rule | None = None
    rule_dates: tuple[str, ...] = ()  #: what the rule's date selector found


def published(clues: Clues) -> Published | None:
    """Return the article's date with its precision and evidence, or None where nothing tells a day."""
    for evidence, tell in _ORDER:
        for found in tell(clues):
            if _possible(found, clues):
                return _published(found, clues, evidence)
    return None


def title_date(title: str, now: datetime) -> tuple[Found | None, str]:
    """Return the date a title starts with ("[2018-10-22] / …", "2023-10-18 :: …") and the title without it."""
    for found in daytext.find(title[:40], now):
        match = re.match(r"[\s\])]*(?:/|::|\||[—–-])?\s*", title[found.end :])
        rest = title[found.end + (match.end() if match else 0) :]
        if not title[: found.start].strip(" [(") and len(rest) > 10 and not found.span:
            return found, rest
    return None, title


def _possible(found: Found, clues: Clues) -> bool:
    return found.day.year >= 1990 and found.at(clues.zone) <= clues.now + timedelta(days=1)


def _published(found: Found, clues: Clues, evidence: str) -> Published:
    timed = found.clock is not None and evidence != "prose" and found.clock != time(0)
    stated = found.zone.utcoffset(None) if found.zone is not None and timed else None
    local = found.at(clues.zone) if timed else datetime.combine(found.day, time(0), clues.zone)
    return Published(
        at=local.astimezone(UTC),
        zone=clues.zone.key if stated is None else _offset(stated),
        precision="minute" if timed else "day",
        evidence=evidence,
    )


def _offset(delta: timedelta) -> str:
    minutes = int(delta.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


# ── each kind of evidence ───────────────────────────────────────────────────────────────────
def _by_rule(clues: Clues) -> Iterator[Found]:
    form = clues.rule.date_format if clues.rule else None
    for text in clues.rule_dates:
        if form and (found := daytext.by_format(text, form, clues.now)) is not None:
            yield found
        yield from daytext.find(text, clues.now, yearless=True, relative=True)
        yield from _by_dateparser(text, clues)


def _by_json_ld(clues: Clues) -> Iterator[Found]:
    for article in clues.stated.articles:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            value = article.get(key)
            for one in value[:_STAMPS] if isinstance(value, list) else [value]:
                if isinstance(one, str | int):
                    yield from _stamp(str(one), clues)


def _by_meta(clues: Clues) -> Iterator[Found]:
    for name in _META:
        for value in clues.stated.metas.get(name, ()):
            yield from _stamp(value, clues)


def _by_time(clues: Clues) -> Iterator[Found]:
    times = clues.tags["time"]
    marked = "datePublished" in clues.stated.labels or any(element.get("pubdate") is not None for element in times)
    for element in clues.root.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]") if marked else ():
        if not _outside(element):
            yield from _element(element, clues)
    if clues.title_at is None or not times:
        return
    near = {clues.blocks[index].element for index in _near_title(clues)}
    for element in times:
        if not _outside(element) and any(parent in near for parent in (element, *element.iterancestors())):
            yield from _element(element, clues)


def _by_listing(clues: Clues) -> Iterator[Found]:
    if clues.link is not None and clues.link.date_text:
        yield from _stamp(clues.link.date_text, clues)
        yield from daytext.find(clues.link.date_text, clues.now, yearless=True, relative=True)
        yield from _by_dateparser(clues.link.date_text, clues)


def _by_url(clues: Clues) -> Iterator[Found]:
    path = urlsplit(clues.url).path
    for pattern in _PATH_DAY:
        for match in pattern.finditer(path):
            month = match["month"].lower()
            try:
                day = date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
            except ValueError:
                continue
            yield Found(day, None, None, match.start(), match.end())


def _by_page(clues: Clues) -> Iterator[Found]:
    found, _ = title_date(clues.title, clues.now)
    if found is not None:
        yield found
    for raw in (clues.stated.meta("og:title"), *(" ".join(element.itertext()) for element in clues.tags["title"])):
        tail = re.search(r"[|–—-]\s*([\d./-]{8,10})\s*$", raw)
        yield from daytext.find(tail[1] if tail else "", clues.now)
    for index in _near_title(clues):
        text = clues.blocks[index].text
        dated = daytext.is_only_date(text, clues.now) or (len(text) < 80 and _is_dated(clues.blocks[index].element))
        if not dated:
            continue
        for found in daytext.find(text, clues.now, yearless=True, relative=True):
            early = clues.title_at is not None and index < clues.title_at
            if not found.span and not (early and abs((clues.now.date() - found.day).days) <= 1):
                yield found  # before the title, today's date is the site's clock


def _by_htmldate(clues: Clues) -> Iterator[Found]:
    shown = {found.day for text in _date_lines(clues) for found in daytext.find(text, clues.now) if not found.span}
    if not shown:
        return
    from htmldate import find_date  # hardly ever asked: something else has told the date of most pages by then

    answer = find_date(deepcopy(clues.root), original_date=True, url=clues.url, max_date=clues.now.date().isoformat())
    if answer:
        day = date.fromisoformat(answer)
        if day in shown:
            yield Found(day, None, None, 0, 0)


def _by_prose(clues: Clues) -> Iterator[Found]:
    found = events.in_prose(clues.text, clues.now)
    if found is not None and found.day <= clues.now.date():
        yield found


_ORDER: tuple[tuple[str, Callable[[Clues], Iterator[Found]]], ...] = (
    ("rule", _by_rule),
    ("json-ld", _by_json_ld),
    ("meta", _by_meta),
    ("time", _by_time),
    ("listing", _by_listing),
    ("url", _by_url),
    ("page", _by_page),
    ("page", _by_htmldate),
    ("prose", _by_prose),
)


# ── reading ─────────────────────────────────────────────────────────────────────────────────
def _stamp(value: str, clues: Clues) -> Iterator[Found]:
    """Yield the date of a machine-readable value: ISO 8601 in its several dresses, RFC 822, epoch."""
    compact = re.fullmatch(r"\s*(\d{4})(\d\d)(\d\d)(?:T?(\d\d):?(\d\d)(?::?\d\d)?(Z|[+-]\d\d:?\d\d)?)?\s*", value)
    if compact:
        value = f"{compact[1]}-{compact[2]}-{compact[3]}"
        if compact[4]:
            value += f"T{compact[4]}:{compact[5]}{compact[6] or ''}"
    elif re.fullmatch(r"\s*1\d{9}(?:\d{3})?\s*", value):
        value = datetime.fromtimestamp(int(value.strip()[:10]), UTC).isoformat()
    yield from daytext.find(value, clues.now)


def _element(element: HtmlElement, clues: Clues) -> Iterator[Found]:
    for name in ("datetime", "content", "data-datetime"):
        if element.get(name):
            yield from _stamp(element.get(name), clues)
    text = " ".join(" ".join(element.itertext()).split())
    if len(text) <= 80:
        yield from daytext.find(text, clues.now, yearless=True, relative=True)


def _by_dateparser(text: str, clues: Clues) -> Iterator[Found]:
    """Yield what dateparser reads where the small grammar reads nothing; slow, so last."""
    import dateparser  # type: ignore[import-untyped]  # no types published; half a second to import, rarely needed

    cleaned = re.sub(r"\s*\(?(?:МСК|MSK)\)?\s*$", "", text.strip(), flags=re.IGNORECASE)[:100]
    answer = dateparser.parse(
        cleaned,
        languages=["ru", "en"],
        settings={
            "DATE_ORDER": "DMY",
            "RELATIVE_BASE": clues.now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    if answer is not None:
        yield Found(answer.date(), answer.time() if answer.time() != time(0) else None, None, 0, 0)


def _near_title(clues: Clues) -> list[int]:
    """Return the blocks around the title in which a date is the article's: after it first, then before."""
    if clues.title_at is None:
        first = clues.body[0] if clues.body else 0
        span = [*range(first, first + 3), *range(first - 1, first - 4, -1)]
    else:
        at = clues.title_at
        span = [*range(at + 1, at + 1 + _AFTER), *range(at - 1, at - 1 - _BEFORE, -1)]
    if clues.body:
        span.extend(clues.body[-2:])
    return [index for index in span if 0 <= index < len(clues.blocks) and _inside(clues.blocks[index])]


def _date_lines(clues: Clues) -> Iterator[str]:
    """Yield the lines from the title to a little below the text that are a date and nothing else."""
    if not clues.body:
        return
    first = clues.body[0] if clues.title_at is None else min(clues.title_at, clues.body[0])
    for block in clues.blocks[max(0, first - _BEFORE) : clues.body[-1] + _AFTER]:
        if not block.linked and _inside(block) and daytext.is_only_date(block.text, clues.now):
            yield block.text


def _inside(block: Block) -> bool:
    if block.zones & _OUTSIDE or block.linked > len(block.text) / 2:
        return False
    return "header" not in block.zones or bool(block.zones & {"article", "main"}) or "h1" in block.zones


def _outside(element: HtmlElement) -> bool:
    return any(parent.tag in _OUTSIDE for parent in element.iterancestors())


def _is_dated(element: HtmlElement) -> bool:
    return bool(
        re.search(
            r"(?:^|[\s_-])(?:date|dates|time|published|pubdate|data)(?:$|[\s_-])",
            f"{element.get('class') or ''} {element.get('id') or ''}",
        )
    )
