"""Looking only at what new articles may belong to changes no answer; what is kept between passes loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Alternate, Item, Source, Story, VersionRule
from pipeline.pairing import Standing, compared, features_of, lexicon, nearby, pair, shelved, targets, version
from pipeline.pairing.candidates import Ranking
from pipeline.pairing.features import features
from pipeline.pairing.sketch import Sketches

from .season import HOME, NOW, item, linked, paired, season, source

NEWS = season()
LEXICON = lexicon.shipped()
KEPT = {i.id: shelved(i, LEXICON) for i in NEWS.items}
quick = settings(max_examples=25, deadline=None)
some_items = st.lists(st.sampled_from(NEWS.items), min_size=2, max_size=25, unique_by=lambda i: i.id)

# Copies that come together count as so many articles until they have become one text.
COPIES = {url for urls in NEWS.copies for url in urls}
unlike_items = some_items.map(lambda items: [i for i in items if i.article.url not in COPIES]).filter(
    lambda items: len(items) > 1
)


def standing(items: list[Item], leading: set[str], hubs: dict[str, float] | None = None) -> list[Standing]:
    return [
        Standing(
            i.id, i.language.code, i.article.source, KEPT[i.id].sketch,
            *((i.article.published.at, i.article.published.evidence) if i.article.published else (None, "")),
            (hubs or {}).get(i.id), i.article.url, KEPT[i.id].claims, KEPT[i.id].pictures,
        )
        for i in items
        if i.id in leading and i.language.code in ("ru", "en")
    ]  # fmt: skip


def hourly(items: list[Item], known: tuple[Story, ...], new: set[str], sources: dict[str, Source], **more: object):  # type: ignore[no-untyped-def]
    """Pair as the hourly pass does: new items and what is near them, the rest being left as it is."""
    leading = {t.lead.id for s in known for t in s.texts.values()} | new
    near = nearby(standing(items, leading, **more), [i for i in items if i.id in new], sources)  # type: ignore[arg-type]
    ids = set(near.ids)
    while True:
        touched = [s for s in known if ids & {i.id for t in s.texts.values() for i in t.items}]
        waiting = {one for s in touched if s.match for one in (s.match.ru, s.match.en)} & {i.id for i in items}
        if waiting <= ids:
            break
        ids |= waiting
    return pair(
        [i for i in items if i.id in ids], stories=touched, verdicts=(), sources=sources, home=HOME, now=NOW,
        fresh=new, ranking=near.ranking,
    )  # fmt: skip


def after(known: tuple[Story, ...], told) -> dict[str, Story]:  # type: ignore[no-untyped-def]
    gone = {younger for younger, _ in told.merged}
    return {s.id: s for s in known if s.id not in gone} | {s.id: s for s in told.stories}


@quick
@given(unlike_items, st.data())
def test_a_close_look_at_what_is_near_tells_what_a_look_at_everything_tells(items: list[Item], data) -> None:  # type: ignore[no-untyped-def]
    count = data.draw(st.integers(1, len(items) - 1))
    old, new = items[:count], {i.id for i in items[count:]}
    known = paired(old, sources=NEWS.sources).stories
    whole = pair(
        items, stories=known, verdicts=(), sources=NEWS.sources, home=HOME, now=NOW, fresh=new
    )  # fmt: skip
    assert after(known, hourly(items, known, new, NEWS.sources)) == after(known, whole)


@quick
@given(some_items, st.integers(1, 24))
def test_news_in_two_batches_makes_the_pairs_of_one(items: list[Item], count: int) -> None:
    first, new = items[:count], {i.id for i in items[count:]}
    known = paired(first, sources=NEWS.sources).stories
    told = after(known, hourly(items, known, new, NEWS.sources)) if new else {s.id: s for s in known}
    everything = paired(items, sources=NEWS.sources).stories
    assert linked(told.values()) == linked(everything)


def test_a_large_window_that_keeps_its_means_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    items = sorted(NEWS.items, key=lambda i: i.article.url)
    new = {i.id for i in items[::5]}
    known = paired([i for i in items if i.id not in new], sources=NEWS.sources).stories
    rows = standing(items, {i.id for i in items})
    hubs = nearby(rows, items, NEWS.sources).ranking.measured
    small = hourly(items, known, new, NEWS.sources)
    monkeypatch.setattr("pipeline.pairing.candidates.WHOLE", 0)
    large = hourly(items, known, new, NEWS.sources, hubs=hubs)
    assert linked(after(known, large).values()) == linked(after(known, small).values())
    ranking = nearby(standing(items, {i.id for i in items}, hubs), [items[0]], NEWS.sources).ranking
    assert 0 < len(ranking.measured) < len(items) / 2


def test_features_come_back_as_they_were_kept() -> None:
    for one in NEWS.items[:20]:
        read, back = features(one), features_of(KEPT[one.id].told, KEPT[one.id].sketch)
        assert (back.whole, back.title, back.names, back.latin, back.length) == (
            read.whole, read.title, read.names, read.latin, read.length,
        )  # fmt: skip
        assert back.shingles.tolist() == read.shingles.tolist()


def test_many_sketches_are_read_as_each_of_them_is() -> None:
    every = [KEPT[i.id].sketch for i in NEWS.items]
    together = Sketches(every)
    for block in ("keys", "words", "numbers"):
        terms, loud, sizes = together.every(block)
        alone = [Sketches([one]) for one in every]
        assert sizes.tolist() == [len(one.terms(block, 0)) for one in alone]
        assert terms.tolist() == [term for one in alone for term in one.terms(block, 0).tolist()]
        assert loud.tolist() == [value for one in alone for value in one.loud(block, 0).tolist()]


def test_another_lexicon_makes_what_is_kept_stale() -> None:
    assert version(LEXICON.digest) != version(LEXICON.extended({"мост": ("viaduct",)}).digest)


def test_declared_versions_are_near_wherever_they_lie() -> None:
    rules = {
        "press": source("press", versions=[{"swap": ("/ru/", "/en/")}, {"same_id": r"/news/(\d+)"}]),
    }
    ru = item("https://press.example/ru/most", "ru", "Мост", "Мост.", alternates=(Alternate("/x", "en", "switch"),))
    assert targets(ru, rules) == {item("https://press.example/en/most", "en", "", "").id}
    assert isinstance(rules["press"].versions[0], VersionRule)


def test_nothing_new_needs_no_look() -> None:
    assert nearby([], [], {}).ids == ()
    assert isinstance(nearby([], [], {}).ranking, Ranking)


def test_runs_of_no_sketches_are_none() -> None:
    sketches = Sketches([KEPT[i.id].sketch for i in NEWS.items[:3]])
    assert sketches.runs_of([]).tolist() == []
    assert sketches.runs_of([0, 2]).tolist() == [*sketches.runs(0).tolist(), *sketches.runs(2).tolist()]


@quick
@given(some_items, st.data())
def test_what_two_items_are_to_each_other_takes_no_measuring_of_all(items: list[Item], data) -> None:  # type: ignore[no-untyped-def]
    ru = [i for i in items if i.language.code == "ru"]
    en = [i for i in items if i.language.code == "en"]
    if not ru or not en:
        return
    both = [data.draw(st.sampled_from(ru)), data.draw(st.sampled_from(en))]
    rows = standing(items, {i.id for i in items})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipeline.pairing.candidates.WHOLE", 0)
        alone = compared(rows, both, NEWS.sources)
        opened = sorted(alone.pool.place[i.id] for i in both)
        every = Ranking(alone.pool, opened)
    assert alone.candidates([(opened[0], opened[1])]) == every.candidates([(opened[0], opened[1])])
    assert alone.measured.items() <= every.measured.items()
