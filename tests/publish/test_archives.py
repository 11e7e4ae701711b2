"""Older entries: in archive documents that stay as they are, and none is lost on the way."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import daybook
from pipeline.model import Rights
from pipeline.publish import archives, gate
from pipeline.store import Wanted
from tests.publish import validity
from tests.publish.press import ATOM, HOME, START, Press, configured, source

pytestmark = pytest.mark.long

ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path)
    yield opened
    opened.close()


def link(document, rel):
    return [one.get("href") for one in document.findall(f"{ATOM}link") if one.get("rel") == rel]


def chain(press, feed):
    """The feed's own entries and those of each archive document it leads to, as an RFC 5005 client walks them."""
    document = press.atom(feed)
    found = [[one.findtext(f"{ATOM}id") for one in document.findall(f"{ATOM}entry")]]
    while earlier := link(document, "prev-archive"):
        (address,) = earlier
        body = (press.feeds / address.removeprefix(HOME)).read_bytes()
        assert validity.atom_faults(body, address) == []
        document = validity.etree.fromstring(body)
        assert document.find(ARCHIVE) is not None
        assert link(document, "current") == [f"{HOME}{feed}.atom"]
        found.append([one.findtext(f"{ATOM}id") for one in document.findall(f"{ATOM}entry")])
    return found


@pytest.mark.parametrize("feed", ["all", "ru"])
def test_everything_is_in_the_feed_or_behind_it(press, feed):
    press.history("bureau", 130)
    press.go()
    assert not list(press.feeds.glob("archive/newsletter*"))

    documents = chain(press, feed)

    assert [len(one) for one in documents] == [50, 30, 50]
    assert len({one for document in documents for one in document}) == 130


def test_the_stories_of_all_sources_at_once_are_those_of_each_by_itself(tmp_path):
    press = Press(tmp_path, configured(source(), source("cluster")))
    press.history("bureau", 12)
    press.history("cluster", 30)
    press.go()
    ledger = press.store.publications
    gone = press.store.stories.load(ledger.newest(Wanted("", sources=("bureau",)), 1))
    press.store.removals.withdraw([item.id for text in gone[0].texts.values() for item in text.items], "asked", START)
    found = ledger.sections(20)
    assert found.of("bureau", 20) == frozenset(ledger.newest(Wanted("", sources=("bureau",)), 99))
    assert len(found.of("bureau", 20)) == 11
    assert found.of("bureau", 10) is None
    assert found.of("cluster", 20) is None
    assert found.of("nobody", 20) == frozenset()
    press.close()


def test_archive_documents_stay_as_they_are(press):
    press.history("bureau", 70)
    press.go()
    before = {path.name: path.read_bytes() for path in (press.feeds / "archive").iterdir()}
    dice = random.Random(3)
    for n in range(32):
        press.arrive(
            f"https://bureau.example.com/news/{n}", f"Новость {n}", f"Событие номер {n} случилось {dice.random()}."
        )
        if n % 11 == 0:
            press.go(hours=1)
            assert len({one for document in chain(press, "all") for one in document}) == 71 + n
    press.go(hours=1)
    after = {path.name: path.read_bytes() for path in (press.feeds / "archive").iterdir()}

    assert before.items() < after.items()
    for feed in ("all", "ru"):
        assert len({one for document in chain(press, feed) for one in document}) == 102


def test_lost_ones_are_written_again_as_they_were(press):
    press.history("bureau", 70)
    press.go()
    before = {path.name: path.read_bytes() for path in (press.feeds / "archive").iterdir()}
    shutil.rmtree(press.feeds)
    press.go()
    assert {path.name: path.read_bytes() for path in (press.feeds / "archive").iterdir()} == before

    (press.feeds / "archive/ru-0001.atom").unlink()
    press.arrive("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся.")
    press.go()
    assert (press.feeds / "archive/ru-0001.atom").read_bytes() == before["ru-0001.atom"]


def test_a_withdrawal_and_new_rights_rewrite_them(press):
    press.history("bureau", 70)
    press.go()
    oldest = chain(press, "ru")[-1][-1]
    path = press.feeds / "archive/ru-0001.atom"
    assert oldest.encode() in path.read_bytes()

    press.store.removals.withdraw(press.store.removals.find(oldest), "по просьбе", press.now)
    press.go()

    assert oldest.encode() not in path.read_bytes()
    assert path.read_text().count("Архивный текст") > 20
    press.config = configured(source(rights=replace(press.config.sources[0].rights, publish="link")))
    press.go()
    for document in press.feeds.rglob("*.*"):
        if not document.name.endswith(".gz"):
            assert "Архивный текст".encode() not in document.read_bytes(), document.name


def test_data_has_every_story_of_a_day(press):
    press.history("bureau", 30)
    press.arrive("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся.")
    press.go()
    lines = {path.name: path.read_bytes().splitlines() for path in (press.feeds / "data").glob("*.jsonl")}

    assert len(lines) == 31
    (line,) = lines["2026-05-20.jsonl"]
    assert validity.json.loads(line)["id"] == press.ids("all")[0]
    before = {path: path.stat().st_mtime_ns for path in (press.feeds / "data").iterdir()}
    press.now = press.now.replace(hour=20)
    press.arrive("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся. Исправлено.")
    press.go()
    changed = {path.name for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert changed == {"2026-05-20.jsonl", "2026-05-20.jsonl.gz"}
    assert "Исправлено" in (press.feeds / "data/2026-05-20.jsonl").read_text()


def test_days_are_written_together_and_a_refused_one_is_tried_again(press, monkeypatch):
    monkeypatch.setattr(daybook, "_BATCH", 4)  # stories; one, two or three a day
    monkeypatch.setattr(daybook, "_LOOK", 5)  # days
    press.history("bureau", 24)
    press.go()
    names = sorted(path.name for path in (press.feeds / "data").glob("*.jsonl"))
    stored = {
        row["id"]
        for name in names
        for row in map(json.loads, (press.feeds / "data" / name).read_text("utf-8").splitlines())
    }
    assert len(names) > 5
    assert stored == {
        one
        for found in press.store.publications.stories_of_days([name[:10] for name in names]).values()
        for one in found
    }

    stood, check = press.store.publications.states("day:"), gate.check
    monkeypatch.setattr(
        gate, "check", lambda name, *a, **k: check(name, b"[" if names[3] in name else a[0], *a[1:], **k)
    )
    press.config = configured(source(rights=Rights("link")))
    refused = press.go(pair=False).refused
    states = press.store.publications.states("day:")
    assert f"data/{names[3]}" in refused
    assert {one for one in states if states[one] == stood[one]} == {f"day:{names[3][:10]}"}
    monkeypatch.undo()
    assert f"data/{names[3]}" in press.go(pair=False).written


@given(st.integers(0, 400), st.integers(0, 50))
def test_pages_hold_what_left_the_feed_and_some_of_its_oldest(left, current):
    gone = [f"g{n}" for n in range(left)]
    here = [f"h{n}" for n in range(current)]

    made = archives.pages(gone, here)

    flat = [one for page in made for one in page]
    assert flat[: len(gone)] == gone[::-1]
    assert flat[len(gone) :] == here[::-1][: len(flat) - len(gone)]
    assert all(len(page) <= archives.PAGE for page in made)
    assert not made or len(made[-1]) >= min(archives.LEAST, current)
    assert bool(made) == bool(gone)
