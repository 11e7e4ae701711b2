"""What an article is about: words and phrases of sources.yaml found in it, whatever their grammatical form.

Every word is brought to its stem, Cyrillic ones by the rules of Russian, Latin ones by those of
English; a phrase is its stems in a row. Which feeds follow from that is roster.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer

from pipeline.model import Article, Config, Query, Search

_STEMMERS = {True: snowballstemmer.stemmer("russian"), False: snowballstemmer.stemmer("english")}
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def topic(id_: str) -> str:
    """Return the label of articles that belong to a topic."""
    return f"topic:{id_}"


def search(feed: str) -> str:
    """Return the label of articles that a feed's query finds."""
    return f"query:{feed}"


def labels(article: Article, config: Config, language: str = "") -> tuple[str, ...]:
    """Return the topics and searches that an article in language belongs to, as labels, in the order of sources.yaml."""
    stems = _joined(f"{article.title}\n{article.text}")
    found = [
        topic(one.id)
        for one in config.topics
        if article.source in one.sources or any(_joined(phrase) in stems for phrase in one.words)
    ]
    found += [
        search(feed.id) for feed in config.feeds if feed.query and all(_joined(part) in stems for part in feed.query)
    ]
    kinds = {source.id: source.kind for source in config.sources} if config.searches else {}
    facts = (article.source, kinds.get(article.source, ""), language)
    found += [search(channel_of(one)) for one in config.searches if _finds(one.query, stems, *facts)]
    return tuple(found)


def channel_of(saved: Search) -> str:
    """Return the name of a saved search's feed."""
    return f"search-{saved.id}"


def _finds(query: Query, stems: str, source: str, kind: str, language: str) -> bool:
    """Return whether an article is what a search looks for; stems: its own, joined."""
    facts = (
        (source, query.sources, query.not_sources), (kind, query.kinds, query.not_kinds),
        (language, query.languages, query.not_languages),
    )  # fmt: skip
    return (
        all((not wanted or own in wanted) and own not in unwanted for own, wanted, unwanted in facts)
        and all(_joined(part) in stems for part in query.words)
        and not any(_joined(part) in stems for part in query.not_words)
    )


def rules(config: Config) -> str:
    """Return a digest of everything that decides which labels an article gets; "" where none can be got."""
    topics = [(one.id, one.words, one.sources) for one in config.topics]
    queries = [(feed.id, feed.query) for feed in config.feeds if feed.query]
    searches = [(one.id, one.query) for one in config.searches]
    kinds = [(source.id, source.kind) for source in config.sources if searches]
    about = (topics, queries, *((searches, kinds) if searches else ()))
    return hashlib.sha256(repr(about).encode()).hexdigest()[:16] if topics or queries or searches else ""


def _joined(text: str) -> str:
    """Return the stems of text with a blank around each, so that a phrase is found by `in`."""
    words: Sequence[str] = _WORD.findall(text.lower().replace("ё", "е"))
    return f" {' '.join(map(_stem, words))} "


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    """Return the stem, and of Russian words the stem of that as long as there is one.

    Once is not enough: the rules take the "л" of "водоканал" for a verb's, but not that of "водоканалом".
    """
    cyrillic = _CYRILLIC.search(word) is not None
    stem = str(_STEMMERS[cyrillic].stemWord(word))
    return stem if stem == word or not cyrillic else _stem(stem)
