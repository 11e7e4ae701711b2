"""Which of a page's titles is the title.

JSON-LD headline, og:title, h1, the listing's link, <title>, in this order, the site's name
cut off. What is not here: the suffix that a source's titles share, learned over its pages
(boilerplate.py).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract.blocks import fold
from pipeline.extract.dom import Tags
from pipeline.extract.stated import Stated
from pipeline.model import Link, Source
from pipeline.record import dataclass

#: What stands between a title and the site's name.
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»›/]|-{1,2}|::|\\)\s+|\s*[|｜│:]\s+(?=[^:|]*$)|\s*[|｜│»]\s*")
_LONGEST = 300
#: First-level headings of a page that are looked at.
_HEADINGS = 40
_OUTSIDE = ("nav", "footer", "aside", "form", "header")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of a page's titles and where it stood: json-ld | og | h1 | listing | title."""

    kind: str
    text: str


def candidates(
    root: HtmlElement, tags: Tags, stated: Stated, link: Link | None, names: Collection[str]
) -> list[Candidate]:
    """Return the page's titles, best kind first, site names cut off; names: what the site calls itself."""
    folded = {fold(name) for name in names if name}
    every = [Candidate(kind, characters.line(raw)) for kind, raw in _raw(tags, stated, link)]
    every = [candidate for candidate in every if fold(candidate.text) and len(candidate.text) <= _LONGEST]
    found = [Candidate(candidate.kind, cut(candidate.text, folded)) for candidate in every]
    # A page whose only title is the site's name is told by a heading of its text, or else by that name.
    return (
        [candidate for candidate in found if fold(candidate.text) not in folded]
        or [Candidate("heading", text) for text in _lesser_headings(root) if fold(text) not in folded][:1]
        or every
    )


def choose(found: Sequence[Candidate]) -> str:
    """Return the best of the titles, or "" where there is none."""
    if not found:
        return ""
    first = _first(found)
    headings = [candidate.text for candidate in found if candidate.kind == "h1"]
    for heading in headings:
        if fold(heading) == fold(first) or _is_full_form(heading, first) or _is_bare_form(heading, first):
            return heading
    return first


def _first(found: Sequence[Candidate]) -> str:
    """Return the first title by order of kinds; but a JSON-LD headline that only repeats <title> gives way.

    Such a headline was written for search engines; og:title is then the editors' (measured on the bench of
    real pages: right 18 times, wrong 8).
    """
    by_kind: dict[str, str] = {}
    for candidate in found:
        by_kind.setdefault(candidate.kind, candidate.text)
    if "json-ld" in by_kind and "og" in by_kind and "title" in by_kind:
        title = by_kind["title"]
        if fold(by_kind["json-ld"]) in (fold(title), fold(title.removesuffix(suffix(title)))):
            return by_kind["og"]
    return found[0].text


def _is_full_form(heading: str, title: str) -> bool:
    """Whether the page shows in full what the machine-readable title shortens."""
    return title.endswith(("…", "...")) and fold(heading).startswith(fold(title))


def _is_bare_form(heading: str, title: str) -> bool:
    """Whether title is the heading and then, after a separator, something else."""
    rest = title[len(heading) :]
    return (
        len(fold(heading)) > 15
        and title.casefold().startswith(heading.casefold())
        and bool(re.match(r"\s+[|–—-]\s|\s*[|｜]", rest))
    )


def suffix(title: str) -> str:
    """Return the last part of title after a separator, with the separator: a site-name candidate; or ""."""
    last = deque(re.finditer(r"\s+(?:[|–—·•»›/]|-{1,2}|::)\s+|\s*[|｜]\s*", title), maxlen=1)
    if not last or last[0].start() == 0:
        return ""
    part = title[last[0].start() :]
    return part if len(part) <= 80 else ""


def cut(title: str, folded: Collection[str]) -> str:
    """Return title without a site name (given as folded names) at its end or start."""
    for match in reversed(list(_SEPARATOR.finditer(title))):
        head, tail = title[: match.start()].strip(), title[match.end() :].strip()
        if head and fold(tail) in folded:
            return cut(head, folded)
        if tail and fold(head) in folded:
            return cut(tail, folded)
    return title


def site_names(stated: Stated, source: Source, host: str) -> set[str]:
    """Return what the site calls itself, as the page and sources.yaml say."""
    names = {stated.meta("og:site_name"), *source.name.values()}
    bare = host.removeprefix("www.")
    names |= {bare, bare.rpartition(".")[0]}
    for article in stated.articles:
        publisher = article.get("publisher")
        for part in publisher if isinstance(publisher, list) else [publisher]:
            if isinstance(part, dict) and isinstance(part.get("name"), str):
                names.add(part["name"])
    return {name for name in names if name}


def _raw(tags: Tags, stated: Stated, link: Link | None) -> Iterator[tuple[str, str]]:
    yield "json-ld", stated.article("headline")
    yield "og", stated.meta("og:title")
    yield from (("h1", text) for text in islice(_headings(tags["h1"]), _HEADINGS))
    if link is not None:
        yield "listing", link.title
    yield "title", next((" ".join(element.itertext()) for element in tags["title"]), "")


def _headings(headings: Iterable[HtmlElement]) -> Iterator[str]:
    """Yield the texts of first-level headings, one that is no link home first."""
    late = []
    for heading in headings:
        text = visible_text(heading)
        if not text:
            continue
        if _in_header_link(heading):
            late.append(text)
        else:
            yield text
    yield from late


def _lesser_headings(root: HtmlElement) -> Iterator[str]:
    for heading in root.iter("h2", "h3"):
        text = characters.line(visible_text(heading))
        if (
            fold(text)
            and len(text) <= _LONGEST
            and not any(parent.tag in _OUTSIDE for parent in heading.iterancestors())
        ):
            yield text


def _in_header_link(heading: HtmlElement) -> bool:
    links = heading.findall(".//a") + list(heading.iterancestors("a"))
    return any((a.get("href") or "").rstrip("/").count("/") in (0, 2) for a in links)


def visible_text(element: HtmlElement) -> str:
    """Return the words of a small element on one line, scripts left out, line breaks as spaces."""
    return " ".join("".join(_visible(element)).split())


def _visible(element: HtmlElement) -> Iterator[str]:
    for part in element.iter():
        if part.tag in ("script", "style", "svg"):
            continue
        if part.text:
            yield part.text
        elif part.tag == "br":
            yield " "
        if part is not element and part.tail:
            yield part.tail
