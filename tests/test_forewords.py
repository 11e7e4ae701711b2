"""What a child made of new articles' words is what would be made where it is looked for; and nobody waits for a lost one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from pipeline import forewords, shadow
from pipeline.children import ChildLost
from pipeline.errors import NoChildrenError
from pipeline.shadow import Shadow
from pipeline.store.engine import reading, writing
from pipeline.store.search_tables import cards, shadows
from pipeline.store.tables import articles
from tests.store.test_search import KINDS, asked, ids, put


@dataclass
class Readers:
    """Children that read pages."""

    there: bool = True
    gone: bool = False

    def let_go(self):
        self.gone = True


@dataclass
class Here:
    """A child that works here, or is lost."""

    lost: Exception | None = None
    asked: list[object] = field(default_factory=list)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None

    async def run(self, task, *args):
        self.asked.append(args)
        if self.lost:
            raise self.lost
        return task(*args)


@pytest.fixture
def here(monkeypatch):
    child = Here()
    monkeypatch.setattr(forewords, "Children", lambda count: child)
    return child


def words_of(store, readers=None):
    readers = readers or Readers()

    async def made():
        begun = await forewords.begin(SimpleNamespace(store=store, children=readers))
        assert readers.gone, "what comes next may leave the loop no turn"
        return await begun

    return asyncio.run(made())


def test_words_that_a_child_made_are_not_made_again(store, here, monkeypatch):
    own = put(store, 1, "Порт Приморска", "Причалы порта приняли суда.")
    found = words_of(store)
    assert len(found) == 1
    monkeypatch.setattr(shadow, "cast", lambda *_: pytest.fail("made again"))
    store.search.catch_up(found)
    assert ids(store.search.find(asked("причал"), KINDS)) == [own]
    assert words_of(store) == {}, "nothing is new"


def test_they_are_what_would_be_made_without(store, here):
    texts = [("Порт", "Ёлка у причала."), ("A café", "Ships’ crews, 12\u00a0naïve."), ("Порт", "")]
    for number, (title, text) in enumerate(texts, start=1):
        put(store, number, title, text)
    found = words_of(store)
    assert {one.made_of: one for one in found.values()} == found
    store.search.catch_up()
    with reading(store._engine) as connection:
        kept = connection.execute(select(shadows, cards.c.names).join(cards, cards.c.id == shadows.c.id)).all()
    assert len(kept) == len(texts)
    assert {row.made_of: Shadow(row.made_of, row.title, row.text, row.forms, row.names) for row in kept} == found


def test_words_of_an_article_that_changed_meanwhile_are_made_anew(store, here):
    own = put(store, 1, "Порт", "Причалы.")
    found = words_of(store)
    with writing(store._engine) as connection:
        connection.execute(articles.update().values(text="Маяк."))
    store.search.catch_up(found)
    assert ids(store.search.find(asked("маяк"), KINDS)) == [own]
    assert ids(store.search.find(asked("причал"), KINDS)) == []


@pytest.mark.parametrize("lost", [ChildLost("timeout", "late"), NoChildrenError("none")])
def test_what_is_lost_with_a_child_is_made_later(store, here, lost):
    here.lost = lost
    own = put(store, 1, "Порт", "Причалы.")
    found = words_of(store)
    assert (found, len(here.asked)) == ({}, 1)
    store.search.catch_up(found)
    assert ids(store.search.find(asked("причал"), KINDS)) == [own]


def test_no_child_is_started_for_it(store, here):
    put(store, 1, "Порт", "Причалы.")
    assert words_of(store, Readers(there=False)) == {}
    assert here.asked == []
