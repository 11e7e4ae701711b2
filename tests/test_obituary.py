"""Whether a process has ended is said only where it is known."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from pipeline import obituary

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its processes")
SLEEPS = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]


@pytest.fixture
def process():
    with subprocess.Popen(SLEEPS, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        one.stdout.readline()
        yield one
        one.kill()


def test_a_living_one_has_not_ended(process):
    left = obituary.mark(process.pid)

    assert left
    assert not obituary.ended(process.pid, left)


def test_a_killed_one_has_ended_before_and_after_its_parent_took_note(process):
    left = obituary.mark(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert obituary.ended(process.pid, left)
    process.wait()
    assert obituary.ended(process.pid, left)


def test_another_one_that_was_given_the_number_is_told_from_it(process):
    machine, _, begun = obituary.mark(process.pid).partition(".")

    assert obituary.ended(process.pid, f"{machine}.{int(begun) - 1}")


@pytest.mark.parametrize("left", ["", "another.12", ".12", "12", "."])
def test_of_other_machines_nothing_is_known(left):
    assert not obituary.ended(2**22 + 1, left)  # beyond the highest number there is


def test_what_cannot_be_asked_about_has_not_ended():
    left = obituary.mark(os.getpid())

    assert not obituary.ended(10**30, left)
    assert obituary.ended(2**22 + 1, left)


def test_where_the_system_does_not_tell_nothing_is_known(tmp_path, monkeypatch):
    left = obituary.mark(os.getpid())
    monkeypatch.setattr(obituary, "_PROC", tmp_path)

    assert obituary.mark(os.getpid()) == ""
    assert not obituary.ended(os.getpid(), left)
    obituary._machine.cache_clear()
    try:
        assert obituary.mark(os.getpid()) == ""
        assert not obituary.ended(2**22 + 1, left)
    finally:
        obituary._machine.cache_clear()


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Stand in for what the system tells, as it tells it of this very process; what it said before is asked anew."""
    own = tmp_path / str(os.getpid())
    (own / "ns").mkdir(parents=True)
    (own / "stat").write_text(f"{os.getpid()} (watch) S {' '.join('1' * 18)} 700 1\n", "ascii")
    (own / "ns/pid").symlink_to("pid:[1]")
    (own / "ns/time").symlink_to("time:[1]")
    (tmp_path / "sys/kernel/random").mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text("a-start\n", "ascii")
    (tmp_path / "self").symlink_to(str(os.getpid()))
    monkeypatch.setattr(obituary, "_PROC", tmp_path)
    obituary._machine.cache_clear()
    yield tmp_path
    obituary._machine.cache_clear()


def moved(told, link, target):
    """Let a link lead elsewhere, as for somebody who stands elsewhere."""
    (told / link).unlink()
    (told / link).symlink_to(target)
    obituary._machine.cache_clear()


def test_what_is_told_of_another_table_of_processes_is_no_mark(told):
    assert obituary.mark(os.getpid()).endswith(".700")
    moved(told, "self", "77")

    assert obituary.mark(os.getpid()) == ""


def test_by_another_clock_nothing_is_known(told):
    left = obituary.mark(os.getpid())
    stat = told / "self/stat"
    stat.write_text(stat.read_text("ascii").replace("700", "800"), "ascii")
    assert obituary.ended(os.getpid(), left)
    moved(told, "self/ns/time", "time:[2]")

    assert not obituary.ended(os.getpid(), left)


def test_of_a_copy_of_this_machine_that_has_another_name_nothing_is_known(told, monkeypatch):
    left = obituary.mark(os.getpid())
    stat = told / "self/stat"
    stat.write_text(stat.read_text("ascii").replace("700", "800"), "ascii")
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(nodename="its-copy"))
    obituary._machine.cache_clear()

    assert not obituary.ended(os.getpid(), left)


def test_an_older_system_has_one_clock(told):
    (told / "self/ns/time").unlink()

    assert obituary.mark(os.getpid()).endswith(".700")
