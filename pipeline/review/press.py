"""Changes are put into the feeds by a thread of its own, several at once: who made them need not wait.

What was changed is in the store before anybody asks here; so nothing is lost with this thread but time:
the next pass puts it out as well.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from pipeline.review.effects import Change

#: So many turns back it is known what they changed.
_KNOWN = 200


class Press:
    """Does `work` soon after it was asked for, never twice at the same time, and knows what it changed."""

    def __init__(
        self, work: Callable[[], tuple[Change, ...]], failed: Callable[[Exception], None], pause: float = 0.25
    ) -> None:
        """work: puts out what the store holds; failed: is told of errors; pause: seconds to wait for more."""
        self._work, self._failed, self._pause = work, failed, pause
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._results: OrderedDict[int, tuple[Change, ...] | None] = OrderedDict()
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

    def result(self, turn: int) -> tuple[Change, ...] | None:
        """Return what a turn that is done changed; None where it failed, or is not known any more."""
        with self._changed:
            return self._results.get(turn)

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
                first, turn = self._done + 1, self._asked
            made: tuple[Change, ...] | None = None
            try:
                made = self._work()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next turn is tried; it is told of
                self._failed(error)
            with self._changed:
                self._results.update(dict.fromkeys(range(first, turn + 1), made))
                while len(self._results) > _KNOWN:
                    self._results.popitem(last=False)
                self._done = turn
                self._changed.notify_all()
