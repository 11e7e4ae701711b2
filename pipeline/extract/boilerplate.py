"""What a source's pages teach about each other: lines and pictures that stand on several of them, the site's name in titles.

Menus, "Subscribe to newsletter", self-descriptions: whatever an extractor let through stands word for
word on a sibling page too. Two pages are enough. What is not a sibling: a page's other language
version, and the same text published twice. What is not here: reading a page (reading.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import blake2b

from pipeline import address
from pipeline.extract import cleaned, emblems, neighbours, versions
from pipeline.extract.blocks import fold, line_hash
from pipeline.extract.given import PageReading
from pipeline.extract.headline import suffix as suffix_of
from pipeline.model import Article, Profile, Refusal, Source
from pipeline.record import dataclass

#: Pages whose lines a profile keeps.
_PAGES = 40
#: Below a title of this article, this many lines on another page are its teaser there.
_TEASER = 4
#: Shorter lines are menus, labels, names: they say nothing about whether two pages tell the same.
_PROSE = 80
#: A page that shares more of an article's prose than this may tell the same news again.
_SAME = 0.5
_NEARLY_ALL = 0.8
#: …unless the line stands on this many pages that do not carry the article's title.
_MANY = 3
#: Pages that must share a suffix before it is taken for the site's name.
_SUFFIX = 2


@dataclass(frozen=True, slots=True)
class _Sibling:
    """Another page of the source: where each of its lines stands."""

    key: str
    places: Mapping[str, int]


def finish(
    readings: Sequence[PageReading], profile: Profile, source: Source
) -> tuple[tuple[Article | Refusal, ...], Profile]:
    """Return articles (or refusals) for readings of one source, freed of what its pages share, and what was learned.

    The result does not depend on the order of the readings.
    """
    # Of two addresses with one article the one that carries lines is the page itself.
    carrying = sorted(readings, key=lambda reading: bool(reading.lines))
    fresh = {_key(reading.article): reading for reading in carrying if reading.article is not None}
    profile = _learned(profile, fresh)
    siblings = [_Sibling(key, _places(fresh[key].lines)) for key in sorted(fresh)]
    siblings += [_Sibling(key, _places(lines)) for key, lines in sorted(profile.pages.items()) if key not in fresh]
    carriers: dict[str, list[_Sibling]] = {}
    for sibling in siblings:
        for line in sibling.places:
            carriers.setdefault(line, []).append(sibling)
    related = _related([reading.article for reading in fresh.values() if reading.article is not None], source)
    doubted = neighbours.doubted([(reading.article, reading.listing, reading.place) for reading in readings])
    done: list[Article | Refusal] = []
    for number, reading in enumerate(readings):
        if reading.article is None:
            done.append(reading.refusal or Refusal("", "parse", "a reading with neither article nor refusal"))
        else:
            article = neighbours.undated(reading.article) if number in doubted else reading.article
            article = _without_shared(article, carriers, related, reading.attached)
            article = _without_emblems(article, carriers, related, len(siblings))
            done.append(_without_site_name(article, profile))
    return tuple(done), profile


def _without_shared(
    article: Article, carriers: Mapping[str, Sequence[_Sibling]], related: Mapping[str, frozenset[str]],
    attached: Sequence[tuple[str, str]],
) -> Article:  # fmt: skip
    lines = article.text.split("\n")
    hashes = [line_hash(line) for line in lines]
    title = line_hash(article.title)
    excluded = related.get(_key(article), frozenset()) | {_key(article)}
    carried: list[list[_Sibling]] = []
    for hash_ in hashes:
        others = [] if hash_ == title else [other for other in carriers.get(hash_, ()) if other.key not in excluded]
        carried.append(others)
    # A page that tells the same again carries the lead below the title too, as a teaser does: twins are weighed first.
    twins = _twins(lines, carried, title)
    article = _without_standing_files(article, attached, carriers, excluded | twins)
    shared = {
        index
        for index, others in enumerate(carried)
        if any(other.key not in twins and not _teases(other, title, hashes[index]) for other in others)
    }
    if not shared or all(index in shared for index in range(len(lines))):
        return article
    return cleaned.without_lines(article, {lines[index] for index in shared})


def _without_standing_files(
    article: Article, attached: Sequence[tuple[str, str]], carriers: Mapping[str, Sequence[_Sibling]],
    excluded: AbstractSet[str],
) -> Article:  # fmt: skip
    """Return article without the documents that its siblings offer in the same words: the site's, not its own."""
    standing = {
        url for url, line in attached if any(other.key not in excluded for other in carriers.get(line, ()))
    }  # fmt: skip
    kept = tuple(one for one in article.attachments if one.url not in standing)
    return article if len(kept) == len(article.attachments) else replace(article, attachments=kept)


