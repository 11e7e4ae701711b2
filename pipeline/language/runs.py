"""Which of many known runs of one, two and three signs a text has: looked up for all of the text at once.

Signs are numbered, and pairs of them, so that a table tells of each place of a text what is known there. What is not
here: which runs are known, and what they tell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

#: Runs are this long at most.
_LONGEST = 3

Numbers = NDArray[np.intp]
#: Numbers of runs.
Runs = NDArray[np.int32]


class Known:
    """Known runs; of signs in the form that a text's are brought to."""

    def __init__(self, runs: Collection[str], form: Callable[[str], str]) -> None:
        self._form = form
        #: Of each run, by its number.
        self.runs = ("", *runs)
        #: Sign → its number; nought is left for all others. Two signs that are a run, or begin one, likewise.
        self._signs = {sign: number for number, sign in enumerate(sorted({sign for run in runs for sign in run}), 1)}
        pairs = {pair: number for number, pair in enumerate(sorted({run[:2] for run in runs if len(run) > 1}), 1)}
        self._count = len(self._signs) + 1
        self._pairs = np.zeros(self._count**2, dtype=np.intp)  # by first and second sign
        # Runs, or nought where none is known:
        self._one = np.zeros(self._count, dtype=np.int32)  # by sign
        self._two = np.zeros(len(pairs) + 1, dtype=np.int32)  # by pair
        self._three = np.zeros((len(pairs) + 1) * self._count, dtype=np.int32)  # by pair and third sign
        for pair, number in pairs.items():
            self._pairs[self._signs[pair[0]] * self._count + self._signs[pair[1]]] = number
        for number, run in enumerate(self.runs):
            if len(run) == 1:
                self._one[self._signs[run]] = number
            elif len(run) == 2:
                self._two[pairs[run]] = number
            elif len(run) == _LONGEST:
                self._three[pairs[run[:2]] * self._count + self._signs[run[2]]] = number
        #: Code → four times its sign's number, and 2 for a capital, and 1; nought for one that was not met yet.
        self._met = np.zeros(sys.maxunicode + 1, dtype=np.uint16)

    def found(self, text: str) -> Runs:
        """Return the runs of text that are known, as they end, the shorter first; none that ends within a word in capitals."""
        text = " " * (_LONGEST - 1) + text
        met = self._numbered(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4"))
        signs: Numbers = (met >> 2).astype(np.intp)
        pairs: Numbers = self._pairs[signs[:-1] * self._count + signs[1:]]
        known = np.empty((len(text) - _LONGEST + 1, _LONGEST), dtype=np.int32)
        known[:, 0], known[:, 1] = self._one[signs[2:]], self._two[pairs[1:]]
        known[:, 2] = self._three[pairs[:-1] * self._count + signs[2:]]
        known[(met[1:-1] & met[2:] & 2) > 0] = 0
        return known[known > 0]

    def _numbered(self, codes: NDArray[np.uint32]) -> NDArray[np.uint16]:
        met: NDArray[np.uint16] = self._met[codes]
        if met.all():
            return met
        for code in set(codes[met == 0].tolist()):
            sign = self._form(chr(code))
            self._met[code] = 4 * self._signs.get(sign, 0) + 2 * sign.isupper() + 1
        return self._met[codes]
