"""What holds of any season: order never matters, locked pairs stay, verdicts win, nothing is lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Item, Story, Verdict

from .season import NOW, item, paired, season

NEWS = season()
RU = [i for i in NEWS.items if i.language.code == "ru"]
EN = [i for i in NEWS.items if i.language.code == "en"]
some_items = st.lists(st.sampled_from(NEWS.items), min_size=1, max_size=12, unique_by=lambda i: i.id)
verdicts = st.lists(
    st.builds(
        lambda kind, ru, en, hour: Verdict(kind, ru.id, en.id, "an analyst", NOW + timedelta(hours=hour)),
        st.sampled_from(["confirm", "reject", "split", "same-event"]),
        st.sampled_from(RU[:6]),
        st.sampled_from(EN[:6]),
        st.integers(0, 50),
    ),
    max_size=4,
    unique_by=lambda v: v.at,
)
quick = settings(max_examples=20, deadline=None)


def text_of(stories: tuple[Story, ...]) -> dict[str, str]:
    return {i.id: t.id for s in stories for t in s.texts.values() for i in t.items}


def story_by_item(stories: tuple[Story, ...]) -> dict[str, Story]:
    return {i.id: s for s in stories for t in s.texts.values() for i in t.items}


@quick
@given(some_items, verdicts, st.randoms(use_true_random=False))
def test_order_never_matters(items: list[Item], said: list[Verdict], chance) -> None:  # type: ignore[no-untyped-def]
    half = items[: len(items) // 2]
    stories = paired(half, sources=NEWS.sources).stories
    first = paired(items, stories, said, NEWS.sources)
    mixed, known, words = list(items), list(stories), list(said)
    for one in (mixed, known, words):
        chance.shuffle(one)
    assert paired(mixed, known, words, NEWS.sources) == first


@quick
@given(some_items, verdicts)
def test_every_item_is_in_one_story_and_ids_are_unique(items: list[Item], said: list[Verdict]) -> None:
    stories = paired(items, (), said, NEWS.sources).stories
    assert Counter(i.id for s in stories for t in s.texts.values() for i in t.items) == Counter(i.id for i in items)
    assert len({s.id for s in stories}) == len(stories)
    texts = [t.id for s in stories for t in s.texts.values()]
    assert len(set(texts)) == len(texts)


@quick
@given(some_items, verdicts)
def test_verdicts_hold(items: list[Item], said: list[Verdict]) -> None:
    stories = story_by_item(paired(items, (), said, NEWS.sources).stories)
    latest = {(v.ru, v.en): v for v in sorted(said, key=lambda v: v.at)}
    confirmed: set[str] = set()
    for v in sorted(latest.values(), key=lambda v: v.at, reverse=True):
        if v.ru not in stories or v.en not in stories:
            continue
        if v.kind != "confirm":
            assert stories[v.ru].id != stories[v.en].id
            match = stories[v.ru].match
            assert match is None or (match.ru, match.en) != (v.ru, v.en)
        elif not {v.ru, v.en} & confirmed:
            assert stories[v.ru].id == stories[v.en].id
            confirmed |= {v.ru, v.en}


@quick
@given(some_items, verdicts, some_items)
def test_what_is_linked_stays_with_its_ids_whatever_comes(
    items: list[Item], said: list[Verdict], more: list[Item]
) -> None:
    before = paired(items, (), said, NEWS.sources).stories
    everything = list({i.id: i for i in (*items, *more)}.values())
    after = paired(everything, before, said, NEWS.sources).stories
    now_in = story_by_item(after)
    for story in before:
        if story.state == "linked":
            ru, en = story.texts["ru"].lead.id, story.texts["en"].lead.id
            assert now_in[ru].id == now_in[en].id == story.id
            assert now_in[ru].match == story.match
        for one, text in text_of((story,)).items():
            assert text_of(after)[one] == text


@quick
@given(some_items)
def test_an_unrelated_item_changes_no_linked_story(items: list[Item]) -> None:
    before = paired(items, sources=NEWS.sources).stories
    stranger = item(
        "https://zoo.example/llama", "en", "Llama walks to town", "A llama has walked to town.", "2012-01-01"
    )
    after = paired([*items, stranger], before, (), NEWS.sources).stories
    assert set(map(repr, after)) >= {repr(s) for s in before if s.state == "linked"}


@quick
@given(some_items)
def test_a_second_look_changes_nothing(items: list[Item]) -> None:
    first = paired(items, sources=NEWS.sources)
    second = paired(items, first.stories, (), NEWS.sources, now=NOW + timedelta(days=3))
    assert second.stories == first.stories
    assert second.merged == ()
