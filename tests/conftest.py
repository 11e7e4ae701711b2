"""Fixtures every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from demo.server import DemoSites
from pipeline import store
from pipeline.store import engine, whole
from tests import databases
from tests.processes import Processes

# The same examples every time, and none judged by the clock of a busy machine.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")
# How full the disk of this machine is changes no test.
os.environ["NEVAWIRE_DISK_LIMIT"] = "100"

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True, scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The database that stores are kept in: a file each, or all in a server of the tests' own."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        if databases.ON == "sqlite":
            patch.setattr(whole, "open_engine", databases.files(tmp_path_factory.mktemp("new")))
        else:
            patch.setattr(engine, "database_of", stack.enter_context(databases.serving()).url_of)
        yield


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[store.Store]:
    """A store with nothing in it."""
    opened = store.open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and documents beside the project; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "bench").is_dir():
        pytest.skip("needs ../shared/bench, real pages kept outside the project")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture
def sites() -> Iterator[DemoSites]:
    """The sample sites, served on loopback."""
    with DemoSites(port=0) as served:
        yield served


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Commands as processes of their own; none outlives the test."""
    started = Processes(tmp_path)
    yield started
    started.close()
