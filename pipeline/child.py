"""What a child process does: the tasks it is given, one after the other, until nobody is there any more to give it one.

Tasks and answers come and go by a line, as pickles, each after its length. What is not here: who gives them (children.py).
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import socket
import struct
import traceback
from contextlib import suppress
from typing import NoReturn

#: Before each task and each answer: how many bytes it has; before a task, seconds it may take as well.
TASK, ANSWER = struct.Struct("!Qd"), struct.Struct("!Q")
#: How many new objects make a child search for cycles, generation by generation: a page's tree and blocks are tens of
#: thousands that all live to its end, and to look through them again and again took an eighth of its time.
_SELDOM = (50_000, 20, 20)
#: Seconds that whoever gives tasks has to end a child that takes too long, before it ends by itself: nobody may be left to.
_GRACE = 5.0


def work(line: socket.socket, megabytes: int) -> NoReturn:
    """Do what is asked for until the line is closed."""
    _bound(megabytes)
    with line:
        while told := _received(line, TASK.size):
            size, seconds = TASK.unpack(told)
            task = _received(line, size)
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)  # which kills, as nobody heeds it
            answer = _answer(task)
            signal.setitimer(signal.ITIMER_REAL, 0)
            line.sendall(ANSWER.pack(len(answer)) + answer)
    os._exit(0)


def _bound(megabytes: int) -> None:
    """Bound this process's memory; and let it search for cycles seldom."""
    size, most = megabytes * 1024 * 1024, resource.getrlimit(resource.RLIMIT_AS)[1]
    if most != resource.RLIM_INFINITY:
        size = min(size, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    gc.freeze()  # what was imported stays
    gc.set_threshold(*_SELDOM)
    gc.enable()


def _received(line: socket.socket, size: int) -> bytes:
    """Return so many bytes; none where the line is closed."""
    found = b""
    while (
        len(found) < size
    ):  # whoever is stopped (Ctrl-Z) while bytes come is given those that are there when it goes on
        more = line.recv(size - len(found), socket.MSG_WAITALL)
        if not more:
            return b""
        found = found + more if found else more
    return found


def _answer(task: bytes) -> bytes:
    """Return what comes of a task: whether it was done, and what was made, or else why not."""
    try:
        function, args, kwargs = pickle.loads(task)  # noqa: S301 - of our own process
        return pickle.dumps((True, function(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - whoever asked is to know
        return _failure(error)


def _failure(error: BaseException) -> bytes:
    """Return why a task was not done, as itself where it can be sent, with where it happened."""
    if isinstance(error, MemoryError):
        return pickle.dumps((False, MemoryError()))
    where = "".join(traceback.format_exception(error))
    with suppress(BaseException):  # not every error can be told more, be pickled, or be made anew from what it kept
        error.add_note(where)
        sent = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        if tellable(pickle.loads(sent)[1]):  # noqa: S301 - made here
            return sent
    return pickle.dumps((False, RuntimeError(where)))


def tellable(error: object) -> bool:
    """Whether whoever asked can be told this error: others would end more than their task, or nothing can wait for them."""
    return isinstance(error, Exception) and not isinstance(error, StopIteration)
