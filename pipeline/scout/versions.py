"""How the other language's address follows from an address: rules that fit known pairs, simplest first; pure.

A rule is only guessed here; whether it leads to the other version is found out by asking for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pipeline.model import LANGUAGES, VersionRule

#: Addresses of two versions of one page: Russian, English.
Pair = tuple[str, str]

OTHER = {"ru": "en", "en": "ru"}


def guesses(pairs: Sequence[Pair], articles: Sequence[Pair] = ()) -> tuple[VersionRule, ...]:
    """Return rules that hold for most of the pairs, those that hold for most first.

    articles: the pairs among them that are articles; only those tell a shared id.
    """
    found: dict[str, VersionRule] = {}
    for pair in pairs:
        for rule in (*_query(*pair), *_swap(*pair)):
            found.setdefault(repr(rule), rule)
    for pair in articles:
        for rule in _same_id(*pair):
            found.setdefault(repr(rule), rule)
    counted = [(sum(holds(rule, pair) for pair in pairs), rule) for rule in found.values()]
    kept = [(count, rule) for count, rule in counted if count * 2 > len(pairs)]
    return tuple(rule for _, rule in sorted(kept, key=lambda one: (one[1].same_id is not None, -one[0])))


def holds(rule: VersionRule, pair: Pair) -> bool:
    """Tell whether a rule leads from each side of a pair to the other."""
    if rule.same_id:
        groups = [match[1] for url in pair if (match := re.search(rule.same_id, url))]
        return len(groups) == 2 and groups[0] == groups[1]
    russian, english = pair
    return other(rule, russian, "ru") == english and other(rule, english, "en") == russian


def other(rule: VersionRule, url: str, language: str) -> str | None:
    """Return where a rule puts the other version of a page in `language`; None where it does not apply."""
    if rule.swap:
        here = next((part for part in sorted(rule.swap, key=len, reverse=True) if part in url), None)
        if here is None:
            return None
        there = rule.swap[1] if here == rule.swap[0] else rule.swap[0]
        return url.replace(here, there, 1)
    if rule.query:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if dict(pairs).get(rule.query) != rule.values.get(language):
            return None
        value = rule.values[OTHER[language]]
        query = urlencode([(name, value if name == rule.query else old) for name, old in pairs])
        return urlunsplit(parts._replace(query=query))
    return None


def _query(russian: str, english: str) -> Iterator[VersionRule]:
    one, two = urlsplit(russian), urlsplit(english)
    if (one.netloc, one.path) != (two.netloc, two.path):
        return
    left, right = dict(parse_qsl(one.query)), dict(parse_qsl(two.query))
    differing = [name for name in left if left[name] != right.get(name)]
    if left.keys() == right.keys() and len(differing) == 1:
        name = differing[0]
        yield VersionRule(query=name, values=dict(zip(LANGUAGES, (left[name], right[name]), strict=True)))


def _swap(russian: str, english: str) -> Iterator[VersionRule]:
    """Yield the two fragments in which the addresses differ, whole parts of a path, English first."""
    one, two = _parts(russian), _parts(english)
    if one[0] != two[0] or russian == english:
        return
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    if end == 0:
        return  # the articles' own names differ: no fragment leads from one to the other
    # With the section that follows, "/en/news/" and "/news/": shorter ones would fit other pages, too.
    own = 2 if one[-1] == "" else 1  # the article's name, which is no section
    if end > own and not re.search(r"\d", one[-end]):
        end -= 1
    elif start > 1:
        start -= 1
    middle = ["".join(f"{part}/" for part in parts[start : len(parts) - end]) for parts in (one, two)]
    before = "//" if start == 1 else "/"
    yield VersionRule(swap=(before + middle[1], before + middle[0]))


def _parts(url: str) -> list[str]:
    parts = urlsplit(url)
    return [parts.scheme, parts.netloc, *(parts.path + (f"?{parts.query}" if parts.query else "")).split("/")[1:]]


def _same_id(russian: str, english: str) -> Iterator[VersionRule]:
    """Yield the number both addresses have after the same word."""
    for match in re.finditer(r"([A-Za-z_]+[/=_-])([0-9]{2,})(?![0-9])", russian):
        if re.search(rf"{re.escape(match[0])}(?![0-9])", english):
            yield VersionRule(same_id=f"{re.escape(match[1])}([0-9]+)".replace(r"\-", "-").replace("\\_", "_"))
