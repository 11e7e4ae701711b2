from __future__ import annotations

import contextlib
import errno
import gzip
import os
import stat
import sys
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.publish.write import Writing, _compressed, together, write


class PowerCut(BaseException):
    """Stands for the end of the process, which no `except` of the program catches."""


@pytest.fixture
def documents(edition):
    return {name: edition.documents[name] for name in ("all.rss", "all.atom", "ru.json")}


def state(folder: Path):
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}


def test_documents_and_their_twins(tmp_path, documents):
    written = write(tmp_path / "feeds", documents)

    assert written.written == ("all.atom", "all.rss", "ru.json")
    for name, document in documents.items():
        assert (tmp_path / "feeds" / name).read_bytes() == document
        assert gzip.decompress((tmp_path / "feeds" / f"{name}.gz").read_bytes()) == document
    assert len(list((tmp_path / "feeds").iterdir())) == 6


def leave(path: Path, hours: int = 2) -> None:
    """Leave what a crash so long ago had half written."""
    path.write_bytes(b"half")
    at = path.stat().st_mtime - hours * 3600
    os.utime(path, (at, at))


def test_documents_that_come_in_lots_end_as_those_that_come_at_once(tmp_path, documents):
    lots = [{name: body} for name, body in documents.items()]
    lots[1:1] = [{f"data/2026-01-{day:02}.jsonl": b'{"id": "%d"}\n' % day for day in days}
                 for days in (range(1, 4), range(4, 32))]  # fmt: skip
    lots.append({"bad.rss": b"<rss>"})
    (tmp_path / "lots/data").mkdir(parents=True)
    leave(tmp_path / "lots/data/.2026-01-01.jsonl.0.tmp")

    with Writing(tmp_path / "lots") as writing:
        one = together([writing.take(lot) for lot in lots])
        assert not list((tmp_path / "lots").rglob("*.*")), "nothing is in place before all of them are to be"
        writing.settle()

    assert len(one.written) == len(set(documents)) + 31
    other = write(tmp_path / "once", {name: body for lot in lots for name, body in lot.items()})
    assert set(one.refused) == set(other.refused) == {"bad.rss"}
    assert sorted(one.written) == sorted(other.written)
    files = {part: {path.relative_to(tmp_path / part): path.read_bytes() for path in (tmp_path / part).rglob("*.*")}
             for part in ("lots", "once")}  # fmt: skip
    assert files["lots"] == files["once"]


def test_so_many_documents_at_most_wait_to_be_put_in_place(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[Writing.__module__], "_LOT", 2)
    with Writing(tmp_path) as writing:
        for day in range(1, 6):
            writing.take({f"data/2026-01-0{day}.jsonl": b'{"id": "%d"}\n' % day})
            assert len(list((tmp_path / "data").glob("*.jsonl"))) == day // 2 * 2


def test_what_is_carried_to_the_disk_early_is_in_place_only_with_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[Writing.__module__], "_SHEAF", 1)
    with Writing(tmp_path) as writing:
        for day in range(1, 4):
            writing.take({f"data/2026-01-0{day}.jsonl": b'{"id": "%d"}\n' % day})
        assert list((tmp_path / "data").glob("2026*")) == []
        writing.settle()

    assert len(list((tmp_path / "data").glob("*.jsonl"))) == len(list((tmp_path / "data").glob("*.jsonl.gz"))) == 3


def test_documents_are_replaced_after_those_they_lead_to(tmp_path, documents, monkeypatch):
    done = []
    replace, fsync = os.replace, os.fsync
    monkeypatch.setattr(os, "replace", lambda one, other: (done.append(Path(other).name), replace(one, other)))
    monkeypatch.setattr(os, "fsync", lambda one: (done.append("on the disk"), fsync(one)))
    with Writing(tmp_path) as writing:
        writing.take(documents)
        writing.take({"archive/all-0001.atom": documents["all.atom"]})
        writing.settle()

    first = done.index("all-0001.atom")
    assert done[first : first + 2] == ["all-0001.atom", "on the disk"]
    assert first < min(done.index(name) for name in documents)


@pytest.mark.parametrize("sheaf", [1, 40])
def test_what_was_not_settled_is_as_it_was(tmp_path, documents, empty, monkeypatch, sheaf):
    monkeypatch.setattr(sys.modules[Writing.__module__], "_SHEAF", sheaf)
    write(tmp_path, {"all.rss": empty.documents["all.rss"]})
    before = state(tmp_path)

    with contextlib.suppress(PowerCut), Writing(tmp_path) as writing:
        writing.take(documents)
        raise PowerCut

    assert state(tmp_path) == before


def test_unchanged_documents_are_not_touched(tmp_path, documents):
    write(tmp_path, documents)
    before = state(tmp_path)

    again = write(tmp_path, documents)

    assert (again.written, again.unchanged) == ((), ("all.atom", "all.rss", "ru.json"))
    assert state(tmp_path) == before


def test_a_twin_is_the_same_bytes_whenever_it_is_made(tmp_path, documents):
    for part in ("a", "b"):
        write(tmp_path / part, documents)

    assert (tmp_path / "a" / "all.rss.gz").read_bytes() == (tmp_path / "b" / "all.rss.gz").read_bytes()


