"""The queue of pairs an analyst may look at: the most doubtful first, without those somebody has spoken of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from pipeline.record import dataclass
from pipeline.store.engine import along_indexes, reading
from pipeline.store.tables import articles, proposals, stories, text_items, texts, translations, verdicts

#: Where a row stands: doubt (0 is most doubtful), then story id, or both article ids.
Place = tuple[float, str]
_ru, _en = articles.alias("ru"), articles.alias("en")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which pairs are wanted."""

    state: str = ""  #: review | linked | proposed | machine; "": review and linked
    source: str = ""  #: of either article; "" for any
    least: float = 0.0  #: probability from
    most: float = 1.0  #: probability to
    spoken: bool = False  #: also those somebody has spoken of


@dataclass(frozen=True, slots=True)
class Side:
    """One article of a pair, in short."""

    id: str
    title: str
    source: str
    url: str
    dated: datetime
    machine: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """One pair in the queue."""

    place: Place
    state: str
    probability: float | None
    reasons: tuple[str, ...]
    story: str
    ru: Side
    en: Side


class Queue:
    """Reads of the queue."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, wish: Wish, limit: int, *, after: Place | None = None, before: Place | None = None) -> list[Waiting]:
        """Return pairs in their order from a place on; before: the ones that stand before it, nearest last."""
        found: list[Waiting] = []
        with reading(self._engine) as connection:
            along_indexes(connection)
            for query, doubt, name in _queries(wish):
                order = (doubt.desc(), name.desc()) if before is not None else (doubt, name)
                beyond = _beyond(doubt, name, after, before)
                found += map(_waiting, connection.execute(query.where(*beyond).order_by(*order).limit(limit)))
        found.sort(key=lambda one: one.place)
        return found[-limit:] if before is not None else found[:limit]

    def count(self, wish: Wish, most: int) -> int:
        """Return how many pairs are wanted, counted up to most."""
        some = [
            query.where(doubt.is_not(None)).with_only_columns(literal(1)).limit(most).subquery()
            for query, doubt, _ in _queries(wish)
        ]
        with reading(self._engine) as connection:
            along_indexes(connection)
            return min(
                sum(connection.execute(select(func.count()).select_from(one)).scalar_one() for one in some), most
            )

    def where(self, wish: Wish, ru: str, en: str) -> Place | None:
        """Return where a pair stands, or would stand had nobody spoken of it; None where it is no such pair."""
        if wish.state == "proposed":
            found = select(func.abs(proposals.c.probability - 0.5), literal(f"{ru} {en}"))
            found = found.where(proposals.c.ru == ru, proposals.c.en == en)
        elif wish.state == "machine":
            found = select(literal(0.0), translations.c.text).where(translations.c.article.in_((ru, en)))
        else:
            found = select(stories.c.doubt, stories.c.id).where(stories.c.match_ru == ru, stories.c.match_en == en)
            own = select(texts.c.story).join(text_items, text_items.c.text == texts.c.id)
            found = found.where(stories.c.id.in_(own.where(text_items.c.article == ru)))
        with reading(self._engine) as connection:
            row = connection.execute(found.limit(1)).first()
        return (row[0], row[1]) if row and row[0] is not None else None

    def machine_titles(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the titles that machines gave to articles in the other language, by the articles' ids."""
        made = articles.alias("made")
        query = (
            select(text_items.c.article, made.c.title)
            .join(translations, translations.c.original == text_items.c.text)
            .join(made, made.c.id == translations.c.article)
            .where(text_items.c.article.in_(sorted(set(ids))), translations.c.state == "done")
        )
        with reading(self._engine) as connection:
            return {row.article: row.title for row in connection.execute(query)}


#: A question for pairs, and the two columns that order them.
_Query = tuple[Select[Any], ColumnElement[float], ColumnElement[str]]


def _queries(wish: Wish) -> list[_Query]:
    """Return the questions whose answers, put together in order, are the pairs that are wanted."""
    if wish.state == "proposed":
        return [_proposed(wish)]
    if wish.state == "machine":
        return [_machine(wish)]
    query, doubt, name = _stories(wish)
    if not wish.source:
        return [(query, doubt, name)]
    # One question for each side, as each has an index in this order: one for both would read every pair there is.
    mine, theirs = stories.c.ru_source == wish.source, stories.c.en_source == wish.source
    return [(query.where(mine), doubt, name), (query.where(theirs), doubt, name)]


