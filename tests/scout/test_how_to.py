"""Every command of docs/how-to-sources.md works, in its order, on a sample site."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from pipeline.cli import PANELS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "how-to-sources.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.strip().splitlines()]


def test_the_commands_work_in_their_order(desk, sites):
    desk.children = True
    base = sites.addresses["bureau"]
    subscriptions = desk.folder / "subscriptions.opml"
    feed = sites.addresses["science-park"] + "/rss.php?lang=l1"
    subscriptions.write_text(
        f'<opml version="2.0"><body><outline xmlUrl="{feed}" text="x"/></body></opml>', encoding="utf-8"
    )
    verbs = set()
    for line in COMMANDS:
        name, *words = shlex.split(line)
        assert name == "nevawire"
        verbs.add(words[0])
        here = [word.replace("https://site.ru", base).replace("/news/1431/", "/news/1427/") for word in words]
        local = [str(desk.folder / word) if word.endswith((".html", ".opml", ".csv")) else word for word in here]
        extra = ["--id", "site", "--yes"] if words[0] == "add" else ["--yes"] if words[0] == "opml" else []
        done = desk.call(*local, *extra)
        # Of the whole file one source is gone, which `check --live` says.
        wanted = 3 if words == ["check", "--live"] else 0
        assert done.exit_code == wanted, f"{line}\n{done.output}\n{done.exception!r}"
    assert verbs == {"add", "probe", "check", "fetch", "opml", "doctor", "export", "status"}
    assert (desk.folder / "preview.html").exists()
    assert {source.id for source in desk.config.sources} > {"old", "site"}


def test_every_verb_that_helps_the_operator_is_told():
    known = {verb for verbs in PANELS.values() for verb in verbs}
    told = {shlex.split(line)[1] for line in COMMANDS}
    assert told <= known
    assert {"add", "fetch", "opml", "probe", "doctor"} <= told
