"""The tutorial works as it stands, on a sample site; commands of the other how-tos name what there is."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.cli import app


def blocks(root, name, form="sh"):
    return re.findall(rf"```{form}\n(.*?)```", (root / "docs" / name).read_text("utf-8"), re.DOTALL)


def commands(root, name):
    return [line for block in blocks(root, name) for line in block.strip().splitlines()]


@pytest.mark.long
def test_the_tutorial_works_in_its_order(root, tmp_path, sites, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEVAWIRE_NOW", "2026-11-20T12:00:00+03:00")
    monkeypatch.setenv("NEVAWIRE_ALLOW_ADDRESS", "127.0.0.0/8:*")
    first, *lines = commands(root, "tutorial.md")
    assert first == "pipx install nevawire"
    for line in lines:
        name, *words = shlex.split(line.replace("https://site.ru/", sites.addresses["bureau"] + "/"))
        if name == "cd":
            monkeypatch.chdir(words[0])
            continue
        assert name == "nevawire"
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
        if words[0] == "init":
            hasten(tmp_path / words[1] / "sources.yaml")
    news = tmp_path / "news"
    assert (news / "feeds/index.html").exists()
    assert (news / "feeds/source-site.rss").read_text("utf-8").count("<item>") >= 5
    assert (news / "news.tar.zst").stat().st_size > 10_000


def hasten(sources):
    """Take away the pauses between requests, two minutes of this test; the sites are our own."""
    text = sources.read_text("utf-8")
    assert "  pause: 2s #" in text
    sources.write_text(text.replace("  pause: 2s #", "  pause: 0s #"), "utf-8")


@pytest.mark.parametrize("name", ["budget.md", "scale.md", "how-to-nginx.md", "how-to-closed-network.md"])
def test_what_commands_name_is_there(root, name):
    lines = commands(root, name)
    assert lines
    for line in lines:
        program, *words = shlex.split(line)
        if program == "nevawire":
            known = {option for one in get_command(app).commands[words[0]].params for option in one.opts}
            assert {word for word in words if word.startswith("--")} <= known
        for word in words:
            if word.startswith(("deploy/", "benchmarks/")) or word.endswith("constraints.txt"):
                assert (root / word).exists(), line


def test_variables_and_keys_of_the_closed_network_are_read(root):
    text = (root / "docs/how-to-closed-network.md").read_text("utf-8")
    schema = (root / "sources.schema.json").read_text("utf-8")
    keys = re.findall(r"^\s+(\w+): \S", "".join(blocks(root, "how-to-closed-network.md", "yaml")), re.MULTILINE)
    assert keys == ["proxy", "ca"]
    assert all(f'"{key}"' in schema for key in keys)
    assert "NEVAWIRE_ALLOW_ADDRESS" in text
    assert "NEVAWIRE_ALLOW_ADDRESS" in (root / "pipeline/settings.py").read_text("utf-8")
