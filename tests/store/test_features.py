"""What pairing keeps: read for the window alone, made again when stale, gone with a purge."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, update

from pipeline import pairs
from pipeline.model import Config, Publisher, PublishRules, Shelved
from pipeline.store.engine import writing
from pipeline.store.features import Features
from pipeline.store.tables import articles
from tests.store.conftest import NOW, SOURCE, article
from tests.store.test_articles import items, read

CONFIG = Config(Publisher({}, "https://news.example.org/", ""), PublishRules(), (SOURCE,))
MONTH = timedelta(days=30)
AROUND = [NOW - timedelta(days=60), NOW]


def kept(one, **more):
    row = {
        "article": one.id,
        "made_of": "m",
        "version": "1",
        "url": one.article.url,
        "claims": ("a1",),
        "pictures": ("b.jpg",),
        "sketch": b"s",
        "told": "{}",
    }
    return Shelved(**row | more)  # fmt: skip


def two_months(store):
    for number, age in ((1, 60), (2, 2), (3, 1)):
        read(store, number, article(number, title=f"Форум {number}", at=NOW - timedelta(days=age)))
    return items(store)


def test_the_window_has_what_is_dated_near_something_new(store):
    every = two_months(store)
    store.features.keep([kept(one) for one in every])
    store.features.keep_hubs({every[0].id: 0.25})
    store.stories.record([], [], [one for one in every if "2" not in one.article.title], NOW)
    rows = {row.url[-2]: row for row in store.features.window([NOW], MONTH, "1").rows}
    assert set(rows) == {"2", "3"}
    assert (rows["2"].claims, rows["2"].pictures, rows["2"].sketch) == (("a1",), ("b.jpg",), b"s")
    old = next(one for one in every if "1" in one.article.title)
    assert {row.id for row in store.features.window([NOW], MONTH, "1", [old.id]).rows} == {one.id for one in every}
    assert sum(row.hub == 0.25 for row in store.features.window([NOW], MONTH, "1", [old.id]).rows) == 1
    assert store.features.window([], MONTH, "1").rows == []


def test_rows_of_another_version_are_outdated_and_new_content_forgets_its_mean(store):
    one = two_months(store)[0]
    store.features.keep([kept(one)])
    store.features.keep_hubs({one.id: 0.5})
    assert one.id not in store.features.window(AROUND, MONTH, "1").stale
    assert one.id in store.features.window(AROUND, MONTH, "2").stale
    assert len(store.features.window(AROUND, MONTH, "1").stale) == 2  # the others have no row at all
    assert store.features.current([one.id], "1") == {one.id: ("m", kept(one).claims)}
    assert store.features.current([one.id], "2") == {}
    store.features.keep([kept(one, made_of="n")])
    assert next(row for row in store.features.window(AROUND, MONTH, "1").rows if row.id == one.id).hub is None
    assert list(store.features.told([one.id])) == [("n", "{}", b"s")]


def test_a_purge_takes_the_words_that_were_kept(store):
    one = two_months(store)[0]
    pairs.pair_up(store, CONFIG, NOW)
    assert len(list(store.features.told([one.id]))) == 1
    store.removals.purge([one.id], "asked", NOW)
    assert list(store.features.told([one.id])) == []


def test_a_pass_pairs_what_is_new_and_leaves_nothing_open(store):
    two_months(store)
    pairs.pair_up(store, CONFIG, NOW)
    assert store.features.fresh() == ()
    before = list(store.stories.each())
    store.features.free([one.id for one in store.features.items([s.texts["ru"].lead.id for s in before])])
    pairs.pair_up(store, CONFIG, NOW + timedelta(hours=1))
    assert list(store.stories.each()) == before


def redated(store, one):
    with writing(store._engine) as connection:
        connection.execute(update(articles).where(articles.c.id == one).values(published=NOW, published_evidence="url"))


def test_a_second_look_at_the_window_tells_what_a_first_one_would(store):
    every = two_months(store)
    store.features.keep([kept(one) for one in every])

    def look(one):
        return one.window([NOW], MONTH, "1", [item.id for item in every]).rows

    before = look(store.features)
    assert [id(row) for row in look(store.features)] == [id(row) for row in before]  # nothing is read again
    store.features.keep_hubs({every[1].id: 0.25})
    told = look(store.features)
    assert [row.hub for row in told] == [0.25 if row.id == every[1].id else None for row in before]
    assert [id(row.sketch) for row in told] == [id(row.sketch) for row in before]  # so it need not be taken apart again
    before = told
    changes = (
        lambda: store.features.keep([kept(every[1], made_of="n", sketch=b"t")]),
        lambda: store.features.keep([kept(every[2], version="2", sketch=b"u")]),
        lambda: store.features.keep_hubs({every[0].id: 0.5}),
        lambda: redated(store, every[1].id),
        lambda: store.removals.purge([every[2].id], "asked", NOW),
    )
    for change in changes:
        change()
        told = look(store.features)
        assert told == look(Features(store._engine)) != before
        before = told


def test_hubs_a_pass_measured_are_not_read_again_and_those_of_another_are(store):
    every = two_months(store)
    store.features.keep([kept(one) for one in every])
    ids, another, asked = [one.id for one in every], Features(store._engine), []

    def hubs(one):
        return {row.id: row.hub for row in one.window([NOW], MONTH, "1", ids).rows}

    hubs(store.features)
    event.listen(store._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    store.features.keep_hubs({ids[0]: 0.25, ids[1]: 0.5})
    assert hubs(store.features) == {ids[0]: 0.25, ids[1]: 0.5, ids[2]: None}
    assert not any("features.sketch" in one for one in asked)
    another.keep_hubs({ids[2]: 0.75})
    store.features.keep_hubs({ids[0]: 0.1})
    assert hubs(store.features) == {ids[0]: 0.1, ids[1]: 0.5, ids[2]: 0.75} == hubs(another)
