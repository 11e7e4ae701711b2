"""Where title, text and date stand on pages whose articles are known; pure, run in a child that can be killed.

What is known of an article (its title, its lines, its day) is looked for in the page; an element that
holds it on every page under one name is the rule. Whether a rule reads well is tried elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from pipeline.collect import markup
from pipeline.extract import daytext
from pipeline.extract.blocks import fold
from pipeline.model import FetchedPage
from pipeline.record import dataclass
from pipeline.scout import selectors

#: Share of a text's letters that an element must hold to be its container.
_HELD = 0.85
#: Share of the pages on which a selector must be right.
_RIGHT = 0.75
#: A date's element says little else.
_DATE_CHARS = 90
_ELEMENTS = 4_000


@dataclass(frozen=True, slots=True)
class Known:
    """A page and the article that is known to stand on it."""

    page: FetchedPage
    title: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """Selectors for each part, best first; empty where nothing fits."""

    title: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    date: tuple[str, ...] = ()


def learn(known: Sequence[Known], zone: str) -> Learned:
    """Return where the parts of known articles stand."""
    soups = [_visible(markup.read(each.page)) for each in known]
    pairs = list(zip(soups, known, strict=True))
    titles = [(soup, _titled(soup, each.title)) for soup, each in pairs]
    dates = [(soup, list(_dated(soup, each, zone))) for soup, each in pairs if each.day]
    return Learned(
        title=tuple(selectors.shared(titles, _RIGHT)[:3]),
        text=tuple(_containers(pairs)[:4]),
        date=tuple(selectors.shared(dates, _RIGHT)[:3]) if dates else (),
    )


def surplus(known: Sequence[Known], container: str, extra: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return selectors of what stands in the container and is none of the article: where the extra lines of each page are."""
    found: dict[str, int] = {}
    soups = [_visible(markup.read(each.page)) for each in known]
    wanted = [[fold(line) for line in each.text.split("\n")] for each in known]
    for soup, lines, more in zip(soups, wanted, extra, strict=True):
        box = soup.select_one(container)
        for tag in _holders(box, lines, {fold(line) for line in more}) if box else ():
            for selector in list(selectors.of(tag))[:4]:
                found[selector] = found.get(selector, 0) + 1
    harmless = [
        selector
        for selector in sorted(found, key=lambda one: (-found[one], len(one)))
        if not any(
            _holds(tag, lines) for soup, lines in zip(soups, wanted, strict=True) for tag in soup.select(selector)
        )
    ]
    return _fewest(harmless, soups, container)


def _visible(soup: BeautifulSoup) -> BeautifulSoup:
    for tag in soup(["script", "style", "noscript", "template"]):
        tag.decompose()
    return soup


def _titled(soup: BeautifulSoup, title: str) -> list[Tag]:
    """Return the elements that say the title and nothing else, headings first."""
    key = fold(title)
    body = soup.body or soup
    same = [tag for tag in body.find_all(True, limit=_ELEMENTS) if tag.name != "a" and _letters(tag, len(key)) == key]
    return sorted(same, key=lambda tag: (tag.name != "h1", tag.name not in ("h2", "h3", "h4")))


def _dated(soup: BeautifulSoup, known: Known, zone: str) -> Iterator[Tag]:
    """Yield the elements that show the known day, innermost first."""
    now = known.page.fetched_at.astimezone(ZoneInfo(zone))
    found = []
    for tag in (soup.body or soup).find_all(True, limit=_ELEMENTS):
        text = markup.attribute(tag, "datetime") or markup.attribute(tag, "content") or ""
        if not text and tag.find("p") is None:
            text = _short(tag)
        days = [one.day for one in daytext.find(text, now, yearless=True, relative=True)] if text else []
        if known.day in days:
            found.append(tag)
    outer = {id(parent) for tag in found for parent in tag.parents}
    yield from (tag for tag in found if id(tag) not in outer)


