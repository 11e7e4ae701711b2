"""The demo from end to end, and how it ends when something is wrong."""

from __future__ import annotations

import fcntl
import re

import pytest

from demo import __main__ as demo
from pipeline import sources


@pytest.mark.long
def test_it_runs_and_all_is_as_it_should_be(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo, "OUT", tmp_path)
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/old.atom").write_text("left by the last demo", "utf-8")
    assert demo.main(["--port", "0"]) == 0
    told = capsys.readouterr().out
    assert "18 of 18 declared" in told
    assert len(re.findall(r"same id urn:uuid:[0-9a-f-]{36}, one entry", told)) == 1
    assert told.rstrip().endswith("All is as it should be.")
    assert not (tmp_path / "feeds/old.atom").exists()
    assert {"all.rss", "all.atom", "ru.rss", "en.atom"} <= {file.name for file in (tmp_path / "feeds").iterdir()}


def test_a_program_that_stops_short_is_told(tmp_path, sites, capfd):
    sites.sources_yaml = lambda: "sources: {}\nnonsense: 1\n"
    assert demo.demonstrate(sites, tmp_path) == ["run ended with exit code 2"]
    assert "nonsense" in capfd.readouterr().err


def test_two_demos_do_not_share_a_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo, "OUT", tmp_path)
    with (tmp_path / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert demo.main(["--port", "0"]) == 1
    assert "Another demo" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(("told", "code"), [([], 0), (["a"], 1), (["a"] * 99, 1), ([str(n) for n in range(99)], 1)])
def test_the_report_says_how_it_went(told, code, capsys):
    assert demo.report(told) == code
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) <= 21
    assert ("All is as it should be." in lines) == (code == 0)
    assert (lines[-1] == "… and 79 more") == (len(set(told)) == 99)


def test_the_sources_written_are_valid(tmp_path, sites):
    config = sources.load(demo.write_sources(sites, tmp_path))
    assert [source.id for source in config.sources] == list(sites.addresses)
    assert all(source.rights.publish == "full" for source in config.sources)
    assert all(
        each.url.startswith(tuple(sites.addresses.values())) for source in config.sources for each in source.listings
    )
    with_selector = [bool(each.links) for source in config.sources for each in source.listings]
    assert any(with_selector)
    assert not all(with_selector)
