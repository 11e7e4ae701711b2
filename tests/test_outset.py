"""What is begun before a command's words are understood: the server of the children that read pages."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipeline import cradle, outset
from pipeline.store import engine, open_store
from tests.databases import of_sqlite, variables

NOW = datetime(2026, 3, 12, tzinfo=UTC)


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """Begin with these words where a store's latest visit brought so many articles (None: no store); tell whether the server started."""
    started = []
    monkeypatch.setattr(cradle.READERS, "warm_up", lambda: started.append(1))
    monkeypatch.chdir(tmp_path)

    def begin(words, brought=None, *, folder="store", environment=None):
        if brought is not None:
            store = open_store(tmp_path / folder)
            store.ledger.record_pass("a", new=brought, failure=None, now=NOW)
            store.close()
        for name, value in variables(tmp_path / folder).items():
            monkeypatch.setenv(name, value)
        outset.begin(words.split(), environment or {})
        return bool(started)

    return begin


@pytest.mark.parametrize(
    ("words", "brought", "likely"),
    [
        ("run", None, True),
        ("run --json --defer", None, False),
        ("run --help", None, False),
        ("run --recheck", 3, True),
        ("run --defer", 3, False),
        ("run", 0, False),
        ("watch", None, False),
        ("", None, False),
    ],
)
def test_what_reads_pages_starts_at_once_where_a_pass_is_likely_to_bring_some(begun, words, brought, likely):
    assert begun(words, brought) is likely


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        ("run --store kept", {}),
        ("run --json --store=kept", {"NEVAWIRE_STORE": "none"}),
        ("run --store none --store kept", {}),
        ("run --store=none --store kept", {}),
        ("run", {"NEVAWIRE_STORE": "kept"}),
    ],
)
def test_the_store_asked_is_the_one_named(begun, words, environment):
    assert not begun(words, 0, folder="kept", environment=environment)


@of_sqlite
@pytest.mark.parametrize("url", ["", "mysql://user:password@host/name"], ids=["damaged", "no address"])
def test_what_is_wrong_with_the_store_is_for_the_pass_to_say(begun, tmp_path, monkeypatch, url):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / engine.FILE).write_bytes(b"no database at all" * 100)
    if url:
        monkeypatch.setenv(engine.VARIABLE, url)
    assert not begun("run")


def test_nothing_is_hidden_from_whoever_is_forked_then(tmp_path):
    """What the command's own imports do without, one page in a hundred may need (readability: chardet)."""
    told = (
        "import sys; from pipeline import __main__, outset\n"
        "outset.begin = lambda *_: print([name for name, module in sys.modules.items() if module is None])\n"
        "sys.argv = ['nevawire', '--version']\n"
        "__main__.main()"
    )
    command = [sys.executable, "-c", told]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[0] == "[]", done.stderr
