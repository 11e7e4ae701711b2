"""Work that goes out of the house: passes, probes and the doctor, against the sample sites on loopback."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline import legwork, sources
from pipeline.clock import frozen
from pipeline.errors import ConfigError
from pipeline.legwork import Legwork
from pipeline.settings import Settings
from pipeline.store import open_store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path, sites):
    (tmp_path / "sources.yaml").write_text(sites.sources_yaml(), encoding="utf-8")
    return Settings(tmp_path / "sources.yaml", tmp_path / "store", tmp_path / "feeds", ("127.0.0.0/8:*",), frozen(NOW))


@pytest.fixture
def store(settings):
    opened = open_store(settings.store)
    yield opened
    opened.close()


def done(settings, store, *wanted):
    """Ask for work, and return the errands when all of them have ended."""
    errands = [store.errands.ask(kind, source, "anna", NOW) for kind, source in wanted]
    legs = Legwork(settings, store, {})
    legs.poke()
    try:
        for _ in range(600):
            found = [store.errands.get(one.id, NOW) for one in errands]
            if not any(one.open for one in found):
                return found
            time.sleep(0.1)
    finally:
        legs.close()
    raise AssertionError(f"not done: {found}")


@pytest.mark.long
def test_a_pass_a_probe_and_the_doctor(settings, store, sites):
    ran, probed, seen = done(settings, store, ("run", "bureau"), ("probe", "bureau"), ("doctor", "bureau"))
    assert ran.state == "done"
    assert ran.outcome["sources"]["bureau"]["new"] > 0
    assert store.leases.look("scheduler") is None, "the lease is given back"
    assert probed.state == "done"
    assert probed.outcome["articles"][0]["title"]
    assert seen.state == "done"
    assert seen.outcome["diff"] == ""
    with pytest.raises(ConfigError, match="no proposal"):
        legwork.apply(settings, seen)


@pytest.mark.long
def test_a_source_that_drifted_is_mended_from_the_desk(settings, store, sites):
    done(settings, store, ("run", "bureau"))
    file = settings.sources
    good = sources.load(file)
    rule = next(one for one in good.sources if one.id == "bureau").rules[0]
    assert rule.title
    file.write_text(file.read_text(encoding="utf-8").replace(rule.title, "h1.gone", 1), encoding="utf-8")
    (seen,) = done(settings, store, ("doctor", "bureau"))
    assert seen.outcome["complaints"]
    assert seen.outcome["diff"]
    assert "+" in legwork.apply(settings, seen)
    with pytest.raises(ConfigError, match="changed since"):
        legwork.apply(settings, seen)


def test_work_that_cannot_be_done_says_why_and_the_next_is_done(settings, store, sites):
    nobody, disabled = done(settings, store, ("probe", "nobody"), ("run", "nobody"))
    assert (nobody.state, nobody.outcome) == ("failed", {"why": "nobody: no such source"})
    assert disabled.state == "failed"


def test_a_pass_is_left_to_the_watch_that_is_on_duty(settings, store, monkeypatch):
    monkeypatch.setattr(legwork.duty, "at_work", lambda *_: "the watch")
    monkeypatch.setattr(legwork, "_COURTESY", 0.0)
    store.leases.take("scheduler", "the watch", None, NOW)
    errand = store.errands.ask("run", "bureau", "anna", NOW)
    legs = Legwork(replace(settings), store, {})
    assert not legs._unclaimed(time.monotonic() - 1)
    legs.close()
    assert store.errands.get(errand.id, NOW).state == "asked"
