"""docs/how-to-translate.md tells verbs that exist, and sections that load."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.cli_translate import desk

TEXT = (Path(__file__).resolve().parents[2] / "docs/how-to-translate.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.strip().splitlines()]
SECTIONS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
SOURCE = "sources: {bureau: {name: {ru: Бюро}, kind: bureau, listings: [{url: https://site.test/news/}]}}\n"


def test_every_verb_is_told_and_every_told_verb_is_there():
    known = {command.name for command in desk.registered_commands}
    told = {shlex.split(line)[2] for line in COMMANDS}
    assert told == known
    assert all(line.startswith("nevawire translate ") for line in COMMANDS)


@pytest.mark.parametrize("section", SECTIONS, ids=range(len(SECTIONS)))
def test_every_section_is_right(section):
    assert sources.parse((SOURCE + section).encode(), "how-to").translation.on
