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
class Here:
    """Children that work here, or are lost."""

    there: bool = True
    lost: Exception | None = None
    asked: list[object] = field(default_factory=list)
    gone: bool = False

    async def run(self, task, *args):
        assert not self.gone, "asked when they were let go"
        self.asked.append(args)
        if self.lost:
            raise self.lost
        return task(*args)

    async def let_go(self):
        self.gone = True


def words_of(store, children):
    async def made():
        begun = await forewords.begin(SimpleNamespace(store=store, children=children))
        assert children.gone, "what comes next may leave the loop no turn"
        return await begun

    return asyncio.run(made())


def test_words_that_a_child_made_are_not_made_again(store, monkeypatch):
    own = put(store, 1, "Порт Приморска", "Причалы порта приняли суда.")
    found = words_of(store, Here())
    assert len(found) == 1
    monkeypatch.setattr(shadow, "cast", lambda *_: pytest.fail("made again"))
    store.search.catch_up(found)
    assert ids(store.search.find(asked("причал"), KINDS)) == [own]
    assert words_of(store, Here()) == {}, "nothing is new"


def test_they_are_what_would_be_made_without(store):
    texts = [("Порт", "Ёлка у причала."), ("A café", "Ships’ crews, 12\u00a0naïve."), ("Порт", "")]
    for number, (title, text) in enumerate(texts, start=1):
        put(store, number, title, text)
    found = words_of(store, Here())
    assert {one.made_of: one for one in found.values()} == found
    store.search.catch_up()
    with reading(store._engine) as connection:
        kept = connection.execute(select(shadows, cards.c.names).join(cards, cards.c.id == shadows.c.id)).all()
    assert len(kept) == len(texts)
    assert {row.made_of: Shadow(row.made_of, row.title, row.text, row.forms, row.names) for row in kept} == found


def test_words_of_an_article_that_changed_meanwhile_are_made_anew(store):
    own = put(store, 1, "Порт", "Причалы.")
    found = words_of(store, Here())
    with writing(store._engine) as connection:
        connection.execute(articles.update().values(text="Маяк."))
    store.search.catch_up(found)
    assert ids(store.search.find(asked("маяк"), KINDS)) == [own]
    assert ids(store.search.find(asked("причал"), KINDS)) == []


@pytest.mark.parametrize("lost", [ChildLost("timeout", "late"), NoChildrenError("none")])
def test_what_is_lost_with_a_child_is_made_later(store, lost):
    own = put(store, 1, "Порт", "Причалы.")
    found = words_of(store, Here(lost=lost))
    assert found == {}
    store.search.catch_up(found)
    assert ids(store.search.find(asked("причал"), KINDS)) == [own]


def test_no_child_is_started_for_it(store):
    put(store, 1, "Порт", "Причалы.")
    children = Here(there=False)
    assert words_of(store, children) == {}
    assert children.asked == []
