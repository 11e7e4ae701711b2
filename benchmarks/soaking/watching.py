"""The watch under the soak: a real process with the soak's clock, killed and started anew, and what it weighs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psutil

#: Loads the program first and takes the time last, so that the process tells the very time the soak tells.
_CHILD = """
import os, sys, time
from datetime import datetime, timedelta
from pipeline import cli, cycle, schedule
start, began, rate = datetime.fromisoformat(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
os.environ["NEVAWIRE_NOW"] = (start + timedelta(seconds=(time.monotonic() - began) * rate)).isoformat()
os.environ["NEVAWIRE_CLOCK_RATE"] = sys.argv[3]
sys.argv = ["nevawire", "watch"]
cli.main()
"""


class Weight(NamedTuple):
    """What the process and its children took, megabytes, at an hour."""

    hour: float
    main: float
    whole: float  #: with its children; shared pages counted once
    started: int  #: which process it was


class Watch:
    """One `nevawire watch` after the other over one installation."""

    def __init__(self, folder: Path, start: datetime, rate: float) -> None:
        self._folder, self._start, self._rate = folder, start, rate
        self._began = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.weights: list[Weight] = []
        self.killed: list[float] = []
        self._families: list[list[psutil.Process]] = []

    def hour(self) -> float:
        """Return the simulated hour."""
        return (time.monotonic() - self._began) * self._rate / 3600

    def start(self) -> None:
        """Begin a watch."""
        env = os.environ | {
            "NEVAWIRE_SOURCES": str(self._folder / "sources.yaml"), "NEVAWIRE_STORE": str(self._folder / "store"),
            "NEVAWIRE_FEEDS": str(self._folder / "feeds"), "NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*",
        }  # fmt: skip
        words = [sys.executable, "-c", _CHILD, self._start.isoformat(), repr(self._began), repr(self._rate)]
        with (self._folder / "watch.log").open("ab") as log:
            self._process = subprocess.Popen(words, env=env, stdout=log, stderr=subprocess.STDOUT)
        self.starts += 1

    def kill(self) -> None:
        """Kill it as no process can prevent."""
        process = self._running()
        with suppress(psutil.NoSuchProcess):
            self._families.append(psutil.Process(process.pid).children(recursive=True))
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.killed.append(self.hour())

    def end(self) -> int:
        """Let it end in order; return its exit code."""
        process = self._running()
        with suppress(psutil.NoSuchProcess):
            self._families.append(psutil.Process(process.pid).children(recursive=True))
        process.terminate()
        try:
            return process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._running().poll() is None

    def weigh(self) -> None:
        """Note what it takes now."""
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            main = psutil.Process(self._running().pid)
            own = main.memory_info().rss
            whole = own + sum(_private(one) for one in main.children(recursive=True))
            self.weights.append(Weight(self.hour(), own / 2**20, whole / 2**20, self.starts))

    def cpu(self) -> float:
        """Return how many seconds of a processor it and its children have taken."""
        main = psutil.Process(self._running().pid)
        return sum(sum(one.cpu_times()[:2]) for one in (main, *main.children(recursive=True)))

    def orphans(self) -> int:
        """Return how many children outlived a watch of theirs."""
        return sum(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for each in self._families for one in each)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process


def _private(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return float(process.memory_full_info().uss)
    return 0.0
