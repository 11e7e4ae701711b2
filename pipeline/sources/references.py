"""What one part of sources.yaml asks of another (`feeds`, `topics`, `pairing`) must be there, and no feed may take another's address.

Looked at when every value by itself is right; selectors and addresses are not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline import names, query
from pipeline.errors import Problem
from pipeline.sources import schema
from pipeline.sources.report import position
from pipeline.sources.tree import Node
from pipeline.sources.wording import Step, nearest, path, show

# Feeds there are whatever the file says; one more for each kind, source and topic.
STANDING = ("all", "ru", "en", "newsletter-ru", "newsletter-en")
# Files under feeds/ that are no feed's, and beginnings that belong to the program.
_TAKEN = ("index", "feeds", "ops", "story")
_PREFIXES = ("kind-", "source-", "topic-", "search-", "newsletter-", "digest", "archive-")

#: So many ids are told where one is wrong.
_TOLD = 60

Fault = tuple[list[Step], str]


def problems(file: schema.Sources, root: Node, name: str) -> list[Problem]:
    """Return every reference to what is not there, and every id that is taken, with its place in the file."""
    found = [*_topics(file), *_feeds(file), *_searches(file), *_clues(file)]
    return [Problem(name, *position(root, steps, at_key=len(steps) == 2), path(steps), what) for steps, what in found]


def _clues(file: schema.Sources) -> Iterator[Fault]:
    translates = file.translation is not None and file.translation.engines
    if file.pairing is not None and file.pairing.translated_titles and not translates:
        yield (
            ["pairing", "translated_titles"],
            "nothing translates titles; name an engine, for example translation: {engines: [argos]}",
        )


def _topics(file: schema.Sources) -> Iterator[Fault]:
    for id_, topic in (file.topics or {}).items():
        yield from _unknown(["topics", id_, "sources"], topic.sources, file.sources, "source")


def _feeds(file: schema.Sources) -> Iterator[Fault]:
    kinds = {source.kind for source in file.sources.values()}
    topics = file.topics or {}
    standing = {
        *STANDING, *(f"kind-{kind}" for kind in kinds), *(f"source-{id_}" for id_ in file.sources),
        *(f"topic-{id_}" for id_ in topics), *(f"search-{id_}" for id_ in file.searches or {}),
    }  # fmt: skip
    for id_, feed in (file.feeds or {}).items():
        if id_ not in standing and (id_ in _TAKEN or id_.startswith(_PREFIXES)):
            guess = nearest(id_, sorted(standing))
            right = f"did you mean {guess}?" if guess else f"choose an id that does not begin with {_PREFIXES[0]} or so"
            yield (
                ["feeds", id_],
                f"{show(id_)} is kept for feeds of the program, and there is none of this name; {right}",
            )
        fixed = id_ in ("ru", "en", "newsletter-ru", "newsletter-en") and feed.language
        if fixed and feed.language != id_[-2:]:
            yield ["feeds", id_, "language"], f"{id_} is in {id_[-2:]}; give another feed an id of its own"
        yield from _unknown(["feeds", id_, "kinds"], feed.kinds, kinds, "kind of source")
        yield from _unknown(["feeds", id_, "sources"], feed.sources, file.sources, "source")
        yield from _unknown(["feeds", id_, "topics"], feed.topics, topics, "topic")


def _searches(file: schema.Sources) -> Iterator[Fault]:
    kinds = {source.kind for source in file.sources.values()}
    for id_, search in (file.searches or {}).items():
        asked = query.parse(search.query)
        for given, known, what in (
            ((*asked.sources, *asked.not_sources), file.sources, "source"),
            ((*asked.kinds, *asked.not_kinds), kinds, "kind of source"),
            ((*asked.topics, *asked.not_topics), file.topics or {}, "topic"),
            ((*asked.organisations, *asked.not_organisations), _named("organisation"), "organisation"),
            ((*asked.places, *asked.not_places), _named("place"), "place"),
        ):
            for _, why in _unknown([], given, known, what):
                yield ["searches", id_, "query"], why


def _named(kind: str) -> list[str]:
    return [one.id for one in names.shipped().every if one.kind == kind]


def _unknown(steps: list[Step], given: Collection[str] | None, known: Collection[str], what: str) -> Iterator[Fault]:
    for number, one in enumerate(given or ()):
        if one not in known:
            guess = nearest(one, sorted(known))
            every = sorted(known)
            told = (
                ", ".join(every) if len(every) <= _TOLD else f"{len(every)} of them, see the facets of the desk"
            ) or "none"
            yield (
                [*steps, number],
                f"no {what} {show(one)}; " + (f"did you mean {guess}?" if guess else f"known: {told}"),
            )