def test_readers_may_read(tmp_path, documents):
    write(tmp_path, documents)

    assert stat.S_IMODE((tmp_path / "all.rss").stat().st_mode) == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_refused_document_leaves_the_last_one(tmp_path, documents, empty):
    write(tmp_path, documents)
    before = state(tmp_path)

    result = write(tmp_path, {"all.rss": empty.documents["all.rss"], "ru.json": b"{"})

    assert result.written == ()
    assert result.refused["all.rss"] == "all.rss: empty, while the last one has 6 entries"
    assert "not well-formed" in result.refused["ru.json"]
    assert state(tmp_path) == before


def test_feeds_that_are_no_more_stay(tmp_path, documents):
    write(tmp_path, documents)
    write(tmp_path, {"all.rss": documents["all.rss"]})

    assert (tmp_path / "ru.json").exists()


def test_leftovers_of_a_crash_are_cleared_and_nothing_else(tmp_path, documents):
    leave(tmp_path / ".all.rss.0.tmp")
    leave(tmp_path / ".keep")
    (tmp_path / "README.md").write_bytes(b"about")

    write(tmp_path, documents)

    assert not (tmp_path / ".all.rss.0.tmp").exists()
    assert (tmp_path / ".keep").exists()
    assert (tmp_path / "README.md").exists()


def test_who_writes_beside_another_takes_nothing_from_it(tmp_path, documents, empty, monkeypatch):
    monkeypatch.setattr(sys.modules[Writing.__module__], "_SHEAF", 1)
    with Writing(tmp_path) as writing:
        writing.take(documents)
        write(tmp_path, {"all.rss": empty.documents["all.rss"]})
        writing.settle()

    assert {name: (tmp_path / name).read_bytes() for name in documents} == documents


def test_what_another_finishes_while_leftovers_are_looked_for_is_none(tmp_path, documents, monkeypatch):
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: [*listed(folder), ".all.rss.finished.tmp"])

    assert write(tmp_path, documents).written


@pytest.mark.parametrize("sheaf", [1, 40])
def test_a_folder_that_nothing_can_be_changed_in_any_more_is_said_to_be_one(tmp_path, documents, monkeypatch, sheaf):
    monkeypatch.setattr(sys.modules[Writing.__module__], "_SHEAF", sheaf)

    def read_only(path, **_):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(os, "unlink", read_only)
    monkeypatch.setattr(os, "replace", read_only)
    with pytest.raises(StoreError, match="Read-only file system"):
        write(tmp_path, documents)


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b short", gzip.compress(b"another document", mtime=0)])
def test_a_wrong_twin_is_made_anew(tmp_path, documents, damage):
    write(tmp_path, documents)
    (tmp_path / "all.rss.gz").write_bytes(damage)

    write(tmp_path, documents)

    assert gzip.decompress((tmp_path / "all.rss.gz").read_bytes()) == documents["all.rss"]


@pytest.mark.parametrize("call", range(1, 9))
@pytest.mark.parametrize("name", ["fsync", "replace", "unlink"])
def test_a_crash_at_any_moment_leaves_whole_documents_and_no_stale_twin(
    tmp_path, documents, empty, monkeypatch, name, call
):
    old = {"all.rss": empty.documents["all.rss"], "all.atom": empty.documents["all.atom"]}
    new = {key: documents[key] for key in old}
    write(tmp_path, old)
    calls = iter(range(1, 1000))
    real = getattr(os, name)

    def cut(*args, **keywords):
        if next(calls) == call:
            raise PowerCut
        return real(*args, **keywords)

    with monkeypatch.context() as patched:
        patched.setattr(os, name, cut)
        with contextlib.suppress(PowerCut):
            write(tmp_path, new)

    for key, before in old.items():
        document = (tmp_path / key).read_bytes()
        assert document in (before, new[key])
        twin = tmp_path / f"{key}.gz"
        assert not twin.exists() or gzip.decompress(twin.read_bytes()) == document

    write(tmp_path, new)
    undisturbed = tmp_path / "undisturbed"
    write(undisturbed, new)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == {
        p.name: p.read_bytes() for p in undisturbed.iterdir()
    }


@pytest.mark.parametrize("name", ["../all.rss", "a/b.rss", ".hidden.rss", "all", "", "all.rss/"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(ValueError, match="not the name of a feed's file"):
        write(tmp_path, {name: b"x"})


def test_an_unwritable_folder_is_said_to_be_one(tmp_path, documents):
    (tmp_path / "feeds").write_bytes(b"a file")

    with pytest.raises(StoreError, match=r"cannot write .*feeds.*must be writable"):
        write(tmp_path / "feeds", documents)


def test_the_compressor_adds_no_time():
    assert _compressed(b"x")[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize("sheaf", [1, 40])
@pytest.mark.parametrize("call", [2, 4])
def test_where_there_is_no_room_for_all_nothing_is_replaced(tmp_path, documents, empty, monkeypatch, call, sheaf):
    monkeypatch.setattr(sys.modules[Writing.__module__], "_SHEAF", sheaf)
    write(tmp_path, {"all.rss": empty.documents["all.rss"], "all.atom": empty.documents["all.atom"]})
    before = state(tmp_path)
    calls = iter(range(1, 100))
    real = os.write

    def no_room(descriptor, content):
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content[:1000])  # as a disk does that takes but a part

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", no_room)
        with pytest.raises(StoreError, match="No space left"):
            write(tmp_path, {key: documents[key] for key in ("all.rss", "all.atom")})

    assert state(tmp_path) == before
