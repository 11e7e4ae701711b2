"""The archive: bytes under their digest, whole or not at all."""

from __future__ import annotations

import os
import time

import pytest

from pipeline.errors import StoreError
from pipeline.store.archive import Archive
from pipeline.store.shelves import Folder


def test_bytes_come_back(tmp_path):
    archive = Archive(Folder(tmp_path), tmp_path)
    body = "Ёжик в тумане".encode("cp1251") * 500
    digest = archive.keep(body)
    assert archive.read(digest) == body
    path = tmp_path / digest[:2] / f"{digest}.html.zst"
    assert path.stat().st_size < len(body)
    before = path.stat().st_mtime_ns
    assert archive.keep(body) == digest
    assert path.stat().st_mtime_ns == before


def test_damage_is_told(tmp_path):
    archive = Archive(Folder(tmp_path), tmp_path)
    first, second = archive.keep(b"one"), archive.keep(b"two")
    (tmp_path / first[:2] / f"{first}.html.zst").write_bytes(
        (tmp_path / second[:2] / f"{second}.html.zst").read_bytes()
    )
    with pytest.raises(StoreError, match="damaged"):
        archive.read(first)
    with pytest.raises(StoreError, match="cannot be read"):
        archive.read("00" * 32)


def test_old_leftovers_are_swept_and_young_ones_left(tmp_path):
    folder = tmp_path / "ab"
    folder.mkdir()
    old, young = folder / ".old.tmp", folder / ".young.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    Archive(Folder(tmp_path), tmp_path).sweep()
    assert not old.exists()
    assert young.exists()
