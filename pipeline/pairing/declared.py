"""Which articles a site itself says are versions of each other, and by what.

Three ways: links on the page (hreflang, the language switch), the source's address rules,
and an article that links another as its source. Whether the claim is believed is decided in `score`, since sites link a
section where no translation exists. An address claimed by several articles is no claim.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pipeline import address
from pipeline.model import Item, Source, VersionRule
from pipeline.pairing.identity import key

#: Ways of declaring, the most telling first, and how a person would put them.
WAYS: Mapping[str, str] = {
    "page": "both stand on one page",
    "hreflang": "declared by hreflang",
    "switch": "declared by the page's language switch",
    "rule": "declared by address rule",
    "source": "one names the other as its source",
}
#: Ways that say which article the version is; a source may be retold as well as translated.
VERSIONS = frozenset(WAYS) - {"source"}
#: What every such word ends with: most texts have none, and this is seen fifty times as fast.
_SIGNS = ("источник", "source", "оригинал")
#: Letters of such a word before that.
_BEFORE = len("перво")
_SOURCE = re.compile(r"""\b(?:перво)?источник\b|\b(?:original\s+|news\s+)?source\b|\bоригинал\b""", re.IGNORECASE)
#: How many characters of markup and words may stand between that word and its link.
_NEAR = 80
_LINK = re.compile("<[aA]\\b")
_HREF = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*["']([^"']+)""", re.IGNORECASE)
_OTHER = {"ru": "en", "en": "ru"}


def declared(items: Sequence[Item], sources: Mapping[str, Source]) -> dict[tuple[str, str], str]:
    """Return (Russian item id, English item id) → the way it is declared, a key of `WAYS`."""
    by_language: dict[str, dict[str, Item]] = {code: {} for code in _OTHER}
    for item in sorted(items, key=lambda item: item.id):
        if item.language.code in _OTHER:
            by_language[item.language.code].setdefault(key(item.article.url), item)
    claims: dict[tuple[str, str], set[str]] = {}
    for code, here in by_language.items():
        there = by_language[_OTHER[code]]
        for target, claimants in _claims(here, there, sources).items():
            for claimant, way in claimants:
                if len({one for one, _ in claimants}) == 1:
                    pair = (claimant, target) if code == "ru" else (target, claimant)
                    claims.setdefault(pair, set()).add(way)
    order = list(WAYS)
    return {pair: min(ways, key=order.index) for pair, ways in sorted(claims.items())}


def named(item: Item) -> tuple[str, ...]:
    """Return the addresses that item's text links as its source ("Источник: …", "Source: …")."""
    html = item.article.html
    if not _may_name(html):
        return ()
    found = (_HREF.search(html, end, end + _NEAR + 2_000) for end in _announced(html))
    near = (one for one in found if one is not None and _is_near(html, one))
    return tuple(dict.fromkeys(unescape(one.group(1)) for one in near if key(unescape(one.group(1)))))


def _may_name(html: str) -> bool:
    """Tell whether one of the signs stands before a link, in whatever letters: no other text needs a closer look."""
    links = (one.start() for one in _LINK.finditer(html))
    before = "\0".join(html[max(0, at - _NEAR) : at] for at in links).casefold()
    return any(sign in before for sign in _SIGNS)


def _announced(html: str) -> list[int]:
    """Return where a word ends that announces a source; the pattern is asked only where one of the signs stands."""
    lowered = html.replace("İ", "I").lower()  # of the same length: no other letter's small form is longer
    ends = []
    for sign in _SIGNS:
        at = lowered.find(sign)
        while at >= 0:
            end = at + len(sign)
            if _SOURCE.search(html, max(0, at - _BEFORE), end + 1):
                ends.append(end)
            at = lowered.find(sign, end)
    return sorted(ends)


