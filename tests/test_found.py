"""An installation from nothing: it loads, its service files name it, and nothing of anybody's is overwritten."""

from __future__ import annotations

import configparser
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import sources
from pipeline.cli import app
from pipeline.errors import ConfigError
from pipeline.found import Answers, found, rendered
from pipeline.settings import instant
from pipeline.store import open_store
from tests import databases

ANSWERS = Answers('Вестник "Невы": \\ #1', "https://neva-news.info/", "desk@neva-news.info")
PROGRAM = Path("/opt/nevawire/bin/nevawire")


def unit(text):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(text)
    return parser


def test_what_is_made_loads_and_says_what_was_answered(tmp_path):
    folder = tmp_path / "news"
    made = found(folder, ANSWERS, PROGRAM)
    assert all(path.exists() for path in made)
    config = sources.load(folder / "sources.yaml")
    assert (config.publisher.title["ru"], config.publisher.home) == (ANSWERS.title, ANSWERS.home)
    assert sources.publisher_missing(config) == ()
    assert (folder / "nevawire.env").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in folder.iterdir()} == {
        "backups", "feeds", "nevawire.env", "sources.schema.json", "sources.yaml", "store", "systemd",
    }  # fmt: skip


def test_the_example_in_the_sources_file_is_right_once_it_is_uncommented(tmp_path):
    found(tmp_path, ANSWERS, PROGRAM)
    text = (tmp_path / "sources.yaml").read_text("utf-8")
    head, _, example = text.partition("sources: {}\n")
    lines = [line.removeprefix("# ") if line.startswith("# ") else line for line in example.splitlines()]
    [source] = sources.parse("\n".join([head, *lines, ""]).encode(), "sources.yaml").sources
    assert (source.id, source.kind) == ("chamber", "bureau")


@pytest.mark.parametrize("name", ["nevawire.service", "nevawire-backup.service", "nevawire-backup.timer"])
def test_the_units_in_deploy_are_those_that_init_writes(root, name):
    made = rendered(Path("/srv/nevawire"), ANSWERS, PROGRAM)[name]
    assert (root / "deploy/systemd" / name).read_text("utf-8") == made


def test_the_service_is_shut_in(tmp_path):
    service = unit(rendered(Path("/srv/nevawire"), ANSWERS, PROGRAM)["nevawire.service"])["Service"]
    assert service["ExecStart"] == f"{PROGRAM} watch"
    assert service["Type"] == "notify-reload"
    assert service["User"] == "nevawire"
    assert service["ReadWritePaths"] == "/srv/nevawire/store /srv/nevawire/feeds"
    for key in ("ProtectSystem", "NoNewPrivileges", "PrivateDevices", "RestrictNamespaces", "ProtectHome"):
        assert service[key] in {"yes", "strict"}
    home = unit(rendered(Path("/home/anna/news"), ANSWERS, PROGRAM)["nevawire.service"])["Service"]
    assert home["ProtectHome"] == "no"


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "sources.yaml").write_text("mine\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sources\.yaml is there already"):
        found(tmp_path, ANSWERS, PROGRAM)
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [(Answers("X", "news.example.org", "a@b.example"), "publisher.home"), (Answers("X", "https://a.example/", "nobody"), "contact"),
     (Answers("X", "https://a.example/", "a@b.example", "Mars/Base"), "timezone")],
)  # fmt: skip
def test_a_wrong_answer_is_told_before_anything_is_written(tmp_path, answers, message):
    with pytest.raises(ConfigError, match=message):
        found(tmp_path / "news", answers, PROGRAM)
    assert not (tmp_path / "news").exists()


def test_a_folder_that_a_service_file_cannot_name_is_told(tmp_path):
    with pytest.raises(ConfigError, match="service files cannot name this"):
        found(tmp_path / "my news", ANSWERS, PROGRAM)


def test_the_verb_needs_answers_where_nobody_can_be_asked(tmp_path):
    with pytest.raises(ConfigError, match="--title"):
        CliRunner().invoke(app, ["init", str(tmp_path / "n")], catch_exceptions=False, standalone_mode=False)
    words = ["init", str(tmp_path / "n"), "--title", "Neva", "--home", "https://a.example/", "--contact", "a@b.example"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "sources.yaml" in done.output


@pytest.fixture
def installation(tmp_path, monkeypatch):
    found(tmp_path / "news", ANSWERS, PROGRAM)
    with closing(open_store(tmp_path / "news" / "store")) as store:
        store.ledger.start("r1", "run", datetime(2026, 3, 12, tzinfo=UTC))  # a server's tables alone are no store yet
    monkeypatch.chdir(tmp_path / "news")
    return tmp_path / "news"


def doctor(code):
    done = CliRunner().invoke(app, ["doctor", "--system"], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_the_doctor_finds_a_new_installation_well(installation):
    said = doctor(0)
    for line in (
        "✓ environment: Python",
        "✓ disk: store",
        "✓ permissions: feeds can be written",
        "✓ database: 0 articles",
    ):
        assert line in said
    assert "✗" not in said


def test_the_doctor_sees_what_is_wrong(installation, monkeypatch):
    file = installation / "sources.yaml"
    text = file.read_text("utf-8").replace(
        "sources: {}", "sources:\n  one: {name: {en: One}, kind: bureau, listings: [{url: 'http://127.0.0.1:9/'}]}"
    )
    file.write_text(text, encoding="utf-8")
    databases.spoil(installation / "store")
    monkeypatch.setenv("NEVAWIRE_SORCES", "x")
    monkeypatch.setenv("NEVAWIRE_DISK_LIMIT", "0")
    said = doctor(1)
    assert "! environment: NEVAWIRE_SORCES means nothing" in said
    assert "✗ disk: store" in said
    assert "✗ addresses: blocked-address: 127.0.0.1" in said
    assert "✗ database: the database at" in said


def test_the_doctor_sees_a_clock_that_went_backwards(installation, monkeypatch):
    store = open_store(installation / "store")
    monkeypatch.setenv("NEVAWIRE_NOW", "2026-11-20T09:00:00Z")

    store.ledger.record_pass("one", new=0, failure=None, now=instant("then", "2026-12-24T09:00:00Z"))
    store.close()
    assert "it went backwards" in doctor(1)
