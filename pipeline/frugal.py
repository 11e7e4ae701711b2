"""Memory given back to a small machine: what a long-lived process has finished with, the C library would keep.

glibc keeps a heap for each thread and returns little of any (mallopt(3), malloc_trim(3)); after a large pass that is a
hundred megabytes for nothing. Other C libraries have neither call, and nothing is done there.
"""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8  # malloc.h: M_ARENA_MAX


def begin() -> None:
    """Let all threads of this process share two heaps from now on."""
    _call("mallopt", _ARENA_MAX, 2)


def give_back() -> None:
    """Return what is free in the heaps to the system; takes milliseconds."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)
