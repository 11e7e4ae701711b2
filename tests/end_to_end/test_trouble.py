"""When something is wrong: one source's trouble stays its own, and is told."""

from __future__ import annotations

import json
import signal

import pytest

from tests.processes import wait_for


def test_the_others_news_is_published(installation):
    sites = installation.sites
    sites.break_site("cluster-blog", how="down")
    sites.break_site("science-park", how="garbage")
    path = next(sites.url(each) for each in sites.articles("bureau") if each.language == "ru").removeprefix(
        sites.addresses["bureau"]
    )
    sites.edit("bureau", path, title="Форум \x0bоткрылся: \x01итоги первого дня")
    summary = installation.run(expect=3)
    outcomes = {name: source["outcome"] for name, source in summary["sources"].items()}
    assert outcomes["cluster-blog"] == outcomes["science-park"] == "failed"
    assert {name for name, outcome in outcomes.items() if outcome == "ok"} == {"bureau", "instruments"}
    assert {row["source"] for row in installation.rows("articles")} == {"bureau", "instruments"}
    assert "Форум открылся: итоги первого дня" in (installation.feeds / "ru.rss").read_text("utf-8")
    status = json.loads(installation.call("status", "--json").stdout)["sources"]
    assert status["cluster-blog"]["failures"] == 1
    assert status["cluster-blog"]["failure"]["kind"] in ("refused", "reset", "dns")
    assert status["science-park"]["failure"]["kind"]
    assert status["bureau"]["failures"] == 0
    assert status["bureau"]["last_new"]
    text = installation.call("status").stdout
    assert "cluster-blog" in text
    assert status["cluster-blog"]["failure"]["kind"] in text


def test_a_source_recovers(installation):
    installation.sites.break_site("cluster-blog", how="down")
    installation.run(expect=3)
    installation.sites.mend("cluster-blog")
    installation.run()
    status = json.loads(installation.call("status", "--json").stdout)["sources"]
    assert status["cluster-blog"]["failures"] == 0
    assert {row["source"] for row in installation.rows("articles")} >= {"cluster-blog"}


def test_a_wrong_file_stops_everything_before_anything_is_asked(installation):
    installation.call("check")
    sources = installation.folder / "sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("kind: bureau", "knid: bureau"), encoding="utf-8")
    for verb in ("check", "run", "watch", "status"):
        done = installation.call(verb, expect=2)
        assert "knid" in done.stderr
        assert f"{sources}:" in done.stderr
    assert installation.sites.requests == []


def test_nothing_beyond_loopback_is_asked_by_nobody(installation, tmp_path):
    sources = tmp_path / "sources.yaml"
    sources.write_text(
        "publisher: {title: {en: News}, home: https://news.example.org/, contact: news@example.org}\n"
        "sources:\n  far: {name: {en: Far}, kind: bureau, listings: [{url: 'https://192.0.2.1/news/'}]}\n",
        encoding="utf-8",
    )
    for verb in ("run", "watch"):
        done = installation.call(verb, expect=2)
        assert "publisher.home" in done.stderr
        assert "publisher.contact" in done.stderr
    assert "publisher.home" in installation.call("check").stderr


def test_an_address_not_allowed_is_blocked(installation):
    done = installation.call("run", "--json", expect=3, NEVAWIRE_ALLOW_ADDRESS="")
    failures = {one["failure"]["kind"] for one in json.loads(done.stdout)["sources"].values()}
    assert failures == {"blocked-address"}
    assert installation.sites.requests == []


@pytest.mark.parametrize(
    ("words", "message"),
    [(("run", "--source", "nobody"), "no such source"), (("run", "--allow-address", "here"), "--allow-address"),
     (("run", "--sources", "/nowhere/sources.yaml"), "sources.yaml")],
)  # fmt: skip
def test_wrong_words_are_answered_plainly(installation, words, message):
    done = installation.call(*words, expect=2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_clock_that_cannot_be_read_is_told(installation):
    assert "NEVAWIRE_NOW" in installation.call("run", now="yesterday", expect=2).stderr


def kept(installation):
    """Return the articles there are so far; before the first there may be no store."""
    return installation.call("export", "articles", expect=None).stdout.splitlines()


def test_watch_runs_every_source_and_stops_when_told(installation, processes):
    watch = started(installation, processes)
    wait_for(lambda: watch.text.count('"source done"') >= len(installation.sites.addresses))
    assert_ends(installation, watch, signal.SIGTERM, 60)


def test_watch_stops_in_the_middle_when_told(installation, processes):
    watch = started(installation, processes)
    asked = installation.sites.requests  # cheaper to look at than what is kept
    wait_for(lambda: len(asked) > 1 and kept(installation))
    assert_ends(installation, watch, signal.SIGINT, 1)


def started(installation, processes):
    line, env = installation.command("watch")
    return processes.start(*line, env=env)


def assert_ends(installation, watch, how, articles):
    assert watch.end(how) == 0, watch.text
    assert len(installation.rows("articles")) >= articles
    assert (installation.feeds / "all.rss").exists()
    assert "stopping" in watch.text
