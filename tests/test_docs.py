"""The references are as the program says; every command of the operator's how-to works, in its order."""

from __future__ import annotations

import importlib.util
import re
import shlex

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.found import Answers, found
from tests.publish.press import Press, said


def reference(root):
    spec = importlib.util.spec_from_file_location("reference", root / "docs/reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["reference-cli.md", "reference-sources.md", "reference-metrics.md"])
def test_the_references_are_current(root, name):
    made = reference(root).DOCUMENTS[name]()
    assert (root / "docs" / name).read_text("utf-8") == made, "run: python docs/reference.py"
    assert made.count("\n| `") > 12


def commands(root):
    text = (root / "docs/how-to-operate.md").read_text("utf-8")
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.strip().splitlines()]


def test_the_how_to_works_in_its_order(root, tmp_path, monkeypatch):
    found(tmp_path / "news", Answers("Нева", "https://neva-news.info/", "desk@neva-news.info"), tmp_path / "nevawire")
    monkeypatch.chdir(tmp_path / "news")
    monkeypatch.delenv("NEVAWIRE_STORE", raising=False)
    press = Press(tmp_path / "news")
    press.arrive("https://bureau.example.com/1", "Первая новость", said(1))
    press.go()
    press.close()
    for line in commands(root):
        name, *words = shlex.split(line)
        assert name == "nevawire"
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
    assert (tmp_path / "news" / "then" / "all.rss").read_bytes() == (
        tmp_path / "news" / "feeds" / "all.rss"
    ).read_bytes()


def test_links_between_documents_lead_somewhere(root):
    for file in (root / "docs").glob("*.md"):
        for link in re.findall(r"\]\(([\w./-]+\.md)\)", file.read_text("utf-8")):
            assert (file.parent / link).exists(), f"{file.name}: {link}"
