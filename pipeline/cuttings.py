"""What was found, to be taken along: a row an article with what its story is, and the pages as they were fetched.

The whole of each article is here: rights bound what is published, not what its owner takes out of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from pipeline import edits, names, stems
from pipeline.errors import ArchiveAway, StoreError
from pipeline.export import local
from pipeline.model import Config, Item, Story, Text
from pipeline.sheets.warc import Fetched
from pipeline.store import Store

COLUMNS = (
    "id", "story", "state", "source", "kind", "language", "origin", "title", "edited_title", "url", "published",
    "published_evidence", "first_seen", "topics", "organisations", "places", "probability", "other_language", "other_title",
    "other_url", "digest", "text",
)  # fmt: skip
#: Articles read at once.
_PART = 200
_TOPIC = "topic:"


def rows(store: Store, config: Config, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield one row for each of these articles, in their order."""
    kinds = {source.id: source.kind for source in config.sources}
    for part in _parts(ids):
        told = {one.id: (one, story, text) for one, story, text in _told(store, part)}
        labels, named = store.publications.labels_of(part), store.search.names(part)
        for item, story, text in (told[one] for one in part if one in told):
            known = _named(named[item.id] if item.id in named else _names_in(item))
            yield {**_own(item, kinds, labels.get(item.id, ()), known), **_beside(story, text)}


def _told(store: Store, ids: Sequence[str]) -> Iterator[tuple[Item, Story | None, Text | None]]:
    """Yield articles with the story and the text they stand in, and whatever else stands there; None where they are new."""
    found = set()
    for story in store.stories.of_articles(ids):
        for text in story.texts.values():
            for item in text.items:
                found.add(item.id)
                yield item, story, text
    for item in store.features.items(one for one in ids if one not in found):
        yield item, None, None


def pages(store: Store, ids: Iterable[str]) -> Iterator[Fetched]:
    """Yield the pages that these articles were read on, as they were fetched; what the archive let go of is left out."""
    for part in _parts(ids):
        digests = dict.fromkeys(item.article.digest for item in store.features.items(part))
        for capture in store.collected.captured(list(digests)):
            try:
                body = store.archive.read(capture.digest)
            except ArchiveAway:
                raise
            except StoreError:
                continue  # pruned, or never kept for want of room; `verify` tells which
            headers = tuple(sorted(capture.headers.items()))
            yield Fetched(capture.url, capture.status, headers, capture.fetched_at, capture.digest, body)


def _own(
    item: Item, kinds: Mapping[str, str], labels: Iterable[str], named: Mapping[str, Sequence[str]]
) -> dict[str, Any]:  # fmt: skip
    article, dated = item.article, item.article.published
    return {
        "id": item.id, "source": article.source, "kind": kinds.get(article.source, ""), "language": item.language.code,
        "title": article.title, "url": article.url, "published": local(dated).isoformat() if dated else "",
        "published_evidence": dated.evidence if dated else "first-seen", "first_seen": item.first_seen.isoformat(),
        "topics": [one.removeprefix(_TOPIC) for one in labels if one.startswith(_TOPIC)],
        "organisations": named["organisation"], "places": named["place"],
        "digest": article.digest, "text": article.text,
    }  # fmt: skip


def _names_in(item: Item) -> tuple[str, ...]:
    """Return the ids of what an article names that has no card yet."""
    return names.shipped().found([*stems.words(item.article.title), *stems.words(item.article.text)])


@lru_cache(maxsize=1 << 12)
def _named(found: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Return the English names of what is named, by kind, in the order of the list of names."""
    named = [one for one in names.shipped().every if one.id in found] if found else []
    return {kind: [one.title["en"] for one in named if one.kind == kind] for kind in names.KINDS}


def _beside(story: Story | None, text: Text | None) -> dict[str, Any]:
    """Return what an article's row says of its story."""
    if story is None or text is None:
        return {"story": "", "state": "new", "origin": "publisher"}
    title = edits.holding(text).get("title")
    other = next((one for code, one in story.texts.items() if code != text.language), None)
    told = {
        "story": story.id, "state": story.state, "origin": "edited" if text.edits else text.origin,
        "edited_title": title.value if title else "", "probability": story.match.probability if story.match else None,
    }  # fmt: skip
    if other is not None:
        told |= {
            "other_language": other.language,
            "other_title": other.lead.article.title,
            "other_url": other.lead.article.url,
        }
    return told


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    source = iter(ids)
    while part := list(islice(source, _PART)):
        yield part
