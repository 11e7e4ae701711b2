"""The feeds at a past instant: two hundred things happen, and every state that was published comes back."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from itertools import pairwise

import pytest
from typer.testing import CliRunner

from pipeline import mailroom, newsstand, publish, query, rebuild
from pipeline.cli import app
from pipeline.errors import ConfigError
from pipeline.model import Feed, Picture, Rights, Search
from pipeline.store import open_store
from tests.publish.press import Press, configured, said, source

pytestmark = pytest.mark.long

EVENTS = 200
LATIN = "abcdefghiklmnoprstuvw"


def words(number: int, letters: str = "абвгдежзиклмнопрстуэюя", count: int = 14) -> str:
    """Return words that no other number has: no two of these stories are of one event."""
    dice = random.Random(f"{number} {letters}")
    return " ".join("".join(dice.choices(letters, k=7)) for _ in range(count)) + "."


class History:
    """What happens to an installation, drawn by lot from a fixed seed; and what was published after each event."""

    def __init__(self, folder, seed=7):
        more = [source("bureau"), source("cluster", kind="cluster", rights=Rights("excerpt"))]
        # Small feeds: what leaves them goes to archives, and a state is made in a tenth of a second.
        names = ("all", "ru", "en", "kind-bureau", "kind-cluster", "source-bureau", "source-cluster", "newsletter-ru")
        small = tuple(Feed(name, size=5, enabled=not name.startswith("kind")) for name in names)
        self.press = Press(folder, configured(*more, feeds=small))
        self.dice = random.Random(seed)
        self.articles: list[tuple[str, str]] = []  # address, id
        self.alone: list[int] = []  # numbers of Russian articles whose English version has not come
        self.pairs: list[tuple[str, str]] = []
        self.kinds: list[str] = []
        self.states: dict[object, dict[str, bytes]] = {}

    def live(self, count):
        for number in range(count):
            deeds = {
                "arrival": self.arrive, "late pair": self.pair, "correction": self.correct, "verdict": self.judge,
                "withdrawal": self.withdraw, "digest": self.send, "quiet": lambda _number: None,
            }  # fmt: skip
            kind = self.dice.choices(list(deeds), [8, 5, 4, 2, 1, 1, 1])[0]
            deeds[kind](number)
            self.kinds.append(kind)
            if number % 10 < 9:  # what happens between two passes is published together
                continue
            self.press.go(minutes=self.dice.randint(1, 300))
            mailroom.reissue(self.desk)
            self.states[self.press.now] = published(self.press.feeds)

    @property
    def desk(self):
        return newsstand.Desk(self.press.config, self.press.store, self.press.feeds, self.press.now)

    def arrive(self, number):
        of = self.dice.choice(["bureau", "cluster"])
        url = f"https://{of}.example.com/news/{number}"
        self.alone.append(number)
        self.articles.append((url, self.press.arrive(url, f"Новость {words(number, count=3)}", words(number), of=of)))

    def pair(self, number):
        if not self.alone:
            return
        first = self.alone.pop(self.dice.randrange(len(self.alone)))
        url, ru = next(one for one in self.articles if one[0].endswith(f"/{first}"))
        en = f"{url}-en"
        of = url.split("//")[1].split(".")[0]
        id_ = self.press.arrive(
            en, f"News {words(first, LATIN, 3)}", f"{words(first, LATIN)} It came {number}th.", of=of, other=url
        )
        self.articles.append((en, id_))
        self.pairs.append((ru, id_))

    def correct(self, number):
        if self.articles:
            url, _ = self.dice.choice(self.articles)
            title, text = (
                (f"News {words(number, LATIN, 3)}", f"Corrected: {words(number, LATIN)}")
                if url.endswith("-en")
                else (f"Новость {words(number, count=3)}", words(number))
            )
            self.press.arrive(url, title, text, of=url.split("//")[1].split(".")[0])

    def judge(self, _number):
        if self.pairs:
            self.press.verdict(self.dice.choice(["reject", "confirm"]), *self.dice.choice(self.pairs))

    def withdraw(self, number):
        if self.articles:
            self.press.store.removals.withdraw([self.dice.choice(self.articles)[1]], f"reason {number}", self.press.now)

    def send(self, _number):
        self.press.now += timedelta(minutes=1)
        if digest := mailroom.prepared(self.desk, "week", "both"):
            mailroom.send(self.desk, digest, "week")


def published(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".gz"
    }


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)  # nothing here survives a power cut
        made = History(tmp_path_factory.mktemp("history"))
        made.live(EVENTS)
    yield made
    made.press.close()


def test_there_was_something_of_everything(history):
    assert {kind: history.kinds.count(kind) > 3 for kind in set(history.kinds)} == dict.fromkeys(
        ["arrival", "late pair", "correction", "verdict", "withdrawal", "digest", "quiet"], True
    )
    last = history.states[history.press.now]
    assert {"all.rss", "newsletter-en.atom", "source-cluster.json", "digests.html", "index.html"} <= set(last)
    assert any(name.startswith("archive/all-0002") for name in last)
    assert any(name.startswith("digest/") for name in last)
    assert any(b"deleted-entry" in body for body in last.values())
    assert len({state["all.atom"] for state in history.states.values()}) > EVENTS / 15


def test_every_published_state_comes_back_byte_for_byte(history):
    instants = sorted(history.states)
    for instant in sorted({*instants[::2], instants[-1]}):
        made = rebuild.rebuilt(history.press.store, instant)
        assert made.documents == history.states[instant], instant
        assert (made.otherwise, made.purged) == ((), 0)


def test_between_two_editions_the_earlier_stands(history):
    def letters(instant):  # a digest comes out by itself, between two passes
        return {name for name in history.states[instant] if name.startswith("digest")}

    quiet = [pair for pair in pairwise(sorted(history.states)) if letters(pair[0]) == letters(pair[1])]
    for first, second in quiet[:3]:
        made = rebuild.rebuilt(history.press.store, second - timedelta(microseconds=1))
        assert made.documents == history.states[first]
    assert quiet


def test_the_present_compares_equal_until_a_file_is_touched(history, tmp_path):
    press = history.press
    assert list(rebuild.compared(press.store, press.feeds, press.now)) == []
    file = press.feeds / "ru.rss"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    (press.feeds / "en.json").rename(tmp_path / "en.json")
    twin = (press.feeds / "all.atom.gz").read_bytes()
    (press.feeds / "all.atom.gz").unlink()
    found = [str(one) for one in rebuild.compared(press.store, press.feeds, press.now)]
    assert found == [
        "feed: all.atom.gz is not of all.atom", "feed: en.json is missing", "feed: ru.rss is not what was published",
    ]  # fmt: skip
    (tmp_path / "en.json").rename(press.feeds / "en.json")
    (press.feeds / "all.atom.gz").write_bytes(twin)
    file.write_bytes(whole)


def test_what_is_kept_is_small_beside_what_was_published(history):
    with history.press.store._engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT sum(length(body)) FROM proofs").scalar_one()
        lists = connection.exec_driver_sql("SELECT sum(length(rows)) FROM edition_parts").scalar_one()
    written = sum(len(body) for state in history.states.values() for body in state.values())
    assert (kept + lists) * 12 < written


def test_other_code_is_told_and_the_entries_are_the_same(history, monkeypatch):
    instant = sorted(history.states)[8]
    monkeypatch.setattr(rebuild, "renderer", lambda: "of tomorrow")
    made = rebuild.rebuilt(history.press.store, instant)
    assert set(made.otherwise) == set(made.documents)
    assert list(rebuild.compared(history.press.store, history.press.feeds, history.press.now)) == []


def test_the_verb_writes_into_an_empty_folder(history, tmp_path):
    instant, folder = sorted(history.states)[9], str(history.press.feeds.parent / "store")
    asked = ["rebuild", "--at", instant.isoformat(), "--feeds", str(tmp_path / "then"), "--store", folder]
    done = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert f"the newest of {instant.isoformat()}" in done.output
    assert published(tmp_path / "then") == history.states[instant]
    with pytest.raises(ConfigError, match="not empty"):
        CliRunner().invoke(app, asked, catch_exceptions=False, standalone_mode=False)
    asked[4] = str(tmp_path / "never")
    asked[2] = "2000-01-01"
    with pytest.raises(ConfigError, match="the first edition"):
        CliRunner().invoke(app, asked, catch_exceptions=False, standalone_mode=False)
    asked[2] = "yesterday"
    with pytest.raises(ConfigError, match="--at: 'yesterday' is no instant"):
        CliRunner().invoke(app, asked, catch_exceptions=False, standalone_mode=False)


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path)
    yield opened
    opened.close()


def test_a_purged_article_is_in_no_past_state(press):
    first = press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.arrive("https://bureau.example.com/12", "Вторая новость", said(2))
    press.go()
    then = press.now
    press.go(days=1)
    press.store.removals.purge([first], "asked", press.now)
    press.go()
    made = rebuild.rebuilt(press.store, then)
    assert made.purged > 0
    assert not any(said(1)[:30].encode() in body or "Первая".encode() in body for body in made.documents.values())
    titles = [one["title"] for one in json.loads(made.documents["all.json"])["items"]]
    assert titles == ["Вторая новость"]
    assert list(rebuild.compared(press.store, press.feeds, press.now)) == []


def test_a_refused_document_is_as_it_last_was(press, monkeypatch):
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go()
    before = published(press.feeds)
    press.arrive("https://bureau.example.com/2", "Вторая новость", said(2))
    real = publish.Writing.take

    def refusing(writing, documents, **more):
        kept = {name: body for name, body in documents.items() if name != "all.rss"}
        written = real(writing, kept, **more)
        return replace(written, refused={"all.rss": "not today"}) if kept != documents else written

    monkeypatch.setattr(publish.Writing, "take", refusing)
    press.go()
    monkeypatch.undo()
    now = published(press.feeds)
    assert now["all.rss"] == before["all.rss"]
    assert now["all.atom"] != before["all.atom"]
    assert rebuild.rebuilt(press.store, press.now).documents == now


def test_a_frozen_clock_keeps_the_last_state_of_its_instant(press):
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go(minutes=0)
    press.arrive("https://bureau.example.com/2", "Вторая новость", said(2))
    press.go(minutes=0)
    assert rebuild.rebuilt(press.store, press.now).documents == published(press.feeds)


def test_equal_states_are_kept_once(press, tmp_path):
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go()
    other = open_store(tmp_path / "store")  # a process of its own: nothing is remembered but in the store
    other.publications.keep_state("feeds", "")
    other.close()
    press.go()
    with press.store._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM editions").scalar_one() == 1


def test_what_is_public_no_more_is_kept_out_of_later_states(press):
    press.config = replace(press.config, searches=(Search("port", query.parse("новость"), public=True),))
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go()
    then, before = press.now, published(press.feeds)
    assert before["search-port.json"]
    press.config = replace(press.config, searches=(replace(press.config.searches[0], public=False),))
    press.arrive("https://bureau.example.com/2", "Вторая новость", said(2))
    press.go()
    assert rebuild.rebuilt(press.store, press.now).documents == published(press.feeds)
    assert "search-port.json" not in published(press.feeds)
    assert rebuild.rebuilt(press.store, then).documents == before
    assert list(rebuild.compared(press.store, press.feeds, press.now)) == []
    with press.store._engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM edition_parts WHERE name = 'search-port'").scalar_one()
    assert kept == 2, "the public state, and that there is none any more"


def test_the_operator_s_own_pictures_come_back(press):
    drawn = resources.files("pipeline.publish").joinpath("marks", "favicon.ico").read_bytes()
    icon = Picture(ext="ico", data=drawn, width=48, height=48)
    press.config = replace(press.config, publisher=replace(press.config.publisher, icon=icon))
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go()
    assert published(press.feeds)["icon.ico"] == drawn
    assert rebuild.rebuilt(press.store, press.now).documents == published(press.feeds)
    assert list(rebuild.compared(press.store, press.feeds, press.now)) == []
