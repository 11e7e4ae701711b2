"""Where child processes come from: a server that has imported what they work with, and forks them.

It is apart from those who give them work (children.py), so that it can be started before anything else of a pass is
imported. It waits for two words only, "have a child" and "it is over", and is gone, with all it forked, when whoever
started it is. What a child does is child.py's.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

#: A word to the server: what it should do, and with what number, be it a limit or a child's.
_WORD = struct.Struct("!cq")
_HAVE, _OVER = b"h", b"o"
#: Its answer: the child's number, or less than nothing: why there is none (errno).
_ANSWER = struct.Struct("!q")
#: Seconds that a server may take to answer: on a slow machine it imports for ten, and after that there is none that is not stuck.
_PATIENCE = 60.0
#: Words to end, which a server and its children leave to the command.
_NOT_HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: What a server begins with that is a program of its own; the line to it is where programs have their input.
_PROGRAM = "import sys; sys.path[:] = {path!r}; from pipeline import cradle; cradle.serve({preload!r})"


class _Server:
    """The server, as whoever started it sees it."""

    def __init__(self, pid: int, line: socket.socket) -> None:
        self.pid = pid
        self._line = line
        line.settimeout(_PATIENCE)

    def have(self, megabytes: int, end: socket.socket) -> int:
        """Have a child that holds this end of a line; return its number. Raises OSError."""
        socket.send_fds(self._line, [_WORD.pack(_HAVE, megabytes)], [end.fileno()])
        answer = self._line.recv(_ANSWER.size)
        if not answer:
            raise ConnectionResetError("the process they are forked from has ended")
        (number,) = _ANSWER.unpack(answer)
        if number < 0:
            raise OSError(-number, os.strerror(-number))
        return int(number)

    def over(self, child: int) -> None:
        """Have a child killed."""
        with suppress(OSError):  # it is gone, and children of its end by themselves
            self._line.sendall(_WORD.pack(_OVER, child))

    def close(self) -> None:
        """Let it go; it may be stopped, and would not notice."""
        self._line.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


class Cradle:
    """Where children of one kind come from.

    preload: imported once by the server, so that no child pays for it again. rehearsal: imported after that where there is time.
    """

    def __init__(self, preload: Sequence[str], rehearsal: Sequence[str] = ()) -> None:
        self.preload = tuple(preload)
        self._rehearsal = tuple(rehearsal)
        self._server: _Server | None = None
        self._asking = threading.Lock()

    def warm_up(self) -> None:
        """Let the server start beside other work, where it is known that there will be pages.

        It is forked from this process while that has one thread: half of what a new program takes to start is done.
        """
        with self._asking:
            if self._server is None:
                start = _forked if threading.active_count() == 1 else _started
                self._server = start((*self.preload, *self._rehearsal))

    def child(self, megabytes: int) -> tuple[int, socket.socket]:
        """Have a child of so much memory at most; return its number, and the line to it.

        Waits until the server has imported what it does. Raises OSError where no process can be started.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._asking:
                with suppress(ConnectionError, TimeoutError):  # it was killed meanwhile, or is stuck
                    if self._server is not None:
                        return self._had(self._server, megabytes, theirs), ours
                self._server = _started(self.preload)
                return self._had(self._server, megabytes, theirs), ours
        except BaseException:
            ours.close()
            raise

    def _had(self, server: _Server, megabytes: int, end: socket.socket) -> int:
        """Have a child of a server, which is let go where it does not answer."""
        try:
            return server.have(megabytes, end)
        except (ConnectionError, TimeoutError):
            self._server = None
            server.close()
            raise

    def over(self, number: int) -> None:
        """Have a child killed that is not needed any more, or does not end."""
        if server := self._server:
            server.over(number)


#: Of those who read pages.
READERS = Cradle(["pipeline.nursery"], ["pipeline.rehearsal"])


def _forked(preload: Sequence[str]) -> _Server:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return _Server(pid, ours)
    try:
        ours.close()
        _serve(theirs, preload)
    finally:
        os._exit(1)


def _started(preload: Sequence[str]) -> _Server:
    ours, theirs = socket.socketpair()
    program = _PROGRAM.format(path=sys.path, preload=tuple(preload))
    try:
        with theirs:
            actions = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0)]
            pid = os.posix_spawn(
                sys.executable, [sys.executable, "-c", program], os.environ, file_actions=actions,
                setsigmask=_NOT_HEEDED,  # nor while Python itself starts
            )  # fmt: skip
    except BaseException:
        ours.close()
        raise
    return _Server(pid, ours)


def serve(preload: Sequence[str]) -> NoReturn:
    """Be the server, with the line to whoever started it in place of an input."""
    _serve(socket.socket(fileno=os.dup(0)), preload)


def _serve(line: socket.socket, preload: Sequence[str]) -> NoReturn:
    # Ctrl-C reaches all processes of a terminal, and a service manager's word those of a service; how they end is for the
    # command to say, which finishes the pages in hand.
    for word in _NOT_HEEDED:
        signal.signal(word, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # where who started the command ignores it, none could be waited for
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for name in preload:
        import_module(name)
    from pipeline.child import work

    own: set[int] = set()  # children; a number stays theirs until they are waited for
    while (said := socket.recv_fds(line, _WORD.size, 1))[0]:
        told, ends, *_ = said
        what, number = _WORD.unpack(told)
        if what == _OVER:
            if number in own:
                own.remove(number)
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
            continue
        try:
            pid = os.fork()
        except OSError as error:
            pid = -(error.errno or 1)
        if not pid:
            try:
                line.close()
                work(socket.socket(fileno=ends[0]), number)
            finally:
                os._exit(1)
        os.close(ends[0])
        if pid > 0:
            own.add(pid)
        line.sendall(_ANSWER.pack(pid))
    for number in own:
        os.kill(number, signal.SIGKILL)
    os._exit(0)  # it has nothing to put in order, and whoever reads the program's output to the end waits for that