def _is_near(html: str, link: re.Match[str]) -> bool:
    """Tell whether the word that announces a source stands right before its link, in the same paragraph."""
    before = html[max(0, link.start() - _NEAR) : link.start()]
    *_, tail = re.split(r"</?(?:p|li|div|h[1-6])\b[^>]*>|<br\s*/?>", before)
    return _SOURCE.search(tail) is not None


def targets(item: Item, sources: Mapping[str, Source]) -> set[str]:
    """Return the ids that item's versions would have, by its page's links and its source's rules."""
    source = sources.get(item.article.source)
    if item.language.code not in _OTHER:
        return set()
    urls = [*(alternate.url for alternate in item.article.alternates), *named(item)]
    for rule in source.versions if source else ():
        urls += _addresses(item.article.url, rule, _OTHER[item.language.code])
    return {address.article_id(url) for url in urls if key(url)}


def same_ids(items: Iterable[Item], others: Iterable[tuple[str, str, str]], sources: Mapping[str, Source]) -> set[str]:
    """Return which of others (id, source, address) carry the id that an item of the same source carries."""
    wanted = {carried for item in items for carried in _ids(item.article.source, item.article.url, sources)}
    return {one for one, source, url in others if wanted and not wanted.isdisjoint(_ids(source, url, sources))}


def _ids(name: str, url: str, sources: Mapping[str, Source]) -> Iterator[tuple[str, str, str]]:
    source = sources.get(name)
    for rule in source.versions if source else ():
        found = _group(rule, url)
        if found is not None and rule.same_id is not None:
            yield name, rule.same_id, found


def _claims(
    here: Mapping[str, Item], there: Mapping[str, Item], sources: Mapping[str, Source]
) -> dict[str, list[tuple[str, str]]]:
    """Claimed item id → who claims it and how."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    alike = _same_ids(there, sources)
    for item in here.values():
        for alternate in item.article.alternates:
            target = there.get(key(alternate.url))
            if target is not None and alternate.evidence in WAYS:
                found[target.id].append((item.id, alternate.evidence))
        for url in named(item):
            if (target := there.get(key(url))) is not None:
                found[target.id].append((item.id, "source"))
        source = sources.get(item.article.source)
        for target in _by_rules(item, there, alike, source.versions if source else ()):
            if target.article.source == item.article.source:
                found[target.id].append((item.id, "rule"))
    return found


def _by_rules(
    item: Item,
    there: Mapping[str, Item],
    carriers: Mapping[tuple[str, str, str], list[Item]],
    rules: Sequence[VersionRule],
) -> Iterator[Item]:
    for rule in rules:
        for url in _addresses(item.article.url, rule, _OTHER[item.language.code]):
            target = there.get(key(url))
            if target is not None:
                yield target
        found = _group(rule, item.article.url)
        if found is not None and rule.same_id is not None:
            alike = carriers.get((item.article.source, rule.same_id, found), [])
            if len(alike) == 1:
                yield alike[0]


def _addresses(url: str, rule: VersionRule, language: str) -> Iterator[str]:
    """Yield the addresses at which rule would have the other language's version."""
    if rule.swap is not None:
        for old, new in (rule.swap, rule.swap[::-1]):
            if old and old in url:
                yield url.replace(old, new, 1)
    if rule.query is not None:
        parts = urlsplit(url)
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name != rule.query]
        value = rule.values.get(language, "")
        at = next((n for n, (name, _) in enumerate(parse_qsl(parts.query)) if name == rule.query), len(kept))
        changed = [*kept[:at], (rule.query, value), *kept[at:]] if value else kept
        yield urlunsplit(parts._replace(query=urlencode(changed)))


def _same_ids(there: Mapping[str, Item], sources: Mapping[str, Source]) -> dict[tuple[str, str, str], list[Item]]:
    found: defaultdict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for item in there.values():
        for carried in _ids(item.article.source, item.article.url, sources):
            found[carried].append(item)
    return dict(found)


def _group(rule: VersionRule, url: str) -> str | None:
    match = re.search(rule.same_id, url) if rule.same_id else None
    return match.group(1) if match and match.re.groups else None
