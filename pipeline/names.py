"""Institutions and places that articles name, known by their official names: names.tsv, found in any grammatical form.

Persons are not among them, on purpose: who is named where is nobody's index.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from importlib.resources import files

from pipeline import stems
from pipeline.record import dataclass

_FILE = "names.tsv"
KINDS = ("organisation", "place")


@dataclass(frozen=True, slots=True)
class Name:
    """One institution or place."""

    id: str  #: its English name in small letters and hyphens
    kind: str  #: organisation | place
    title: Mapping[str, str]  #: language → official name


@dataclass(frozen=True)
class Names:
    """Names and how to find them."""

    every: tuple[Name, ...]
    digest: str  #: of the file
    forms: Mapping[str, Sequence[tuple[str, ...]]] = field(repr=False)  #: id → stems of each of its forms
    _starts: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = field(repr=False)
    _exact: Mapping[str, str] = field(repr=False)  #: abbreviations, which have no grammatical forms

    def found(self, words: Sequence[str], stemmed: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the ids of the names that stand in a row of folded words, sorted; of two at one place the longer.

        stemmed: their stems, where these are known.
        """
        row, starts, exact = stemmed or stems.stemmed(words), self._starts, self._exact
        short = not exact.keys().isdisjoint(words)  # in few texts, and sooner told
        if not short and starts.keys().isdisjoint(row):
            return ()
        ids, over = set(), 0
        for at in [at for at, stem in enumerate(row) if stem in starts or (short and words[at] in exact)]:
            if at < over:
                continue
            match = next((one for one in starts.get(row[at], ()) if tuple(row[at : at + len(one[0])]) == one[0]), None)
            if match or words[at] in exact:
                ids.add(match[1] if match else exact[words[at]])
            over = at + (len(match[0]) if match else 1)
        return tuple(sorted(ids))


@lru_cache(maxsize=1)
def shipped() -> Names:
    """Return the names that come with the program."""
    return parse(_file())


@lru_cache(maxsize=1)
def shipped_digest() -> str:
    """Return the digest of the names that come with the program, for whoever need not know them: they take a while to read."""
    return _digest(_file())


def _file() -> str:
    return (files(__package__) / _FILE).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def parse(text: str) -> Names:
    """Read lines "kind<TAB>English<TAB>Russian<TAB>others"; "#" starts a comment.

    Raises ValueError naming the line that is none.
    """
    every, forms, exact = [], [], {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 3 or cells[0] not in KINDS or not all(cells[:3]):
            raise ValueError(f"{_FILE} line {number}: expected a kind, an English and a Russian name, got {line!r}")
        kind, english, russian, *others = cells
        one = Name(_slug(english), kind, {"en": english, "ru": russian})
        every.append(one)
        written = [english, russian, *(form for cell in others for form in cell.split("|"))]
        short = {form for form in written if form.isupper() and len(stems.words(form)) == 1}
        forms += [(tuple(stems.stems(form)), one.id) for form in written if form and form not in short]
        exact.update({stems.words(form)[0]: one.id for form in short})
    by_id: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words, id_ in forms:
        by_id[id_].append(words)
    return Names(tuple(every), _digest(text), by_id, _by_start(forms), exact)


def _by_start(forms: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return forms by their first word, the longest first."""
    starts: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for words, id_ in sorted(set(forms), key=lambda form: (-len(form[0]), form)):
        starts[words[0]].append((words, id_))
    return dict(starts)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
