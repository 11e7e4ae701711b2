"""What an article is about: words and phrases of sources.yaml found in it, whatever their grammatical form.

A phrase is its stems in a row (pipeline/stems.py). Which feeds follow from that is roster.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from pipeline import names, stems
from pipeline.model import Article, Config, Query, Search
from pipeline.stems import Translations, Wording


def topic(id_: str) -> str:
    """Return the label of articles that belong to a topic."""
    return f"topic:{id_}"


def search(feed: str) -> str:
    """Return the label of articles that a feed's query finds."""
    return f"query:{feed}"


def labels(
    article: Article, config: Config, language: str = "", tags: Collection[str] = (), also: Translations | None = None
) -> tuple[str, ...]:  # fmt: skip
    """Return the topics and searches that an article in language belongs to, as labels, in the order of sources.yaml.

    tags: those that analysts put on its story; also: words in the other language, which saved searches find, too.
    """
    wording = Wording(f"{article.title}\n{article.text}")
    found = [
        topic(one.id)
        for one in config.topics
        if article.source in one.sources or any(wording.has(phrase) for phrase in one.words)
    ]
    found += [search(feed.id) for feed in config.feeds if feed.query and all(wording.has(part) for part in feed.query)]
    if config.searches:
        kinds = {source.id: source.kind for source in config.sources}
        facts = {
            "sources": {article.source}, "kinds": {kinds.get(article.source, "")}, "languages": {language},
            "tags": tags, "topics": {one.id for one in config.topics if topic(one.id) in found}, **_names(wording, config),
        }  # fmt: skip
        found += [search(channel_of(one)) for one in config.searches if _finds(one.query, wording, facts, also)]
    return tuple(found)


def channel_of(saved: Search) -> str:
    """Return the name of a saved search's feed."""
    return f"search-{saved.id}"


def _finds(
    query: Query, wording: Wording, facts: Mapping[str, Collection[str]], also: Translations | None
) -> bool:  # fmt: skip
    """Return whether an article of this wording is what a search looks for; facts: field → the article's values.

    It is the desk's list that decides what that means (store/search.py): a word wanted may stand there in the other
    language; a word unwanted only as it was asked for.
    """
    for name, own in facts.items():
        wanted, unwanted = getattr(query, name), getattr(query, f"not_{name}")
        if (wanted and not any(one in own for one in wanted)) or any(one in own for one in unwanted):
            return False
    if any(wording.has(part) for part in query.not_words):
        return False
    sought = map(stems.part, query.words)
    return all(wording.finds(one) or (also and any(map(wording.finds, also(one)))) for one in sought)


def _names(wording: Wording, config: Config) -> dict[str, set[str]]:
    """Return the institutions and places that a text has, where a search asks for any."""
    found = (
        set(names.shipped().found(wording.words)) if any(_asks_names(one.query) for one in config.searches) else set()
    )
    return {"organisations": found, "places": found}


def _asks_names(query: Query) -> bool:
    return bool(query.organisations or query.places or query.not_organisations or query.not_places)


def asks_tags(config: Config) -> bool:
    """Return whether any search goes by what analysts put on stories."""
    return any(one.query.tags or one.query.not_tags for one in config.searches)


def asks_words(config: Config) -> bool:
    """Return whether any saved search goes by words, which may stand there in the other language."""
    return any(one.query.words for one in config.searches)


def rules(config: Config, lexicon: str = "") -> str:
    """Return a digest of everything that decides which labels an article gets; "" where none can be got.

    lexicon: the name of what tells words in the other language, where a search asks for any.
    """
    topics = [(one.id, one.words, one.sources) for one in config.topics]
    queries = [(feed.id, feed.query) for feed in config.feeds if feed.query]
    searches = [(one.id, one.query) for one in config.searches]
    kinds = [(source.id, source.kind) for source in config.sources if searches]
    known = (names.shipped_digest(),) if any(_asks_names(one.query) for one in config.searches) else ()
    about = (topics, queries, *((searches, kinds) if searches else ()), *known, *((lexicon,) if lexicon else ()))
    return hashlib.sha256(repr(about).encode()).hexdigest()[:16] if topics or queries or searches else ""
