"""What a verb imports before it begins: counted, since seconds are another machine's matter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import databases

LOADED = """
import sys
from pipeline.cli import main
sys.argv = ["nevawire", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", *{name.partition(".")[0] for name in sys.modules}, *(name for name in sys.modules if name.startswith("pipeline.")))
"""
THREADS = """
import os
from pipeline.__main__ import main
try:
    main()
except SystemExit:
    print(os.environ["OPENBLAS_NUM_THREADS"])
"""
#: A command that leaves output, and something to be done at its end; and an object that would tell of being taken apart.
ENDS = """
import atexit, sys
from pipeline import __main__ as program, cli

class Made:
    def __del__(self):
        print("taken apart")

def command():
    atexit.register(print, "tidied up")
    print("." * 100_000)
    assert not sys.stdout.isatty() and not sys.stderr.isatty()
    sys.exit(3)

made, cli.main = Made(), command
program.main()
"""
#: The server's imports, with Ctrl-C in the midst of them.
INTERRUPTED = """
import os, signal, sys

class Midst:
    def find_spec(self, name, *_):
        if name == "pipeline.child":
            os.kill(os.getpid(), signal.SIGINT)
            print("went on", flush=True)
            os._exit(0)

sys.meta_path.insert(0, Midst())
from pipeline import cradle
cradle.READERS.warm_up()
os.waitpid(cradle.READERS._server.pid, 0)
"""
#: What only a pass, a server or the desk works with.
HEAVY = {"alembic", "apscheduler", "bs4", "dateparser", "fastapi", "feedgen", "httpx", "htmldate", "jinja2", "langdetect",
         "readability", "trafilatura", "pipeline.collect", "pipeline.extract", "pipeline.review", "pipeline.scout"}  # fmt: skip
CONFIG = """
publisher: {title: {en: News}, home: "https://news.example.org/", contact: news@example.org}
sources:
  a: {name: {en: A}, kind: cluster, listings: [{url: "https://a.example.org/"}]}
"""


def loaded(*words: str, env: Mapping[str, str] | None = None) -> set[str]:
    line = [sys.executable, "-c", LOADED, *words]
    done = subprocess.run(
        line, capture_output=True, text=True, check=True, timeout=120, env={**os.environ, **(env or {})}
    )
    return set(done.stdout.rpartition("LOADED ")[2].split())


def test_a_command_that_ends_has_all_done_and_written_and_nothing_taken_apart() -> None:
    done = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stdout, done.stderr) == (3, f"{'.' * 100_000}\ntidied up\n", "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_command_whose_outputs_are_closed_ends_as_any_other(closed: str) -> None:
    line = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", ENDS]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (3, "")


def test_ctrl_c_is_not_for_what_children_are_forked_from() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=60)

    assert (done.stdout, done.stderr) == ("went on\n", "")


def test_the_version_is_told_without_the_program() -> None:
    known = loaded("--version")

    assert known.isdisjoint(HEAVY | {"lxml", "numpy", "rich", "ruamel", "sqlalchemy"})
    assert {name for name in known if name.startswith("pipeline.")} <= {
        "pipeline.cli",
        "pipeline.errors",
        "pipeline.frugal",
        "pipeline.record",
    }


def test_a_file_is_checked_without_what_makes_a_pass(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")

    assert loaded("check", "--sources", str(tmp_path / "sources.yaml")).isdisjoint(HEAVY | {"numpy", "sqlalchemy"})


def test_listings_are_asked_for_without_what_is_needed_once_pages_are_read() -> None:
    program = "import sys, pipeline.passes; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)

    known = set(done.stdout.split())
    assert {"pipeline.cycle", "httpx"} <= known  # not in the midst of a pass
    assert known.isdisjoint({"httpx._main", "ruamel.yaml"})
    assert known.isdisjoint({"numpy", "feedgen", "pipeline.pairing", "pipeline.publish", "pipeline.closing"})
    assert known.isdisjoint({"smtplib", "pipeline.notify.message"})  # for operators who want to be told


def test_pages_are_read_without_what_asks_for_them() -> None:
    program = (
        "import sys, pipeline.nursery, pipeline.rehearsal; sys.stdout.write(' '.join(sys.modules)); sys.stdout.flush()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)

    known = set(done.stdout.split())
    assert "pipeline.collect.readers" in known
    assert known.isdisjoint({"httpx", "httpcore", "pipeline.collect.fetch", "sqlalchemy", "pydantic"})


def test_what_pages_are_read_with_begins_before_what_waits_is_imported() -> None:
    program = "import sys, pipeline.frugal, pipeline.outset; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert {"asyncio", "typer", "sqlalchemy", "numpy"}.isdisjoint(done.stdout.split())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    from pipeline.store import open_store

    folder = tmp_path_factory.mktemp("installation")
    (folder / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    with closing(open_store(folder / "store")) as store:
        store.ledger.start("r1", "run", datetime(2026, 3, 12, tzinfo=UTC))  # a server's tables alone are no store yet
    return ["--sources", str(folder / "sources.yaml"), "--store", str(folder / "store")]


def test_how_sources_fare_is_told_without_what_makes_a_pass(installation: list[str]) -> None:
    own = databases.variables(Path(installation[-1]))
    assert loaded("status", *installation, env=own).isdisjoint(HEAVY)


def test_no_thread_waits_for_matrices_unless_somebody_wants_it() -> None:
    line = [sys.executable, "-c", THREADS, "--version"]
    plain = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    for more, threads in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")):
        done = subprocess.run(line, capture_output=True, text=True, check=True, env={**plain, **more})
        assert done.stdout.split()[-1] == threads


def test_the_verbs_are_told_by_what_they_are_about() -> None:
    from typer.testing import CliRunner

    from pipeline.cli import PANELS, app

    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).output

    assert [line.split()[1] for line in told.splitlines() if line.startswith("╭")][1:] == [
        panel.split()[0] for panel in PANELS
    ]
    for panel, verbs in PANELS.items():
        part = told.partition(f"─ {panel} ─")[2].partition("╰")[0]
        assert [line.split()[1] for line in part.splitlines() if line.startswith("│ ") and line[2] != " "] == list(
            verbs
        )


#: Each file of the store imported as if none had been before.
ALONE = """
import sys
from importlib import import_module

for name in sys.argv[1:]:
    for known in [one for one in sys.modules if one.startswith("pipeline.store")]:
        del sys.modules[known]
    print(import_module(name).__name__)
"""


def test_any_file_of_the_store_can_be_the_first_that_is_imported() -> None:
    names = [f"pipeline.store.{one}" for one in ("engine", "presence", "articles", "backups", "whole")]
    asked = subprocess.run([sys.executable, "-c", ALONE, *names], capture_output=True, text=True, check=False)

    assert asked.stdout.split() == names, asked.stderr


#: How many tables are known where all are asked for, before and after every file of the store is imported.
TABLES = """
from importlib import import_module
from pathlib import Path
from pipeline.store import tables
print(len(tables.metadata.tables))
for file in Path(tables.__file__).parent.glob("*.py"):
    import_module(f"pipeline.store.{file.stem}")
print(len(tables.metadata.tables))
"""


def test_all_tables_are_known_where_they_are_asked_for() -> None:
    asked = subprocess.run([sys.executable, "-c", TABLES], capture_output=True, text=True, check=True, timeout=120)

    known, there = asked.stdout.split()
    assert known == there


def test_parts_of_the_store_come_when_they_are_asked_for(tmp_path: Path) -> None:
    from pipeline import store as package
    from pipeline.store import Store, whole

    with closing(package.open_at(tmp_path, databases.new(tmp_path))) as store:
        for name in Store.__annotations__:
            assert type(getattr(store, name)).__name__ == name.capitalize()
            assert getattr(store, name) is getattr(store, name)
        assert not hasattr(store, "nothing_of_ours")
    assert [name for name in whole.__all__ if not hasattr(package, name)] == []


def test_what_the_store_does_not_have_is_told_of() -> None:
    from pipeline import store

    with pytest.raises(AttributeError, match="nothing_of_ours"):
        _ = store.nothing_of_ours
    assert not hasattr(store, "engines")


@pytest.mark.skipif(databases.ON != "sqlite", reason="what SQLite does without")
def test_a_store_on_sqlite_knows_nothing_of_postgresql(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from pipeline.store import open_store; open_store(Path(sys.argv[1])); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )

    assert "sqlalchemy.dialects.postgresql" not in done.stdout.split()
