"""What is new is paired in portions, and with what a process kept of its last pass: neither changes what comes out."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import pairing, pairs
from pipeline.model import Config, Publisher, PublishRules
from pipeline.store import open_store
from pipeline.store.engine import reading, writing
from pipeline.store.tables import aliases, articles, features, proposals, relations, threads
from tests.pairing.season import NOW, item, season
from tests.pairing.test_kin import ELSE, FIRST, SECOND, THIRD
from tests.test_cli_pairs import put

NEWS = season()
CONFIG = Config(Publisher({}, "https://news.example.org/", ""), PublishRules(), tuple(NEWS.sources.values()))
ITEMS = [*(one for one in NEWS.items if one.article.published is not None), FIRST, SECOND, THIRD, ELSE]


def told(store):
    """Return all that pairing keeps."""
    tables = (aliases, proposals, relations, threads, features)
    with reading(store._engine) as connection:
        columns = [[column for column in table.c if column.name not in ("at", "stamp")] for table in tables]
        rows = [sorted(map(tuple, connection.execute(select(*of)))) for of in columns]
    return list(store.stories.each()), rows


@pytest.fixture
def at_once():
    """Make a store of items that were paired together."""
    with ExitStack() as opened:

        def made(folder, items):
            store = opened.enter_context(closing(open_store(folder)))
            put(store, *items)
            pairs.pair_up(store, CONFIG, NOW)
            return store

        yield made


def decided(store):
    """Return what is decided, without figures that hang on how many articles a window has."""
    stories, (names, proposed, beside, chains, _) = told(store)
    judged = [
        (one.id, one.state, one.match and (one.match.ru, one.match.en), sorted(text.id for text in one.texts.values()))
        for one in stories
    ]
    items = [sorted(item.id for text in one.texts.values() for item in text.items) for one in stories]
    return judged, items, names, proposed, [row[:2] for row in beside], chains


@pytest.mark.parametrize("days", [20, None])
def test_what_is_new_is_paired_in_portions_as_at_once(days, at_once, tmp_path, monkeypatch):
    """Within one window of days, and over years."""
    items = ITEMS if days is None else [crowded(one, place % days) for place, one in enumerate(ITEMS)]
    whole = decided(at_once(tmp_path / "whole", items))
    assert sum(len(story[3]) == 2 for story in whole[0]) > 10
    assert whole[4], "some stories stand beside others"
    monkeypatch.setattr(pairs, "PORTION", 7)
    given = []
    judge = pairing.pair
    monkeypatch.setattr(pairing, "pair", lambda items, **more: given.append(len(more["fresh"])) or judge(items, **more))
    assert decided(at_once(tmp_path / "portions", items)) == whole
    assert given == [7] * (len(ITEMS) // 7) + [len(ITEMS) % 7] * (len(ITEMS) % 7 > 0)


def crowded(one, days):
    """Return an item as if it had been published so many days before now."""
    published = replace(one.article.published, at=NOW - timedelta(days=days))
    return replace(one, article=replace(one.article, published=published))


def test_only_what_is_near_a_portion_is_read_with_it(at_once, tmp_path, monkeypatch):
    names = [f"{first}{second}{third}ов" for first in "Бвгдз" for second in "ао" for third in "бдзклм"]
    news = [item(f"https://press.example/ru/{name}", "ru", name, f"{name} " * 3, "2023-12-09") for name in names]
    monkeypatch.setattr(pairs, "PORTION", 6)
    looked_at = []
    judge = pairing.pair
    monkeypatch.setattr(pairing, "pair", lambda items, **more: looked_at.append(len(items)) or judge(items, **more))
    store = at_once(tmp_path, news)
    assert len(looked_at) == len(news) / 6
    assert max(looked_at) < len(news) / 2
    assert len(list(store.stories.each())) == len(news)


@pytest.mark.parametrize("whole", [0, 1_500])
def test_a_process_that_goes_on_tells_what_one_just_begun_tells(whole, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.pairing.candidates.WHOLE", whole)
    batches = [ITEMS[start::4] for start in range(4)]
    living = open_store(tmp_path / "living")
    for place, batch in enumerate(batches):
        put(living, *batch)
        pairs.pair_up(living, CONFIG, NOW + timedelta(hours=place))
        begun = open_store(tmp_path / "begun")
        put(begun, *batch)
        pairs.pair_up(begun, CONFIG, NOW + timedelta(hours=place))
        assert told(living) == told(begun)
        begun.close()
    living.close()


def test_a_version_that_a_page_names_only_later_is_known_when_it_comes(at_once, tmp_path):
    """Its text is as before, and the other text has nothing in common with it: only the page's word brings them together."""
    english = item(
        "https://press.example/en/harbour",
        "en",
        "Harbour",
        "Seven cranes were repainted in the old harbour. " * 4,
        "2023-12-09",
    )
    russian = item(
        "https://press.example/ru/sad",
        "ru",
        "Сад",
        "В ботаническом саду зацвела агава, ей шестьдесят лет. " * 4,
        "2023-12-09",
    )
    store = at_once(tmp_path, [english])
    named = {"url": russian.article.url, "language": "ru", "evidence": "hreflang"}
    with writing(store._engine) as connection:
        connection.execute(articles.update().values(alternates=[named], paired=False))
    pairs.pair_up(store, CONFIG, NOW)
    put(store, russian)
    pairs.pair_up(store, CONFIG, NOW + timedelta(hours=1))
    matches = [story.match for story in store.stories.each() if story.match]
    assert {(one.ru, one.en) for one in matches} == {(russian.id, english.id)}
