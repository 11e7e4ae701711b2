"""What an analyst says of two articles of one language: told of one event, or wrongly taken for one text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from typer.testing import CliRunner

from pipeline import pairs
from pipeline.cli import app
from pipeline.model import Item, Story
from pipeline.pairing.related import SAME_EVENT
from pipeline.store import open_store
from tests.test_cli_pairs import CONFIG, ask, place, put  # noqa: F401  (place is a fixture)

from .season import NOW, item
from .test_kin import ELSE, FIRST, SECOND

#: The words of FIRST on another site, but for the end: taken for one text with it, and not the same news.
COPY = item(
    "https://town.example/ru/copy", "ru", FIRST.article.title,
    FIRST.article.text.replace("Валентин Енокаев", "Пётр Саранцев, а рейс отменили из-за аварии на подстанции"),
    "2023-05-12", source="town",
)  # fmt: skip
THIRD_PAGE = replace(
    COPY, id="a" + "0" * 15,
    article=replace(COPY.article, url="https://wire.example/ru/third", source="wire", text=FIRST.article.text),
)  # fmt: skip


@pytest.fixture
def desk(place):  # type: ignore[no-untyped-def]  # noqa: F811
    store = open_store(place / "store")
    put(store, FIRST, COPY, THIRD_PAGE, ELSE)
    pairs.pair_up(store, CONFIG, NOW)
    yield store
    store.close()


def now_at(store) -> dict[str, Story]:  # type: ignore[no-untyped-def]
    """Return the stories by the ids of their articles."""
    return {one.id: story for story in store.stories.each() for text in story.texts.values() for one in text.items}


def beside(story: Story) -> dict[str, tuple[float, tuple[str, ...]]]:
    return {one.article: (one.probability, one.reasons) for one in story.related}


def again(store, *articles: Item) -> None:  # type: ignore[no-untyped-def]
    store.features.free([one.id for one in articles])
    pairs.pair_up(store, CONFIG, NOW)


def test_two_of_one_language_stand_beside_each_other_by_an_analyst_s_word(desk) -> None:  # type: ignore[no-untyped-def]
    assert beside(now_at(desk)[ELSE.id]) == {}
    told = ask("related", FIRST.article.url, ELSE.article.url)
    assert told["kept"] == "related"
    for _ in range(2):
        stories = now_at(desk)
        assert beside(stories[ELSE.id]) == {FIRST.id: (1.0, (SAME_EVENT,))}
        assert beside(stories[FIRST.id])[ELSE.id] == (1.0, (SAME_EVENT,))
        again(desk, ELSE)  # a later pass that meets one of the two
    ask("undo", FIRST.article.url, ELSE.article.url)
    assert beside(now_at(desk)[ELSE.id]) == {}


def test_what_was_wrongly_taken_for_one_text_comes_apart_and_stays_apart(desk) -> None:  # type: ignore[no-untyped-def]
    before = now_at(desk)
    assert {before[one.id].id for one in (FIRST, COPY, THIRD_PAGE)} == {before[FIRST.id].id}
    told = ask("split", COPY.article.url, FIRST.article.url)
    assert len(told["stories"]) == 2
    for _ in range(2):
        after = now_at(desk)
        assert after[FIRST.id].id == before[FIRST.id].id == after[THIRD_PAGE.id].id
        assert after[FIRST.id].texts["ru"].id == before[FIRST.id].texts["ru"].id
        assert after[COPY.id].id != after[FIRST.id].id
        assert [one.id for one in after[COPY.id].texts["ru"].items] == [COPY.id]
        assert beside(after[COPY.id]) == {}
        again(desk, FIRST, COPY, THIRD_PAGE)
    ask("related", COPY.article.url, FIRST.article.url)
    assert beside(now_at(desk)[COPY.id])[FIRST.id] == (1.0, (SAME_EVENT,))
    texts = [text.id for story in {s.id: s for s in now_at(desk).values()}.values() for text in story.texts.values()]
    assert len(texts) == len(set(texts))


def test_two_tellings_that_are_not_of_one_event_are_parted(place) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    store = open_store(place / "store")
    put(store, FIRST, SECOND)
    pairs.pair_up(store, CONFIG, NOW)
    assert beside(now_at(store)[FIRST.id])
    ask("reject", FIRST.article.url, SECOND.article.url)
    assert beside(now_at(store)[FIRST.id]) == beside(now_at(store)[SECOND.id]) == {}
    again(store, SECOND)
    assert beside(now_at(store)[SECOND.id]) == {}
    (row,) = ask("list", "--state", "rejected")["pairs"]
    assert {row["ru"]["url"], row["en"]["url"]} == {FIRST.article.url, SECOND.article.url}
    store.close()


def test_they_are_explained_in_sentences(desk) -> None:  # type: ignore[no-untyped-def]
    put(desk, SECOND)
    pairs.pair_up(desk, CONFIG, NOW)
    said = CliRunner().invoke(app, ["pairs", "explain", FIRST.article.url, SECOND.article.url]).stdout
    assert "enough to show them beside each other" in said
    assert "1 day apart" in said
    data = ask("explain", FIRST.article.url, SECOND.article.url)
    assert data["same_event"] > 0.5 > 0.1 > data["in_common"]
    assert not data["one_text"]
    copies = CliRunner().invoke(app, ["pairs", "explain", FIRST.article.url, COPY.article.url]).stdout
    assert "taken for one text on two pages" in copies
    order = [said.index(part) for part in (FIRST.article.title, "word for word", "probability")]
    assert all(one < other for one, other in pairwise(order))


def test_the_same_text_is_not_confirmed(desk) -> None:  # type: ignore[no-untyped-def]
    done = CliRunner().invoke(app, ["pairs", "confirm", FIRST.article.url, ELSE.article.url])
    assert done.exit_code != 0
    assert "of one language are not confirmed" in f"{done.stderr}{done.exception}"
    assert desk.verdicts.every() == ()
