"""The program as its users meet it: the real command, real HTTP on loopback, a folder of the test's own."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.server import DemoSites
from pipeline.cli import main
from tests import databases

NOW = "2026-11-20T12:00:00+03:00"
LATER = "2026-11-20T18:30:00+03:00"


def called(
    *words: str, env: Mapping[str, str], expect: int | None = 0, answer: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end; `answer` is what is typed.

    In this process, which has loaded its packages and started the server of children already: some
    seconds less a verb.
    """
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in env.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["nevawire", *words])
        patch.setattr(sys, "stdin", io.StringIO(answer))
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    assert expect is None or code == expect, f"exit {code}\n{out.getvalue()}\n{err.getvalue()}"
    return subprocess.CompletedProcess(["nevawire", *words], code, out.getvalue(), err.getvalue())


@dataclass
class Installation:
    """One installation over the demo sites: its folders, and the command."""

    folder: Path
    sites: DemoSites

    def command(self, *words: str, now: str = NOW) -> tuple[list[str], dict[str, str]]:
        """Return the command line and environment of a verb."""
        self.folder.mkdir(parents=True, exist_ok=True)
        sources = self.folder / "sources.yaml"
        if not sources.exists():
            sources.write_text(self.sites.sources_yaml(), encoding="utf-8")
        env = os.environ | {
            "NEVAWIRE_NOW": now, "NEVAWIRE_SOURCES": str(sources), "NEVAWIRE_STORE": str(self.folder / "store"),
            "NEVAWIRE_FEEDS": str(self.feeds), "NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*", "COLUMNS": "160",
            **databases.variables(self.folder / "store"),
        }  # fmt: skip
        return [sys.executable, "-m", "pipeline", *words], env

    def call(
        self, *words: str, now: str = NOW, expect: int | None = 0, answer: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end; `answer` is what is typed. Tests that start, kill or watch a process take `command`."""
        _, env = self.command(*words, now=now)
        return called(*words, env=env | environment, expect=expect, answer=answer)

    def run(self, *words: str, now: str = NOW, expect: int | None = 0) -> dict:
        """Make a pass and return its JSON summary."""
        return json.loads(self.call("run", "--json", *words, now=now, expect=expect).stdout)

    def rows(self, what: str) -> list[dict]:
        """Return what an export says."""
        return [json.loads(line) for line in self.call("export", what).stdout.splitlines()]

    def url(self, place: str) -> str:
        """Return the address of a place of the gold, `site:path`."""
        site, _, path = place.partition(":")
        return self.sites.addresses[site] + path

    @property
    def feeds(self) -> Path:
        """The folder published into."""
        return self.folder / "feeds"

    def digests(self) -> dict[str, str]:
        """Return the digest of each file under feeds/, but of those that a killed turn left half done (they go in an hour)."""
        files = sorted(path for path in self.feeds.rglob("*") if path.is_file() and path.suffix != ".tmp")
        return {str(path.relative_to(self.feeds)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def installation(tmp_path, sites):
    return Installation(tmp_path, sites)
