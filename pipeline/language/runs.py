"""Which of many known runs of one, two and three signs a text has: looked up for all of the text at once.

Signs are numbered, and pairs of them, so that a table tells of each place of a text what is known there. What is not
here: which runs are known, and what they tell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

#: Runs are this long at most.
_LONGEST = 3
#: Runs whose form is remembered.
_KEPT = 16_384

Numbers = NDArray[np.intp]


class Known:
    """Known runs; of signs in the form that a text's are brought to."""

    def __init__(self, runs: Collection[str], form: Callable[[str], str]) -> None:
        self._form = form
        #: A run in the form of its signs; the same are drawn from text after text.
        self._formed = lru_cache(_KEPT)(lambda run: "".join(map(form, run)))
        #: Sign → its number; nought is left for all others. Two signs that are a run, or begin one, likewise.
        self._signs = {sign: number for number, sign in enumerate(sorted({sign for run in runs for sign in run}), 1)}
        pairs = {pair: number for number, pair in enumerate(sorted({run[:2] for run in runs if len(run) > 1}), 1)}
        self._count = len(self._signs) + 1
        self._pairs = np.zeros(self._count**2, dtype=np.intp)  # by first and second sign
        self._one = np.zeros(self._count, dtype=np.bool_)  # by sign
        self._two = np.zeros(len(pairs) + 1, dtype=np.bool_)  # by pair
        self._three = np.zeros((len(pairs) + 1) * self._count, dtype=np.bool_)  # by pair and third sign
        for pair, number in pairs.items():
            self._pairs[self._signs[pair[0]] * self._count + self._signs[pair[1]]] = number
            self._two[number] = pair in runs
        for run in runs:
            if len(run) == 1:
                self._one[self._signs[run]] = True
            elif len(run) == _LONGEST:
                self._three[pairs[run[:2]] * self._count + self._signs[run[2]]] = True
        #: Code → four times its sign's number, and 2 for a capital, and 1; nought for one that was not met yet.
        self._met = np.zeros(sys.maxunicode + 1, dtype=np.uint16)

    def found(self, text: str) -> Found:
        """Return the runs of text that are known, as they end, the shorter first; none that ends within a word in capitals."""
        text = " " * (_LONGEST - 1) + text
        met = self._numbered(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4"))
        signs: Numbers = (met >> 2).astype(np.intp)
        pairs: Numbers = self._pairs[signs[:-1] * self._count + signs[1:]]
        known = np.empty((len(text) - _LONGEST + 1, _LONGEST), dtype=np.bool_)
        known[:, 0], known[:, 1] = self._one[signs[2:]], self._two[pairs[1:]]
        known[:, 2] = self._three[pairs[:-1] * self._count + signs[2:]]
        known[(met[1:-1] & met[2:] & 2) > 0] = False
        return Found(text, np.flatnonzero(known), self._formed)

    def _numbered(self, codes: NDArray[np.uint32]) -> NDArray[np.uint16]:
        met: NDArray[np.uint16] = self._met[codes]
        if met.all():
            return met
        for code in set(codes[met == 0].tolist()):
            sign = self._form(chr(code))
            self._met[code] = 4 * self._signs.get(sign, 0) + 2 * sign.isupper() + 1
        return self._met[codes]


class Found:
    """The runs of a text that are known; each is put together when it is asked for, as few are."""

    def __init__(self, text: str, at: Numbers, formed: Callable[[str], str]) -> None:
        """At: three times the place of a run's first possible sign, and how many signs it has but one."""
        self._text, self._at, self._formed = text, at, formed

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, number: int) -> str:
        place, more = divmod(self._at.item(number), _LONGEST)
        return self._formed(self._text[place + _LONGEST - 1 - more : place + _LONGEST])
