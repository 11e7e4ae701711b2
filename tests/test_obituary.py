"""Whether a process has ended is said only where it is known."""

from __future__ import annotations

import os
import subprocess
import sys

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