def _short(tag: Tag) -> str:
    size, pieces = 0, []
    for piece in tag.stripped_strings:
        size += len(piece)
        if size > _DATE_CHARS:
            return ""
        pieces.append(piece)
    return " ".join(pieces)


def _letters(tag: Tag, most: int) -> str:
    """Return an element's letters, or "" where it has more than `most` of them."""
    size, pieces = 0, []
    for piece in tag.stripped_strings:
        key = fold(piece)
        size += len(key)
        if size > most:
            return ""
        pieces.append(key)
    return "".join(pieces)


# ── the container of the text ───────────────────────────────────────────────────────────────
def _containers(pairs: Sequence[tuple[BeautifulSoup, Known]]) -> list[str]:
    """Return selectors of the text's container, those with least beside the text first."""
    wanted = [[key for line in each.text.split("\n") if (key := fold(line))] for _, each in pairs]
    tried: dict[str, int] = {}
    for (soup, _), lines in list(zip(pairs, wanted, strict=True))[:3]:
        holder = _holder(soup.body or soup, lines)
        for depth, tag in enumerate((holder, *holder.parents)):
            if depth > 2 or tag.name in ("body", "html", "[document]"):
                break
            for selector in selectors.of(tag):
                tried.setdefault(selector, len(tried))
    ranked = []
    for selector, order in list(tried.items())[:80]:
        rates = [_rate(soup, selector, lines) for (soup, _), lines in zip(pairs, wanted, strict=True)]
        good = [beside for held, beside in rates if held >= _HELD]
        if good and len(good) >= _RIGHT * len(rates):
            ranked.append((round(sum(good) / len(good), 1), order, selector))
    return [selector for _, _, selector in sorted(ranked)]


def _holder(tag: Tag, lines: Sequence[str]) -> Tag:
    """Return the innermost element that still holds the text."""
    while True:
        inner = next(
            (c for c in tag.children if isinstance(c, Tag) and _share(fold(c.get_text()), lines) >= _HELD), None
        )
        if inner is None or inner.name in ("p", "span", "a", "b", "strong"):
            return tag
        tag = inner


def _share(letters: str, lines: Sequence[str]) -> float:
    total = sum(map(len, lines))
    return sum(len(line) for line in lines if line in letters) / total if total else 0.0


def _rate(soup: BeautifulSoup, selector: str, lines: Sequence[str]) -> tuple[float, float]:
    """Return which share of the text a selector holds, and how much it holds beside, in texts."""
    letters = "".join(fold(tag.get_text()) for tag in soup.select(selector, limit=20))
    total = sum(map(len, lines)) or 1
    return _share(letters, lines), max(0.0, len(letters) / total - 1)


# ── what stands in the container beside ─────────────────────────────────────────────────────
def _holders(box: Tag, lines: Sequence[str], extra: set[str]) -> Iterator[Tag]:
    """Yield the outermost elements in box that hold an extra line and no line of the article."""
    open_tags = [child for child in box.children if isinstance(child, Tag)]
    while open_tags:
        tag = open_tags.pop(0)
        letters = fold(tag.get_text())
        if not any(line and line in letters for line in extra):
            continue
        if _holds(tag, lines):
            open_tags.extend(child for child in tag.children if isinstance(child, Tag))
        else:
            yield tag


def _holds(tag: Tag, lines: Sequence[str]) -> bool:
    letters = fold(tag.get_text())
    return any(len(line) > 2 and line in letters for line in lines)


def _fewest(harmless: Sequence[str], soups: Sequence[BeautifulSoup], container: str) -> tuple[str, ...]:
    """Return the first selectors that together match all that any of them matches inside the container."""
    kept: list[str] = []
    matched: set[int] = set()
    for selector in harmless:
        boxes = [box for soup in soups for box in soup.select(container)]
        inside = {id(tag) for box in boxes for tag in box.select(selector)}
        if inside - matched and selector not in ("div", "p", "span", "a", "ul", "li", "div > p", "div > a"):
            kept.append(selector)
            matched |= inside
    return tuple(kept[:6])
