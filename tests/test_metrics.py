"""What machines are told: figures that are true, rules that ask for figures there are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from pipeline import metrics
from pipeline.store import Figures, SourceFigures, Spent, open_store
from tests import databases
from tests.publish.press import START, Press, said

SUMMARY = {
    "seconds": 4.5,
    "stages": {"collect": 3.0, "pair": 0.5, "publish": 1.0},
    "feeds": {"refused": {"all.rss": "empty"}},
}
FIGURES = Figures(
    articles=12, stories={"linked": 3, "single": 6}, waiting=1,
    translated=(Spent("", "deepl", "", 1200, 30, 2, 5, 1),), sides={"done": 4, "waiting": 2}, quotas=("deepl",),
    sources=(SourceFigures('quo"ted\\', START, None, 0), SourceFigures("bureau", None, START, 7)),
    requests={("bureau", "ok"): 20, ("bureau", "dns"): 2}, alarms={"drift": 1}, files={"all.rss": 1234},
    last_pass=START, summary=SUMMARY, jobs={("fetch", "todo"): 5, ("publish", "failed"): 1},
)  # fmt: skip


def told(body):
    """Return {(name, labels): value} as Prometheus itself reads it."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def test_figures_as_prometheus_reads_them():
    found = told(metrics.text(FIGURES, 42.0, {"deepl": 25.0, "google": 20.0}))
    assert found["nevawire_stories", ("state", "linked")] == 3
    assert found["nevawire_stories", ("state", "review")] == 0
    assert found["nevawire_requests_last_day", ("kind", "dns"), ("source", "bureau")] == 2
    assert found["nevawire_source_failures", ("source", 'quo"ted\\')] == 0
    assert found["nevawire_source_last_success_timestamp_seconds", ("source", 'quo"ted\\')] == START.timestamp()
    assert ("nevawire_source_last_success_timestamp_seconds", ("source", "bureau")) not in found
    assert found["nevawire_feed_bytes", ("file", "all.rss")] == 1234
    assert found["nevawire_stage_seconds", ("stage", "pair")] == 0.5
    assert found["nevawire_refused_documents",] == 1
    assert found["nevawire_disk_used_ratio",] == 0.42
    assert found["nevawire_translation_characters", ("engine", "deepl")] == 1200
    assert found["nevawire_translation_cost", ("engine", "deepl")] == 0.03
    assert not any(name.startswith("nevawire_translation_cost") for name, *_ in told(metrics.text(FIGURES, 42.0)))
    assert found["nevawire_translation_quota_spent", ("engine", "deepl")] == 1
    assert found["nevawire_translation_sides", ("state", "waiting")] == 2
    assert found["nevawire_jobs", ("queue", "fetch"), ("state", "todo")] == 5


def test_every_rule_asks_for_figures_there_are(root):
    found = {name for name, *_ in told(metrics.text(FIGURES, 42.0))}
    rules = YAML(typ="safe").load((root / "deploy/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    assert len(rules) >= 8
    for rule in rules:
        asked = set(re.findall(r"nevawire_\w+", rule["expr"]))
        assert asked, rule
        assert asked <= found, rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path)
    yield opened
    opened.close()


def test_a_new_installation_is_healthy_and_not_ready(tmp_path):
    store = open_store(tmp_path / "store")
    assert metrics.healthy(store, START).ok
    assert not metrics.ready(store, START).ok
    assert ("nevawire_articles",) in told(metrics.render(store, START))
    store.close()


def test_figures_of_a_store(press):
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go()
    press.store.ledger.start("r", "watch", press.now)
    press.store.ledger.finish("r", 0, SUMMARY, press.now)
    press.store.ledger.record_pass("bureau", new=1, failure=None, now=press.now)
    found = told(metrics.render(press.store, press.now))
    assert found["nevawire_articles",] == 1
    assert found["nevawire_stories", ("state", "single")] == 1
    assert found["nevawire_feed_bytes", ("file", "all.rss")] == (press.feeds / "all.rss").stat().st_size
    assert found["nevawire_source_last_new_timestamp_seconds", ("source", "bureau")] == press.now.timestamp()
    assert found["nevawire_requests_last_day", ("kind", "ok"), ("source", "bureau")] >= 2
    assert metrics.ready(press.store, press.now).ok
    assert not metrics.ready(press.store, press.now + timedelta(hours=1)).ok


def test_a_database_that_does_not_serve_is_not_healthy(press, tmp_path):
    press.store.close()
    databases.spoil(tmp_path / "store")
    for answer in (metrics.healthy(press.store, START), metrics.ready(press.store, START)):
        assert not answer.ok
        assert answer.facts == {"database": "does not answer"}