def _stories(wish: Wish) -> _Query:
    own, (ru, en) = stories.c, (own_article(_ru), own_article(_en))
    query = (
        select(
            own.doubt, own.id.label("name"), own.state, own.probability, own.reasons, own.id.label("story"), *ru, *en
        )
        .join(_ru, _ru.c.id == own.match_ru)
        .join(_en, _en.c.id == own.match_en)
        # Two stories wait for review of one pair: the one that has the Russian article counts.
        .join(text_items, text_items.c.article == own.match_ru)
        .join(texts, and_(texts.c.id == text_items.c.text, texts.c.story == own.id))
        .where(*_likely(wish, own.probability), *_doubtful(wish))
    )
    if wish.state:
        query = query.where(own.state == wish.state)
    if not wish.spoken:
        query = query.where(~_spoken(own.match_ru, own.match_en))
    return query, own.doubt, own.id


def _proposed(wish: Wish) -> _Query:
    own = proposals.c
    doubt, name = func.abs(own.probability - 0.5), own.ru + literal(" ") + own.en
    columns = (
        doubt.label("doubt"),
        name.label("name"),
        literal("proposed").label("state"),
        own.probability,
        own.reasons,
    )
    query = select(*columns, literal("").label("story"), *own_article(_ru), *own_article(_en))
    query = query.join(_ru, _ru.c.id == own.ru).join(_en, _en.c.id == own.en)
    query = query.where(*_likely(wish, own.probability))
    if wish.source:
        query = query.where(or_(_ru.c.source == wish.source, _en.c.source == wish.source))
    return (query if wish.spoken else query.where(~_spoken(own.ru, own.en))), doubt, name


def _machine(wish: Wish) -> _Query:
    """Return the query of stories one side of which a machine wrote: the newest text first, by its id."""
    own, lead = translations.c, text_items.alias("lead")
    original, made = articles.alias("original"), articles.alias("made")
    is_ru = original.c.language == "ru"
    sides = [
        case((is_ru if side == "ru" else ~is_ru, original.c[name]), else_=made.c[name]).label(f"{side}_{name}")
        for side in ("ru", "en")
        for name in _SHOWN
    ]
    doubt = literal(0.0)
    columns = (doubt.label("doubt"), own.text.label("name"), literal("machine").label("state"))
    empty = (
        literal(None).label("probability"),
        cast(literal("[]"), Text).label("reasons"),
        texts.c.story.label("story"),
    )
    query = (
        select(*columns, *empty, *sides)
        .join(lead, and_(lead.c.text == own.original, lead.c.rank == 0))
        .join(texts, texts.c.id == own.text)
        .join(original, original.c.id == lead.c.article)
        .join(made, made.c.id == own.article)
        .where(own.state == "done")
    )
    if wish.source:
        query = query.where(original.c.source == wish.source)
    return query, doubt, own.text


_SHOWN = ("id", "title", "source", "url", "dated", "machine")


def own_article(table: Any) -> list[ColumnElement[Any]]:
    """Return what is shown of an article, labelled by its side."""
    return [table.c[name].label(f"{table.name}_{name}") for name in _SHOWN]


def _beyond(
    doubt: ColumnElement[float], name: ColumnElement[str], after: Place | None, before: Place | None
) -> Iterator[ColumnElement[bool]]:  # fmt: skip
    """Yield what lets an index begin where a page does; pairs without doubt are none."""
    place = tuple_(doubt, name)
    if after is not None:
        yield place > tuple_(literal(after[0]), literal(after[1]))
    if before is not None:
        yield place < tuple_(literal(before[0]), literal(before[1]))
    if after is before is None:
        yield doubt.is_not(None)


def _likely(wish: Wish, probability: ColumnElement[float]) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.least > 0:
        found.append(probability >= wish.least)
    if wish.most < 1:
        found.append(probability <= wish.most)
    return found


def _doubtful(wish: Wish) -> Sequence[ColumnElement[bool]]:
    """Return what probabilities within bounds mean for doubt, which is what the order and its index go by."""
    ends = abs(wish.least - 0.5), abs(wish.most - 0.5)
    least = 0.0 if wish.least < 0.5 < wish.most else min(ends)
    found: list[ColumnElement[bool]] = []
    if least > 0:  # a bound that bounds nothing would be looked up in place of where a page begins
        found.append(stories.c.doubt >= least - 1e-6)
    if max(ends) < 0.5:
        found.append(stories.c.doubt <= max(ends) + 1e-6)
    return found


def _spoken(ru: ColumnElement[str], en: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether the last word about two articles was not one that took another back."""
    said, later = verdicts.alias("said"), verdicts.alias("later")
    newer = select(later.c.id).where(later.c.ru == said.c.ru, later.c.en == said.c.en, later.c.id > said.c.id)
    return select(said.c.id).where(said.c.ru == ru, said.c.en == en, said.c.kind != "undo", ~newer.exists()).exists()


def _waiting(row: Row[Any]) -> Waiting:
    sides = [Side(*(getattr(row, f"{side}_{name}") for name in _SHOWN)) for side in ("ru", "en")]
    reasons = row.reasons if isinstance(row.reasons, list) else []
    return Waiting((row.doubt, row.name), row.state, row.probability, tuple(reasons), row.story, sides[0], sides[1])
