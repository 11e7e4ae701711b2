"""Commands as processes of their own: what each says as it goes, and that none outlives its test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import databases

NEVAWIRE = (sys.executable, "-m", "pipeline")
#: Nothing that is waited for here takes longer, on the slowest machine, seconds.
PATIENCE = 300


@dataclass
class Running:
    """A process, and what it has said so far."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def text(self) -> str:
        return self.log.read_text("utf-8")

    def says(self, words: str) -> str:
        """Wait until it has said these words; return all it has said."""
        wait_for(lambda: words in self.text or self.process.poll() is not None)
        assert words in self.text, self.text
        return self.text

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Let it end in order; return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


class Processes:
    """Everything a test has started, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started: list[Running] = []

    def start(self, *line: str, env: Mapping[str, str], cwd: Path | None = None) -> Running:
        log = self._folder / f"process-{len(self.started)}.log"
        own = databases.variables(Path(env["NEVAWIRE_STORE"])) if "NEVAWIRE_STORE" in env else {}
        with log.open("wb") as out:
            process = subprocess.Popen(
                line, env=os.environ | own | dict(env), cwd=cwd, stdout=out, stderr=subprocess.STDOUT
            )
        self.started.append(Running(process, log))
        return self.started[-1]

    def close(self) -> None:
        for one in self.started:
            one.kill()


def wait_for(done, seconds: float = PATIENCE) -> None:
    """Wait until done() is true, or for so long."""
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.1)
