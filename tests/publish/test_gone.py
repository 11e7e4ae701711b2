"""Articles whose page the source took down: kept and marked, or withdrawn; unmarked when the page is back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from pipeline import gather
from pipeline.cli import app
from pipeline.clock import frozen
from pipeline.model import Fetch, Link
from pipeline.report import SourceReport
from tests.publish.press import START, Press, configured, source

PORT = ("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки. Его строили 12 лет.")
BRIDGE = (
    "https://bureau.example.com/news/2",
    "Мост построен",
    "Через реку построен новый мост. По нему пойдут трамваи.",
)


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source()))
    opened.arrive(*PORT)
    opened.arrive(*BRIDGE)
    opened.go()
    yield opened
    opened.close()


def recheck(press, kind, url=PORT[0], *, days=0, on_gone="keep", show=True):
    """Ask for an article again, as a pass does; show: and publish."""
    press.now += timedelta(days=days)
    own = replace(press.config.sources[0], on_gone=on_gone)
    room = SimpleNamespace(store=press.store, clock=frozen(press.now))
    due = next(one for one in press.store.collected.recheckable(own, START - timedelta(days=99)) if one.url == url)
    answer = Fetch(own.id, url, kind, START)
    _, report = gather.keep_answer(room, "r", own, due, answer, None, SourceReport(own.id))
    report = gather.let_go(room, own, report)
    if show:
        press.go(minutes=5)
    return report


def marks(press, feed="all"):
    return {one["title"]: one["_nevawire"].get("gone") for one in press.items(feed)}


def test_410_is_believed_at_once(press):
    ids = press.ids("all")
    report = recheck(press, "status-410", days=1)

    assert report.judged().failure is None, "that a page was taken down is no failure of its source"
    (mark,) = marks(press)["Порт открылся"]
    assert (mark["url"], mark["since"][:10]) == (PORT[0], "2026-05-21")
    assert marks(press)["Мост построен"] is None
    assert press.ids("all") == ids
    for name in ("all.html", "ru.rss", "ru.atom"):
        text = (press.feeds / name).read_text()
        assert text.count("Страница источника недоступна с 21 мая 2026 г.") == 1, name
    rows = [json.loads(line) for line in (press.feeds / "data/2026-05-20.jsonl").read_text().splitlines()]
    assert {row["title"]: "gone" in row["_nevawire"] for row in rows} == {"Порт открылся": True, "Мост построен": False}
    assert press.store.missing.counts() == {"bureau": 1}


def test_404_is_believed_on_the_third_day(press):
    for days in (0, 0, 1, 0):
        recheck(press, "status-404", days=days, show=False)
        assert press.store.missing.all() == ()
    recheck(press, "status-404", days=1)

    (mark,) = marks(press)["Порт открылся"]
    assert mark["since"][:10] == "2026-05-20", "since it was first missed"


def test_days_between_which_it_answered_do_not_count(press):
    for kind in ("status-404", "status-404", "not-modified", "status-404", "status-503"):
        recheck(press, kind, days=1, show=False)

    assert press.store.missing.all() == ()


def test_while_it_is_not_sure_it_is_asked_daily_and_then_weekly(press):
    own = press.config.sources[0]
    for kind, pause in (("status-404", 1), ("status-404", 1), ("status-404", 7), ("status-410", 7)):
        recheck(press, kind, days=1, show=False)
        due = lambda after, at=press.now: PORT[0] in [one.url for one in press.store.collected.due(own, at + after)]  # noqa: E731
        assert not due(timedelta(days=pause, seconds=-1))
        assert due(timedelta(days=pause))


def test_status_and_export_tell_of_it(press, tmp_path, monkeypatch):
    recheck(press, "status-410", days=1, show=False)
    (tmp_path / "sources.yaml").write_text(
        "sources: {bureau: {name: {ru: Бюро}, kind: bureau, listings: [{url: 'https://bureau.example.com/news/'}]}}"
    )
    for name, value in (("SOURCES", "sources.yaml"), ("STORE", "store"), ("FEEDS", "feeds")):
        monkeypatch.setenv(f"NEVAWIRE_{name}", str(tmp_path / value))

    said = CliRunner().invoke(app, ["status"]).output
    assert "bureau: the pages of 1 article are gone at the source (kept, and marked as such)" in said
    assert json.loads(CliRunner().invoke(app, ["status", "--json"]).output)["sources"]["bureau"]["gone"] == 1
    rows = [json.loads(line) for line in CliRunner().invoke(app, ["export", "articles"]).output.splitlines()]
    assert {row["title"]: row["gone"][:10] for row in rows} == {"Порт открылся": "2026-05-21", "Мост построен": ""}


@pytest.mark.parametrize("answer", ["ok", "not-modified", "same-digest"])
def test_the_mark_goes_when_the_page_is_back(press, answer):
    before = (press.feeds / "all.rss").read_bytes()
    recheck(press, "status-410", days=1)
    assert (press.feeds / "all.rss").read_bytes() != before
    if answer == "ok":
        press.arrive(*PORT)
        press.go()
    else:
        recheck(press, answer, days=1)

    assert marks(press)["Порт открылся"] is None
    assert press.store.missing.counts() == {}
    assert (press.feeds / "all.rss").read_bytes() == before


def test_on_gone_withdraw(press):
    for _ in range(2):
        assert recheck(press, "status-404", days=1, on_gone="withdraw", show=False).problems == ()
    assert set(marks(press)) == {"Порт открылся", "Мост построен"}
    report = recheck(press, "status-404", days=1, on_gone="withdraw")

    assert [(one.kind, one.url, one.detail) for one in report.problems] == [("gone", PORT[0], "withdrawn")]
    assert set(marks(press)) == set(marks(press, "ru")) == {"Мост построен"}
    assert len(press.tombstones("all")) == len(press.tombstones("ru")) == 1
    assert recheck(press, "status-404", days=1, on_gone="withdraw", show=False).problems == (), "once"


def test_a_rule_changed_later_holds_for_what_is_gone_already(press):
    recheck(press, "status-410", days=1, show=False)
    recheck(press, "not-modified", BRIDGE[0], on_gone="withdraw")

    assert set(marks(press)) == {"Мост построен"}


def test_a_page_that_never_was_an_article_is_not_missed(press):
    own = press.config.sources[0]
    press.store.collected.add(own, [Link("https://bureau.example.com/news/9")], press.now, history=False)
    (due,) = [one for one in press.store.collected.due(own, press.now) if one.url.endswith("/9")]
    press.store.collected.record_fetch("r", own, due, Fetch(own.id, due.url, "status-404", press.now), press.now)

    assert press.store.missing.all() == ()


def test_a_purge_forgets_that_it_was_missing(press):
    recheck(press, "status-410", days=1, show=False)
    press.store.removals.purge(press.store.removals.find(PORT[0]), "x", press.now)

    assert press.store.missing.all() == ()