def _without_emblems(
    article: Article, carriers: Mapping[str, Sequence[_Sibling]], related: Mapping[str, frozenset[str]], known: int
) -> Article:
    excluded = related.get(_key(article), frozenset()) | {_key(article)}

    def shown_by(mark: str) -> int:
        return sum(other.key not in excluded for other in carriers.get(mark, ()))

    return emblems.without(article, shown_by, known - 1)


def _teases(other: _Sibling, title: str, line: str) -> bool:
    """Whether another page carries the line below this article's title: a teaser in its list of news."""
    at = other.places.get(title)
    return at is not None and 0 < other.places[line] - at <= _TEASER


def _twins(lines: Sequence[str], support: Sequence[Sequence[_Sibling]], title: str) -> set[str]:
    """Return the pages that tell the same news again: most of the article's text stands there too.

    A self-description longer than the news itself stands on many pages; a release printed twice does not.
    """
    weights = [len(line) if len(line) >= _PROSE else 0 for line in lines]
    if not any(weights):
        weights = [len(line) for line in lines]
    weight: dict[str, int] = {}
    titled: set[str] = set()
    for own, others in zip(weights, support, strict=True):
        for other in others:
            weight[other.key] = weight.get(other.key, 0) + own
            if title in other.places:
                titled.add(other.key)
    lead = next(index for index, own in enumerate(weights) if own)
    led = {other.key for other in support[lead]}
    whole = sum(weights)
    # A release printed again begins alike; a self-description stands below news that differ.
    heavy = {
        key
        for key, shared in weight.items()
        if shared > _SAME * whole and (key in titled or key in led or shared > _NEARLY_ALL * whole)
    }
    untitled = heavy - titled
    return heavy if len(untitled) < _MANY else heavy & titled


def _related(articles: Iterable[Article], source: Source) -> dict[str, frozenset[str]]:
    """Return page key → keys of its other language versions, as pages or the source's rules declare them."""
    groups: dict[str, set[str]] = {}
    links: dict[str, set[str]] = {}
    for article in articles:
        key = _key(article)
        links.setdefault(key, set())
        for alternate in article.alternates:
            other = address.article_id(alternate.url)
            links[key].add(other)
            links.setdefault(other, set()).add(key)
        for story in versions.same_story_keys(article.url, source):
            groups.setdefault(story, set()).add(key)
    for members in groups.values():
        for key in members:
            links[key] |= members
    return {key: frozenset(others - {key}) for key, others in links.items()}


# ── learned ─────────────────────────────────────────────────────────────────────────────────
def _learned(profile: Profile, fresh: Mapping[str, PageReading]) -> Profile:
    suffixes = dict(profile.title_suffix)
    for key in sorted(fresh):
        if fresh[key].suffix and key not in profile.pages:
            suffixes[fresh[key].suffix] = suffixes.get(fresh[key].suffix, 0) + 1
    # Newest first; of one batch those with the smallest hash, which is as good as chance and always the same.
    newest = sorted(
        (key for key in fresh if fresh[key].lines), key=lambda key: blake2b(key.encode(), digest_size=8).digest()
    )
    pages = {key: fresh[key].lines for key in newest[:_PAGES]}
    for key, lines in profile.pages.items():
        if len(pages) >= _PAGES:
            break
        if key not in fresh:
            pages[key] = lines
    return replace(profile, pages=pages, title_suffix=dict(sorted(suffixes.items())))


def _without_site_name(article: Article, profile: Profile) -> Article:
    tail = suffix_of(article.title)
    if not tail or profile.title_suffix.get(tail, 0) < _SUFFIX:
        return article
    title = article.title.removesuffix(tail).strip()
    return replace(article, title=title) if fold(title) else article


def _places(lines: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, line in enumerate(lines):
        places.setdefault(line, index)
    return places


def _key(article: Article) -> str:
    return address.article_id(article.url)
