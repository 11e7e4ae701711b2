"""What is told and left where a file cannot be written, or what stands in its place is none."""

from __future__ import annotations

import errno
import os

import pytest

from pipeline.errors import StoreError
from pipeline.publish.write import write


@pytest.fixture
def documents(edition):
    return {name: edition.documents[name] for name in ("all.atom", "all.rss")}


@pytest.mark.parametrize("failing", ["write", "fstat", "utime"])
def test_what_cannot_be_finished_is_not_left_and_named(tmp_path, documents, monkeypatch, failing):
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(StoreError, match=r"cannot write \S*all\.atom\S*: the disk is broken"):
        write(tmp_path, documents)
    monkeypatch.undo()

    assert list(tmp_path.iterdir()) == []


def test_why_a_file_cannot_be_written_is_told_where_it_is_gone_besides(tmp_path, documents, monkeypatch):
    def fail(*_: object) -> None:
        for half in tmp_path.glob(".*.tmp"):
            half.unlink()
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(StoreError, match="no space left"):
        write(tmp_path, documents)


def test_a_link_that_leads_to_itself_is_replaced(tmp_path, documents):
    (tmp_path / "all.atom").symlink_to("all.atom")

    assert write(tmp_path, documents).written == ("all.atom", "all.rss")
    assert (tmp_path / "all.atom").read_bytes() == documents["all.atom"]
