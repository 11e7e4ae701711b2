"""`sources pause` and `resume`: kept in the store, told by `status`, heeded by `run`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tests.publish.press import Press, configured, source

FILE = """
publisher: {title: {en: Herald}, home: "https://feeds.example.org/", contact: desk@example.org}
sources:
  one: {name: {en: One}, kind: bureau, listings: [{url: "http://127.0.0.1:1/news/"}]}
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    Press(tmp_path, configured(source("one"))).close()
    (tmp_path / "sources.yaml").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEVAWIRE_NOW", "2026-11-20T12:00:00+03:00")
    return lambda *words: CliRunner().invoke(app, words)


def test_a_paused_source_is_left_alone_told_of_and_resumed(call):
    assert "one is paused" in call("sources", "pause", "one", "--reason", "moves house").output
    assert "was paused already" in call("sources", "pause", "one").output
    told = json.loads(call("status", "--json").output)["sources"]["one"]["paused"]
    assert told["reason"] == "moves house"
    assert "moves house" in call("status").output
    ran = call("run", "--json")
    assert "paused by" in ran.stderr
    assert json.loads(ran.stdout)["sources"] == {}
    assert "one is resumed" in call("sources", "resume", "one").output
    assert "was not paused" in call("sources", "resume", "one").output
    assert set(json.loads(call("run", "--json").stdout)["sources"]) == {"one"}


def test_a_source_that_is_none_cannot_be_paused(call):
    answer = call("sources", "pause", "two")
    assert answer.exit_code != 0
    assert "known are one" in str(answer.exception)
