"""Made-up news in two languages for benchmarks of the desk: the same sentences in both, of words that translate each other.

Words are as frequent as in news: a few are everywhere, most are rare. The same number always gives the same article.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate

from pipeline import names

#: The newest article's date; each is some minutes older than the one before.
NEWEST = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_APART = timedelta(minutes=13)
_SENTENCES, _WORDS = 14, 15


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
    sentences = [_sentence(dice) for _ in range(_SENTENCES)]
    title = _sentence(dice, 7)
    return Made(
        number, NEWEST - number * _APART,
        {code: title[code] for code in ("ru", "en")},
        {code: "\n".join(" ".join(one[code] + "." for one in sentences[at : at + 3]) for at in range(0, _SENTENCES, 3))
         for code in ("ru", "en")},
    )  # fmt: skip


def _sentence(dice: random.Random, length: int = _WORDS) -> dict[str, str]:
    words, weights = _vocabulary()
    chosen = dice.choices(words, cum_weights=weights, k=length)
    sides = {code: [dice.choice(one[code]) for one in chosen] for code in ("ru", "en")}
    if dice.random() < 0.12:
        name, place = dice.choice(names.shipped().every), dice.randrange(length)
        for code, own in sides.items():
            own.insert(place, name.title[code])
    if dice.random() < 0.3:
        figure = str(dice.randrange(2, 5000))
        for own in sides.values():
            own.append(figure)
    return {code: " ".join(own).capitalize() for code, own in sides.items()}


@cache
def _vocabulary() -> tuple[list[dict[str, list[str]]], list[float]]:
    """Return families of words, in an order of their own, and how much more frequent each makes those before it."""
    lines = (files("pipeline.pairing") / "lexicon.tsv").read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in lines if line and not line.startswith("#")]
    random.Random(1).shuffle(found)
    families = [{"ru": ru.split(), "en": en.split()} for ru, en in found]
    return families, list(accumulate(1 / (rank + 3) for rank in range(len(families))))
