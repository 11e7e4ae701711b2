"""The verb over the sample sites' archive: equal to a fresh run, and whole after a kill in the middle."""

from __future__ import annotations

import json
import subprocess
import time

import pytest
from sqlalchemy import text

from demo.server import DemoSites
from pipeline import cli_replay, export, sources
from pipeline.errors import ConfigError
from pipeline.store import open_store
from tests import databases
from tests.end_to_end.conftest import LATER, Installation


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """One installation after its first pass."""
    with DemoSites(port=0) as sites:
        made = Installation(tmp_path_factory.mktemp("first"), sites)
        made.run()
        yield made


@pytest.fixture
def copy(first, tmp_path):
    """A copy of it whose articles older stages made, not quite as well."""
    databases.copied(first.folder, tmp_path / "copy")
    made = Installation(tmp_path / "copy", first.sites)
    with databases.rows(made.folder / "store") as connection:
        connection.execute(text("UPDATE addresses SET read_by = '1.1'"))
        connection.execute(
            text(
                "UPDATE articles SET version = '1.1', html = '<p>' || html, title = title || ' | Сайт' WHERE place % 2 = 1"
            )
        )
    return made


def left(installation):
    """Return how many archived pages are still to be read again."""
    with databases.rows(installation.folder / "store") as connection:
        return connection.scalar(text("SELECT count(*) FROM addresses WHERE read_by = '1.1' AND capture IS NOT NULL"))


def rows(installation):
    """Return what exports of articles and stories say; in this process, which is quicker."""
    store = open_store(installation.folder / "store")
    try:
        return list(export.article_rows(store.articles.each())), list(export.story_rows(store.stories.each()))
    finally:
        store.close()


def test_a_reviewed_replay_ends_like_a_fresh_run(first, copy):
    pages, shown = left(copy), copy.digests()
    spoiled = sum(row["title"].endswith(" | Сайт") for row in rows(copy)[0])
    assert pages >= 60
    assert spoiled >= 20
    refused = copy.call("replay", "--stage", "extract", "--review", now=LATER, expect=1, answer="n\n")
    assert " | Сайт” → “" in refused.stdout
    assert f"{pages} pages read again: {spoiled} titles, 0 dates, 0 texts" in refused.stdout
    assert "bureau: " in refused.stdout  # progress, where there is no terminal
    assert "nothing was changed" in refused.stdout
    assert (left(copy), copy.digests()) == (pages, shown)

    copy.call("replay", "--review", "--yes", now=LATER)
    assert rows(copy) == rows(first)
    assert left(copy) == 0


def test_a_killed_replay_goes_on_where_it_was(first, copy):
    whole = left(copy)
    line, env = copy.command("replay", now=LATER)
    process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while left(copy) == whole and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait(timeout=10)
    rest = left(copy)
    assert 0 < rest < whole
    done = json.loads(copy.call("replay", "--json", now=LATER).stdout)
    assert done["pages"] == rest
    assert rows(copy) == rows(first)
    assert left(copy) == 0


def test_an_unknown_source_is_a_configuration_error(first):
    config = sources.load(first.folder / "sources.yaml")
    with pytest.raises(ConfigError, match="no such source; known are bureau"):
        cli_replay.choose(config, ["burau"])
    assert [one.id for one in cli_replay.choose(config, ["bureau"])] == ["bureau"]
    assert cli_replay.choose(config, []) == config.sources
