"""Changes are put into the feeds by a thread of its own, several at once: who made them need not wait.

What was changed is in the store before anybody asks here; so nothing is lost with this thread but time:
the next pass puts it out as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Press:
    """Does `work` soon after it was asked for, never twice at the same time."""

    def __init__(self, work: Callable[[], None], failed: Callable[[Exception], None], pause: float = 0.25) -> None:
        """work: puts out what the store holds; failed: is told of errors; pause: seconds to wait for more."""
        self._work, self._failed, self._pause = work, failed, pause
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self) -> int:
        """Ask for a turn; return its number, at once."""
        with self._changed:
            self._asked += 1
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="press", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return self._asked

    def wait(self, turn: int, seconds: float) -> bool:
        """Wait until a turn is done, for so many seconds at most; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._done >= turn, seconds)

    @property
    def done(self) -> int:
        """The number of the last turn that is done."""
        return self._done

    def close(self) -> None:
        """Finish what was asked for, and stop."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked > self._done or self._closed)
                if self._asked == self._done:
                    return
                self._changed.wait_for(lambda: self._closed, self._pause)
                turn = self._asked
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next turn is tried; it is told of
                self._failed(error)
            with self._changed:
                self._done = turn
                self._changed.notify_all()
