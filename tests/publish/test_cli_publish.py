"""The verbs withdraw, purge and digest, as an operator types them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ConfigError, NevawireError
from tests.publish.press import HOME, Press, configured, source

PORT = ("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки. Его строили 12 лет.")
SOURCES = f"""
publisher: {{title: {{ru: Вестник, en: Herald}}, home: {HOME}, contact: desk@example.org}}
publish: {{hold: 0s, hold_doubtful: 0s}}
sources:
  bureau:
    name: {{ru: Бюро bureau, en: Bureau bureau}}
    kind: bureau
    listings: [{{url: "https://bureau.example.com/news/"}}]
    rights: {{publish: full}}
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    press = Press(tmp_path, configured(source()))
    press.arrive(*PORT)
    press.go()
    press.close()
    (tmp_path / "sources.yaml").write_text(SOURCES)
    for name, value in (("SOURCES", "sources.yaml"), ("STORE", "store"), ("FEEDS", "feeds")):
        monkeypatch.setenv(f"NEVAWIRE_{name}", str(tmp_path / value))
    monkeypatch.setenv("NEVAWIRE_NOW", "2026-05-20T18:00:00+00:00")

    def run(*words, **keywords):
        return CliRunner().invoke(app, words, **keywords)

    run.feeds = tmp_path / "feeds"
    return run


def titles(call, feed):
    return [one["title"] for one in json.loads((call.feeds / f"{feed}.json").read_text())["items"]]


def test_withdraw(call):
    done = call("withdraw", PORT[0], "--reason", "ошибка источника")

    assert done.exit_code == 0, done.output
    assert "withdrawn: a" in done.output
    assert titles(call, "ru") == titles(call, "all") == titles(call, "newsletter-ru") == []
    assert b"deleted-entry" in (call.feeds / "ru.atom").read_bytes()


def test_what_is_unknown_is_told(call):
    done = call("withdraw", "https://bureau.example.com/news/2", "--reason", "x")

    assert isinstance(done.exception, NevawireError)
    assert "https://bureau.example.com/news/2: no article is known by this" in str(done.exception)


def test_purge_asks_first(call):
    done = call("purge", PORT[0], "--reason", "x", input="n\n")
    assert done.exit_code == 1
    assert titles(call, "ru") == ["Порт открылся"]

    done = call("purge", PORT[0], "--reason", "x", "--yes")
    assert done.exit_code == 0, done.output
    assert titles(call, "ru") == []


def test_digest(call):
    shown = call("digest", "--language", "ru", "--dry-run")
    assert "Порт открылся" in shown.output
    assert not (call.feeds / "digest").exists()

    made = call("digest", "--language", "ru", "--period", "day")
    assert made.exit_code == 0, made.output
    assert len(list((call.feeds / "digest").glob("*"))) == 10
    assert "nothing new" in call("digest", "--language", "ru").output


@pytest.mark.parametrize("period", ["month", "0", "-1"])
def test_a_wrong_period_is_told(call, period):
    done = call("digest", f"--period={period}")

    assert isinstance(done.exception, ConfigError)
    assert f"--period {period}: should be day, week or a number of entries" in str(done.exception)
