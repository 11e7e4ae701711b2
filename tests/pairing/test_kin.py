"""Two outlets' tellings of one event in one language stand beside each other; what is related chains into threads."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from pipeline import pairs
from pipeline.model import Config, Instalment, Item, Publisher, PublishRules, Story
from pipeline.pairing import kin
from pipeline.pairing.instalments import threads
from pipeline.store import open_store
from pipeline.store.engine import writing
from pipeline.store.tables import articles
from tests.test_cli_pairs import put

from .season import NOW, item, paired, season, story_of

FIRST = item(
    "https://press.example/ru/tram", "ru", "В Стрельне запустили трамвай на водороде",
    "Трамвай «Чижик» на водородном топливе вышел в Стрельне на маршрут № 36. Вагон собрали на заводе имени Котлякова, "
    "запаса хватит на 250 километров. Первым пассажиром стал глава комитета по транспорту Валентин Енокаев.",
    "2023-05-10",
)  # fmt: skip
SECOND = item(
    "https://wire.example/ru/chizhik", "ru", "«Чижик» на водороде повёз пассажиров в Стрельну",
    "Валентин Енокаев прокатился сегодня в Стрельну на первом водородном трамвае «Чижик». Новинка завода Котлякова "
    "ходит по маршруту № 36 и без заправки проедет 250 километров. Горожанам поездка понравилась: в вагоне тихо.",
    "2023-05-11", source="wire",
)  # fmt: skip
THIRD = item(
    "https://town.example/ru/tram", "ru", "Водородный «Чижик» ходит две недели",
    "Две недели ходит в Стрельну по маршруту № 36 водородный трамвай «Чижик». Валентин Енокаев подвёл итоги: 250 "
    "километров без заправки трамвай завода Котлякова проезжает легко.",
    "2023-05-17", source="town",
)  # fmt: skip
ELSE = item(
    "https://wire.example/ru/zoo", "ru", "Жирафёнку в зоопарке выбрали имя",
    "Посетители зоопарка выбрали имя жирафёнку, который родился в марте. Служители объявят его в воскресенье.",
    "2023-05-10", source="wire",
)  # fmt: skip
CONFIG = Config(Publisher({}, "https://news.example.org/", ""), PublishRules(), ())


_WEATHER = (
    "ветер снег туман гололёд оттепель порывы осадки видимость давление мороз облачно буксирам лоцманам ледоколам "
    "дорогам мостам водителям пешеходам вечером утром"
).split()


def reports(count: int) -> list[Item]:
    """Make weather reports: the same words, but for a few, in another order each time."""
    made = []
    for number in range(count):
        words = (
            _WEATHER[number % 7 :] + _WEATHER[: number % 5] + [f"Пост{chr(1072 + number)}ков", str(100 + 7 * number)]
        )
        random.Random(number).shuffle(words)
        url = f"https://press.example/ru/weather-{number}"
        made.append(item(url, "ru", f"Погода: {words[0]}", " ".join(words), f"2023-05-{10 + number % 3}"))
    return made


def beside(stories: tuple[Story, ...], one: Item) -> set[str]:
    return {related.url for related in story_of(stories, one.article.url).related}


def test_a_retelling_in_the_same_language_is_related_and_stays_a_story_of_its_own() -> None:
    stories = paired([FIRST, SECOND, ELSE]).stories
    assert len(stories) == 3
    assert beside(stories, FIRST) == {SECOND.article.url}
    assert beside(stories, SECOND) == {FIRST.article.url}
    assert beside(stories, ELSE) == set()
    (one,) = story_of(stories, FIRST.article.url).related
    assert one.language == "ru"
    assert one.reasons[0] == "1 day apart"
    assert "Енокаев" in one.reasons[1]
    assert one.reasons[2].startswith("titles share ")
    assert "numbers 250" in one.reasons[3]


def test_the_same_words_a_season_later_are_another_event() -> None:
    later = replace(SECOND, article=replace(SECOND.article, published=replace(SECOND.article.published, at=NOW)))
    assert beside(paired([FIRST, later]).stories, FIRST) == set()


def test_the_season_s_news_is_not_all_one_event() -> None:
    news = season()
    stories = paired(news.items, sources=news.sources).stories
    own = [(s.id, r.url) for s in stories for r in s.related if r.language in s.texts and len(s.texts) == 1]
    assert len(own) <= len(stories) // 10


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_it_is_found_whatever_comes_first_and_kept_in_the_store_with_its_thread(tmp_path, order) -> None:  # type: ignore[no-untyped-def]
    store = open_store(tmp_path)
    for place in order:
        put(store, (FIRST, SECOND, THIRD)[place])
        pairs.pair_up(store, CONFIG, NOW)
    stories = tuple(store.stories.each())
    assert SECOND.article.url in beside(stories, FIRST)
    assert all(story.related for story in stories)
    oldest = story_of(stories, FIRST.article.url).id
    assert {story.thread for story in stories} == {oldest}
    assert store.stories.of_thread(oldest) == stories
    put(store, ELSE)
    pairs.pair_up(store, CONFIG, NOW)
    assert story_of(tuple(store.stories.each()), ELSE.article.url).thread == ""
    store.close()


@pytest.mark.parametrize("anew", [range(1), range(5, 8), range(0, 16, 3), range(15)])
def test_a_part_of_many_that_are_alike_judged_anew_is_judged_as_all_of_them_were(monkeypatch, anew) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(kin, "MOST", 4)
    every = [*reports(16), FIRST, SECOND]
    whole = paired(every).stories
    kinship = [len(story.related) for story in whole]
    assert 0 < max(kinship) <= 4
    assert sum(kinship) > 20
    links = {(story.id, one.story) for story in whole for one in story.related}
    assert links == {(other, one) for one, other in links}
    for fresh in ({every[place].id for place in anew}, {FIRST.id}):
        for order in (every, every[::-1]):
            assert paired(order, whole, fresh=fresh).stories == whole


def test_what_is_new_and_tells_of_something_else_stands_beside_nothing() -> None:
    stories = paired([FIRST, SECOND]).stories
    other = replace(SECOND, article=replace(SECOND.article, title=ELSE.article.title, text=ELSE.article.text))
    near = [story for story in stories if story.texts["ru"].lead.id == SECOND.id]
    (alone,) = paired([other], near, fresh={SECOND.id}).stories  # FIRST is not near any more, and not at hand
    assert alone.related == ()


def chain(*days: int) -> list[Instalment]:
    """Make stories of these days, each related to the next."""
    ids = [f"urn:{9 - place}" for place in range(len(days))]
    return [
        Instalment(one, NOW + timedelta(days=day), beside)
        for one, day, beside in zip(ids, days, [*((after,) for after in ids[1:]), ()], strict=True)
    ]


def test_a_thread_is_chained_by_fortnights_and_named_by_its_oldest_story() -> None:
    made = chain(0, 10, 24, 39)
    found = threads(made)
    assert found == {one.story: made[0].story for one in made[:3]}
    assert threads(reversed(made)) == found
    assert threads(chain(5)) == {}


def test_what_threads_are_made_of_is_as_the_stories_say(tmp_path) -> None:  # type: ignore[no-untyped-def]
    store = open_store(tmp_path)
    for one in (FIRST, SECOND, THIRD, ELSE):
        put(store, one)
    with writing(store._engine) as connection:
        connection.execute(update(articles).where(articles.c.id == ELSE.id).values(published=None))
    pairs.pair_up(store, CONFIG, NOW)
    stories = tuple(store.stories.each())
    assert store.threads.instalments(one.id for one in stories) == tuple(
        Instalment(
            one.id, min(item.article.published.at if item.article.published else item.first_seen for item in one.texts["ru"].items),
            tuple(sorted({each.story for each in one.related})), one.thread,
        )
        for one in stories
    )  # fmt: skip
    assert store.threads.instalments(["urn:nowhere"]) == ()
    (thread,) = {one.thread for one in stories if one.thread}
    assert store.threads.members([thread]) == {one.id for one in stories if one.thread}
    store.close()
