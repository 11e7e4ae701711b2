"""Every command in README.md does what it says, and every link in it leads somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Installation, called

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.strip().splitlines()]
VERBS = [shlex.split(line)[1:] for line in COMMANDS if line.startswith(".venv/bin/nevawire ")]


def test_there_are_commands():
    assert {"make demo", "make test"} <= set(COMMANDS)
    assert {words[0] for words in VERBS} == {"check", "run", "watch", "serve", "status", "export"}


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("make ")])
def test_make_targets_exist(line):
    target = line.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_every_other_command_is_known_to_this_test():
    others = [line for line in COMMANDS if not line.startswith(("make ", ".venv/bin/nevawire "))]
    assert others == ["python3 -m venv .venv", ".venv/bin/pip install ."]
    assert (ROOT / "pyproject.toml").exists()


def test_check_passes_on_the_sources_file_of_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert "publisher.home" in called("check", env={}).stderr


def test_run_asks_nobody_until_the_publisher_is_filled_in(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = called("run", "--store", str(tmp_path / "store"), "--feeds", str(tmp_path / "feeds"), env={}, expect=2)
    assert "publisher.home" in done.stderr
    assert "publisher.contact" in done.stderr


def test_the_verbs_work_in_the_order_of_the_readme(tmp_path, sites):
    installation = Installation(tmp_path, sites)
    for words in VERBS:
        if words[0] not in ("watch", "serve"):  # have their own tests: they do not end by themselves
            local = [str(tmp_path / word) if word.endswith((".jsonl", ".csv", ".xlsx")) else word for word in words]
            installation.call(*local, answer="y\n")
    assert len((tmp_path / "articles.jsonl").read_text("utf-8").splitlines()) >= 60
    assert (tmp_path / "stories.csv").read_text("utf-8-sig").startswith("id,ru,en,probability,reasons,state")
    assert (tmp_path / "items.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_somewhere(target):
    assert target.startswith("https://") or (ROOT / target).exists()


@pytest.mark.parametrize("name", re.findall(r"NEVAWIRE_[A-Z]+(?:_[A-Z]+)*", README))
def test_variables_are_read(name):
    assert any(name in (ROOT / "pipeline" / file).read_text("utf-8") for file in ("settings.py", "store/engine.py"))
