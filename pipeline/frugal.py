"""What a small machine has little of: memory, given back, and time, not spent on looking for what is not there.

What a long-lived process has finished with, the C library would keep: glibc has a heap for each thread and returns little
of any (mallopt(3), malloc_trim(3)); after a large pass that is a hundred megabytes for nothing. Other C libraries have
neither call, and nothing is done there.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_ARENA_MAX = -8  # malloc.h: M_ARENA_MAX
#: How many new objects make a verb search for cycles, generation by generation.
_SELDOM = (50_000, 20, 20)


@contextmanager
def unsearched() -> Iterator[None]:
    """Import without searching for cycles: what is imported stays, and to look through it all again and again takes a fifth.

    What comes after is searched more seldom than usual: a verb makes hundreds of thousands of objects, and hardly a cycle.
    """
    try:
        # A terminal for its command takes as long to import as all the rest of httpx; BeautifulSoup is asked for lxml alone,
        # and told the charset.
        with staying(), without("httpx._main", "html5lib", "cchardet", "chardet"):
            yield
    finally:
        gc.set_threshold(*_SELDOM)


@contextmanager
def staying() -> Iterator[None]:
    """Make what stays to the end: no search for cycles goes through it, now or later."""
    with unhindered():
        try:
            yield
        finally:
            gc.freeze()


@contextmanager
def unhindered() -> Iterator[None]:
    """Work without searching for cycles: hundreds of thousands of objects are made at once, none of them in any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def end_soon() -> None:
    """Search for cycles no more unless four times as much is made as usually lies between two searches.

    Each takes 15 ms, and what the last ones find goes with the process anyway.
    """
    gc.set_threshold(4 * _SELDOM[0], *_SELDOM[1:])


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Import something as where these modules are not: it knows how to do without, and needs none of them here."""
    hidden = [one for one in modules if one not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # what the import system takes for "not there"
    try:
        yield
    finally:
        for one in hidden:
            sys.modules.pop(one, None)


class _Named(ModuleType):
    """A module that holds nothing: whatever is named there is a class of its own, with nothing in it."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def unfilled(*modules: str) -> Iterator[None]:
    """Import something that names what is in these modules, where nothing that needs it is asked for; those there stay."""
    empty = {one: _Named(one) for one in modules if one not in sys.modules}
    sys.modules.update(empty)
    try:
        yield
    finally:
        for one in empty:
            sys.modules.pop(one, None)


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
