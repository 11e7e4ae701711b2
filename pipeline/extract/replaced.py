"""Whether a known article's page still tells that article: a dead address often answers with something else.

A front page, a list of news or another article in its place is no correction. What is not
here: pages that are no article at all (refuse.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline import address
from pipeline.model import Article

#: Titles that share this much of their words say the same.
_SAME_TITLE = 0.8
#: A title that keeps so much of its words was corrected together with its text.
_LIKE_TITLE = 0.5
#: Share of the old text that must be found again; of the new one, where that is the shorter.
_OLD_KEPT, _NEW_KNOWN = 0.3, 0.5
#: Of the shorter of two texts that are the same.
_SAME_TEXT = 0.8
_WORD = re.compile(r"\w+")
_RUN = 3


def replaced(old: Article, new: Article) -> str:
    """Return why new, read where old stood, is no later state of it; "" where it is one."""
    moved = address.key(old.url) != address.key(new.url)
    titles = _words(old.title), _words(new.title)
    if not moved and _share(titles[0], titles[1], joined=True) >= _SAME_TITLE:
        return ""
    before, after = _runs(_words(old.text)), _runs(_words(new.text))
    shared = len(before & after)
    if shared >= _OLD_KEPT * len(before) or shared >= _NEW_KNOWN * len(after) > 0:
        return ""
    if not moved and _share(titles[0], titles[1], joined=False) >= _LIKE_TITLE:
        return ""
    where = f"leads to {new.url} now, which" if moved else "now"
    return f"{where} tells something else: “{new.title}”"


def same_text(one: Article, two: Article) -> bool:
    """Return whether two pages tell the same in the same words, but for what stands around the text."""
    mine, others = _runs(_words(one.text)), _runs(_words(two.text))
    shared = len(mine & others)
    return shared >= _SAME_TEXT * min(len(mine), len(others)) and 2 * shared >= max(len(mine), len(others)) > 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("ё", "е"))


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))} if words else set()


def _share(old: Sequence[str], new: Sequence[str], *, joined: bool) -> float:
    """Return how many of the old words are among the new; joined: of the words of both."""
    one, two = set(old), set(new)
    return len(one & two) / (len(one | two if joined else one) or 1)
