"""What a replay does to articles, step by step: in one process, over a store of the test's own."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import address, clock, export, newsroom
from pipeline.model import Config, Link, Listing, Publisher, PublishRules, Source
from pipeline.reading import VERSION, Readings, read_on
from pipeline.reading import finish as finish_reading
from pipeline.replay import publish, replay
from pipeline.report import SourceReport
from pipeline.store import open_store
from pipeline.store.tables import addresses, articles, captures
from tests.extract import building
from tests.extract.test_twofold import ENGLISH, RUSSIAN, TITLES
from tests.store.conftest import fetch, page
from tests.store.test_collected import walk

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SOURCE = Source(
    id="bureau", name={"ru": "Бюро"}, kind="bureau", listings=(Listing(url="http://127.0.0.1:1/news/"),),
    recheck=(timedelta(hours=6),),
)  # fmt: skip
CONFIG = Config(
    Publisher({"ru": "Новости", "en": "News"}, "https://news.test/", "a@news.test"),
    PublishRules(hold=timedelta(0), hold_doubtful=timedelta(0)), (SOURCE,),
)  # fmt: skip
STORIES = {
    1: ("Порт принял первый паром", "12 ноября 2026", "Паром пришёл рано утром, и встречали его с оркестром и хором."),
    2: ("В парке открыли оранжерею", "13 ноября 2026", "Оранжерею строили три года, в ней поселились пальмы."),
    3: ("Завод покажет ледокол", "14 ноября 2026", "Ледокол спустят на воду в августе у южной стены завода."),
}


class Inline:
    """Children that work at once, in this process."""

    async def run(self, task, *args, **kwargs):
        return task(*args, **kwargs)


@pytest.fixture
def room(tmp_path):
    store = open_store(tmp_path / "store")
    yield newsroom.Newsroom(CONFIG, store, None, Inline(), clock.frozen(NOW), tmp_path / "feeds", None)
    store.close()


def at(number: int) -> str:
    return f"http://127.0.0.1:1/news/{number}/"


def collect(room: newsroom.Newsroom, bodies: dict[int, str]) -> None:
    """Let pages be announced, fetched and read as a pass does."""

    async def read() -> None:
        batch, report = Readings(), SourceReport(SOURCE.id)
        for due in room.store.collected.due(SOURCE, NOW):
            body = bodies[int(due.url.rstrip("/").rpartition("/")[2])]
            got = replace(page(due.url, body), fetched_at=NOW)
            waiting = room.store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, answer=got), NOW)
            report = await read_on(room, SOURCE, batch, waiting, report)
        await finish_reading(room, SOURCE, batch, report)

    walk(room.store, [Link(at(number), place=number) for number in bodies])
    asyncio.run(read())
    publish(room)


def written(number: int) -> str:
    title, day, text = STORIES[number]
    return building.html(title, text, text[::-1], before=f"<div class='date'>{day}</div>")


@pytest.fixture
def collected(room):
    """Three articles, read by the stages as they are."""
    collect(room, {number: written(number) for number in STORIES})
    return room


def older(room: newsroom.Newsroom, number: int | None = None, **values) -> None:
    """Say that an older version of the stages made the articles, and one of them differently."""
    with room.store._engine.begin() as connection:
        connection.execute(addresses.update().values(read_by="1.0"))
        if number is not None:
            own = articles.c.id == address.article_id(at(number))
            connection.execute(articles.update().where(own).values(**values))


def again(room: newsroom.Newsroom, agreed=None, since=None):
    later = replace(room, clock=clock.frozen(LATER))
    return asyncio.run(replay(later, CONFIG.sources, since, lambda *_: None, agreed))


def items(room: newsroom.Newsroom) -> dict[str, object]:
    return {item.article.url: item for item in room.store.articles.each()}


def feeds(room: newsroom.Newsroom) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(room.feeds.rglob("*")) if path.is_file()}


def test_what_the_current_stages_made_is_left_alone(collected):
    assert {item.article.title for item in items(collected).values()} == {story[0] for story in STORIES.values()}
    assert again(collected).pages == 0


def test_what_reads_as_before_changes_nothing(collected):
    before, shown = items(collected), feeds(collected)
    older(collected)
    found = again(collected)
    assert (found.pages, found.examples) == (3, ())
    assert items(collected) == before
    assert {name: one for name, one in feeds(collected).items() if name.endswith((".rss", ".atom"))} == {
        name: one for name, one in shown.items() if name.endswith((".rss", ".atom"))
    }
    assert again(collected).pages == 0


@pytest.mark.parametrize(
    ("wrong", "count", "moves"),
    [
        ({"title": "Порт"}, "titles", True),
        ({"text": "Паром пришёл."}, "texts", True),
        ({"published": NOW - timedelta(days=800), "dated": NOW - timedelta(days=800)}, "dates", False),
        ({"language": "other"}, "languages", False),
    ],
)
def test_what_reads_otherwise_is_put_right(collected, wrong, count, moves):
    before = items(collected)
    older(collected, 1, **wrong)
    found = again(collected)
    assert {name: getattr(found, name) for name in ("titles", "texts", "dates", "languages")} == {
        name: int(name == count) for name in ("titles", "texts", "dates", "languages")
    }
    after = items(collected)
    assert {url: item.article for url, item in after.items()} == {url: item.article for url, item in before.items()}
    assert {url: (item.id, item.first_seen) for url, item in after.items()} == {
        url: (item.id, item.first_seen) for url, item in before.items()
    }
    moved = {url for url, item in after.items() if item.updated != before[url].updated}
    assert moved == ({at(1)} if moves else set())
    assert len(found.examples) == 1
    assert at(1) in found.examples[0]


def test_earlier_wordings_are_kept_and_can_be_exported(collected):
    older(collected, 2, text="Прежние слова.")
    again(collected)
    rows = [row for row in export.revision_rows(collected.store.articles.revisions()) if row["url"] == at(2)]
    assert [row["at"] for row in rows] == [NOW.isoformat(), LATER.isoformat()]
    assert all(row["version"] == VERSION and row["title"] == STORIES[2][0] for row in rows)
    assert json.dumps(rows)


def test_feeds_show_what_changed_and_keep_their_ids(collected):
    first = items(collected)[at(3)].id
    older(collected, 3, title="Ледокол", text="Ледокол.")
    publish(collected)
    again(collected)
    shown = (collected.feeds / "ru.atom").read_text(encoding="utf-8")
    assert STORIES[3][0] in shown
    assert items(collected)[at(3)].id == first


def test_a_review_keeps_nothing_until_it_is_agreed_to(collected):
    older(collected, 1, title="Порт")
    before, shown = items(collected), []
    assert again(collected, agreed=lambda found: bool(shown.append(found))) is None
    assert (shown[0].titles, shown[0].pages) == (1, 3)
    assert items(collected) == before
    found = again(collected, agreed=lambda _: True)
    assert found == shown[0]
    assert items(collected)[at(1)].article.title == STORIES[1][0]
    assert again(collected).pages == 0


def test_since_leaves_what_was_seen_before_alone(collected):
    older(collected)
    assert again(collected, since=NOW + timedelta(seconds=1)).pages == 0
    assert again(collected, since=NOW).pages == 3


def test_a_damaged_page_is_named_and_the_others_are_read(collected):
    older(collected, 1, title="Порт")
    broken = items(collected)[at(2)].article.digest
    collected.store.archive.remove(broken)
    collected.store.archive.put(broken, b"?")
    found = again(collected)
    assert (found.pages, found.unreadable, found.titles) == (2, 1, 1)
    assert any("/news/2" in line and broken in line for line in found.examples)
    assert len(items(collected)) == 3


def test_what_a_source_taught_keeps_its_order_and_forgets_what_is_purged(collected):
    profile = collected.store.articles.profile(SOURCE.id)
    order = [*reversed(profile.pages)]
    collected.store.articles.save_profile(replace(profile, pages={key: profile.pages[key] for key in order}))
    assert [*collected.store.articles.profile(SOURCE.id).pages] == order
    collected.store.removals.purge([order[1]], "по просьбе", LATER)
    assert [*collected.store.articles.profile(SOURCE.id).pages] == [order[0], order[2]]


def test_an_article_whose_page_gives_none_any_more_is_kept(collected, monkeypatch):
    strict = replace(SOURCE, expect=replace(SOURCE.expect, text_chars=100_000))
    monkeypatch.setattr("tests.replay.test_replay.CONFIG", replace(CONFIG, sources=(strict,)))
    older(collected)
    found = again(collected)
    assert (found.lost, found.new) == (3, 0)
    assert len(items(collected)) == 3
    assert again(collected).pages == 0


def test_a_page_refused_before_becomes_an_article(room, monkeypatch):
    strict = replace(SOURCE, expect=replace(SOURCE.expect, text_chars=100_000))
    monkeypatch.setattr("tests.replay.test_replay.SOURCE", strict)
    collect(room, {1: written(1)})
    assert items(room) == {}
    older(room)
    assert again(room).new == 1
    assert set(items(room)) == {at(1)}


def test_a_page_in_two_languages_becomes_two_articles_and_one_story(room):
    """An older version made one article of it: that one keeps its id, the other joins."""
    collect(room, {7: building.html(TITLES[0], *ENGLISH)})
    (before,) = items(room).values()
    two = building.html(TITLES[0], *ENGLISH, f"<b>{TITLES[1]}</b>", *RUSSIAN).encode()
    older(room)
    room.store.archive.remove(before.article.digest)
    digest = room.store.archive.keep(two)
    with room.store._engine.begin() as connection:
        connection.execute(captures.update().values(digest=digest))

    assert again(room).new == 1
    english, russian = items(room)[at(7)], items(room)[at(7) + "#language-ru"]
    assert (english.id, english.article.text) == (before.id, before.article.text)
    assert (russian.language.code, russian.article.title) == ("ru", TITLES[1])
    (story,) = room.store.stories.of_items([english, russian])
    assert story.state == "linked"
    assert "both stand on one page" in story.match.reasons
    assert [one.url for one in room.store.collected.due(SOURCE, LATER)] == [at(7)]  # the fragment is never asked for
    assert room.store.removals.find(at(7)) == tuple(sorted((english.id, russian.id)))

    room.store.removals.purge([russian.id], "по просьбе", LATER)
    assert set(items(room)) == {at(7)}
