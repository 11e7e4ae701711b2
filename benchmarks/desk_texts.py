"""Made-up news in two languages for benchmarks of the desk: the same sentences in both, of words that translate each other.

Words are as frequent as in news: a few are everywhere, most are rare. The same number always gives the same article.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate, islice
from operator import itemgetter

from pipeline import names

#: The newest article's date; each is some minutes older than the one before.
NEWEST = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_APART = timedelta(minutes=13)
_SENTENCES, _WORDS, _HEADLINE = 14, 15, 7
CODES = ("ru", "en")
#: A word's forms by language.
Family = dict[str, list[str]]


@dataclass(frozen=True)
class Made:
    """One piece of news: title and text by language, and when."""

    number: int
    at: datetime
    title: dict[str, str]
    text: dict[str, str]


def news(count: int) -> Iterator[Made]:
    """Yield so many pieces of news, the newest first."""
    for number in range(count):
        yield one(number)


def one(number: int) -> Made:
    """Return the piece of news of a number."""
    dice = random.Random(number)
    families, weights = _vocabulary()
    words = iter(dice.choices(families, cum_weights=weights, k=_SENTENCES * _WORDS + _HEADLINE))
    title = _sentence(dice, list(islice(words, _HEADLINE)))
    sentences = [_sentence(dice, list(islice(words, _WORDS))) for _ in range(_SENTENCES)]
    return Made(
        number, NEWEST - number * _APART, {code: title[code] for code in CODES},
        {code: "\n".join(" ".join(one[code] + "." for one in sentences[at : at + 3]) for at in range(0, _SENTENCES, 3))
         for code in CODES},
    )  # fmt: skip


def _sentence(dice: random.Random, chosen: Sequence[Family]) -> dict[str, str]:
    """Return a sentence of these words, each in one of its forms; now and then with a name, now and then a figure."""
    chance = dice.random
    sides = {code: [forms[int(chance() * len(forms))] for forms in map(itemgetter(code), chosen)] for code in CODES}
    if chance() < 0.12:
        known = names.shipped().every
        name, place = known[int(chance() * len(known))], int(chance() * len(chosen))
        for code, own in sides.items():
            own.insert(place, name.title[code])
    if chance() < 0.3:
        figure = str(2 + int(chance() * 4998))
        for own in sides.values():
            own.append(figure)
    return {code: " ".join(own).capitalize() for code, own in sides.items()}


@cache
def _vocabulary() -> tuple[list[Family], list[float]]:
    """Return families of words, in an order of their own, and how much more frequent each makes those before it."""
    lines = (files("pipeline.pairing") / "lexicon.tsv").read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in lines if line and not line.startswith("#")]
    random.Random(1).shuffle(found)
    families = [{"ru": ru.split(), "en": en.split()} for ru, en in found]
    return families, list(accumulate(1 / (rank + 3) for rank in range(len(families))))
