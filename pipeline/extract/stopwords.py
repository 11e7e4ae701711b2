"""The usual words of all languages, by which jusText tells running text, made once in a quarter of the time.

Trafilatura has them read file by file and word by word, jusText makes all 150,000 lower case once more, and looks through them
anew at each page to see that they are the same. What is not here: when jusText is asked (cascade.py).
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from importlib import import_module
from importlib.resources import files


class _All:
    """All words there are."""

    def __contains__(self, word: object) -> bool:
        return True


ALL = _All()


def take(words: Container[str]) -> None:
    """Have trafilatura give jusText these words."""
    from pipeline.extract.borrowed import external

    _as_they_are()
    vars(external).update(JT_STOPLIST=words)


@cache
def usual() -> set[str]:
    """Return what `trafilatura.external.jt_stoplist_init` does, in lower case; and the empty word, which no text has.

    List by list: all of them as one text ask for half as much memory again, which takes an eighth of the time.
    """
    words = set[str]()
    for one in (files("justext") / "stoplists").iterdir():
        if one.name.endswith(".txt"):
            words.update(one.read_bytes().decode().lower().split("\n"))
    return words


@cache
def _as_they_are() -> None:
    """Have jusText take these words without making them lower case once more."""
    core = import_module("justext.core")
    lowered = core.define_stoplist
    ours = (set, _All)
    vars(core).update(define_stoplist=lambda asked: asked if isinstance(asked, ours) else lowered(asked))
