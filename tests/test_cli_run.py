"""The verb `run`: when the server of the children that read pages starts beside its imports."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from pipeline import children, passes
from pipeline.cli import app
from pipeline.store import open_store

NOW = datetime(2026, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("brought", "words", "begun"),
    [(None, [], 1), (None, ["--defer"], 0), (3, [], 1), (3, ["--defer"], 0), (0, [], 0)],
    ids=["no store yet", "workers read", "news the last time", "workers read those", "no news the last time"],
)
def test_what_reads_pages_starts_at_once_where_pages_are_likely(tmp_path, monkeypatch, brought, words, begun):
    if brought is not None:
        store = open_store(tmp_path / "store")
        store.ledger.record_pass("a", new=brought, failure=None, now=NOW)
        store.close()
    started = []
    monkeypatch.setattr(children, "warm_up", lambda: started.append(1))
    monkeypatch.setattr(passes, "once", lambda *_args, **_more: 0)
    done = CliRunner().invoke(app, ["run", "--store", str(tmp_path / "store"), *words])
    assert (done.exit_code, len(started)) == (0, begun), done.output
