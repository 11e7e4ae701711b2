"""What a command begins with, before its words are understood: children to read pages, where a pass will have some.

The server they are forked from takes as long to start as the command itself, and either has a core: what understands
the words takes a fifth of that to import. So they are looked at plainly here; what is guessed wrong costs a process that has
nothing to do, or a wait for one that starts later. What the words mean is said by the verb (cli_run.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.cradle import READERS
from pipeline.errors import NevawireError
from pipeline.settings import settle
from pipeline.store.prospects import pages_likely


def begin(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Start what children are forked from, where these words ask for a pass that is likely to have pages to read."""
    if words[:1] != ["run"] or {"--help", "--defer"} & set(words):
        return
    with suppress(NevawireError, OSError):  # for the verb to say
        named = _store(words)
        if pages_likely(settle(environment, store=Path(named) if named else None).store):
            READERS.warm_up()


def _store(words: Sequence[str]) -> str:
    """Return the store that is named, last where more are; "" where none is."""
    found = ""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--store" or word.startswith("--store="):
            found = word.partition("=")[2] or following
    return found
