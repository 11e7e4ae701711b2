"""Whether a process is known to have ended, so that nobody need wait for a sign of life that cannot come.

It is known on the machine it ran on alone, and there until the next start: a process leaves a mark that names the
machine's start, its table of processes, its clock and its own beginning, since numbers of processes are given out
again. Of any other, and where the system does not tell (proc(5) is Linux's) or tells of another table than the one that
our numbers are from, nothing is known. What is not here: who holds what (duty.py).
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

_PROC = Path("/proc")
#: A process that its parent has not yet taken note of, and one on its way there, proc(5).
_DEAD = frozenset("ZX")


def mark(pid: int) -> str:
    """Return what tells a living process of this machine from all others; "" where the system does not say."""
    begun = _begun(pid)
    return f"{_machine()}.{begun}" if begun and _machine() else ""


def ended(pid: int, left: str) -> bool:
    """Tell whether the process that left this mark is known to have ended."""
    machine, _, begun = left.partition(".")
    if not begun or machine != _machine():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # somebody else's: there is one, and that is all we may know
        return False
    now = _begun(pid)
    return now is not None and now != begun


@cache
def _machine() -> str:
    """Return a name for this start of this machine, for the processes that are seen from here, and the clock they go by."""
    try:
        if str((_PROC / "self").readlink()) != str(os.getpid()):
            return ""  # what is told here is about others: the file system of another table of processes
        seen = (_PROC / "sys/kernel/random/boot_id").read_text("ascii") + str((_PROC / "self/ns/pid").readlink())
        clock = _PROC / "self/ns/time"  # older kernels have but one
        seen += str(clock.readlink()) if clock.is_symlink() else ""
        seen += os.uname().nodename  # copies of a running machine, or of a sandbox, have all else in common
    except OSError:
        return ""
    return sha256(seen.encode()).hexdigest()[:8]


def _begun(pid: int) -> str | None:
    """Return when a process began, in ticks since the machine did; "" for a dead one, None where it is not told."""
    try:
        told = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    state, *rest = told.rpartition(")")[2].split()  # its name may hold anything
    return "" if state in _DEAD else rest[18]
