"""What happens in a soak, decided before it begins: who publishes, corrects, withdraws, fails and recovers when.

A site's state at an instant is a function of the plan alone, so judges and servers cannot disagree about it.
Hours are simulated ones, counted from the start.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.pairing import lexicon

LANGUAGES = ("ru", "en")
#: How a site fails: no answer at all, an error, noise in place of pages, a listing without its news.
FAILURES = ("down", "error", "noise", "bare")
#: Stories that a site has when the soak begins.
OLD = 5
#: Every so many-th word of a text is a name of its own.
_NAMED = 6
_CONSONANTS, _VOWELS = "бвгдзклмнпрст", "аои"
_LATIN = str.maketrans(dict(zip("бвгдзклмнпрстаои", "bvgdzklmnprstaoi", strict=True)))
#: What tells a language: small words between the others.
_GLUE = {
    "ru": ("и", "в", "на", "из", "для", "после", "также", "был", "который", "когда"),
    "en": ("and", "in the", "on the", "from the", "for", "after the", "also", "was", "which", "when the"),
}
_MARKS = {"ru": "уточнено", "en": "corrected"}


@dataclass(frozen=True)
class Story:
    """One piece of news of a site; instants in hours."""

    number: int
    shown: Mapping[str, float]  #: language → when its version appears
    corrected: float | None = None
    gone: float | None = None

    def title(self, site: str, language: str, now: float) -> str:
        """Return its title as it reads at an instant; no two stories have the same."""
        mark = f" ({_MARKS[language]})" if self.corrected is not None and now >= self.corrected else ""
        return f"{_words(f'{site} {self.number} title', language, 8).capitalize()}{mark}"

    def paragraphs(self, site: str, language: str, now: float) -> list[str]:
        """Return its text as it reads at an instant."""
        lines = [_words(f"{site} {self.number} {place}", language, 40).capitalize() + "." for place in range(3)]
        return [f"{self.title(site, language, now)}. {lines[0]}", *lines[1:]]


@dataclass(frozen=True)
class Site:
    """One site of the town."""

    id: str
    host: str
    withdraws: bool  #: what is gone from it shall go from the feeds
    stories: tuple[Story, ...]
    outages: tuple[tuple[float, float, str], ...]  #: (from, to, how it fails)

    def failing(self, now: float) -> str:
        """Return how it fails at an instant; "" where it does not."""
        return next((how for begins, ends, how in self.outages if begins <= now < ends), "")


def town(sources: int, hours: float, seed: int) -> tuple[Site, ...]:
    """Return the plan of so many sites over so many hours."""
    return tuple(_site(number, hours, random.Random(f"{seed} {number}")) for number in range(sources))


def _site(number: int, hours: float, dice: random.Random) -> Site:
    name, many = f"s{number:03}", max(2, round(hours / 4))
    old = [_story(place, -24.0 * (OLD - place), dice, hours, old=True) for place in range(OLD)]
    times = sorted(dice.uniform(0.2, hours * 0.9) for _ in range(many))
    new = [_story(OLD + place, at, dice, hours) for place, at in enumerate(times)]
    outages = []
    if number % 4 == 1:
        begins = dice.uniform(0.1, 0.6) * hours
        outages.append((begins, begins + dice.uniform(0.05, 0.15) * hours, FAILURES[number // 4 % len(FAILURES)]))
    host = f"127.0.{1 + number // 250}.{1 + number % 250}"
    return Site(name, host, number % 2 == 0, (*old, *new), tuple(outages))


def _story(number: int, at: float, dice: random.Random, hours: float, *, old: bool = False) -> Story:
    first, second = dice.sample(LANGUAGES, 2)
    shown = {first: at}
    kind = dice.random()
    if kind < 0.4:
        shown[second] = at
    elif kind < 0.7:
        shown[second] = at + dice.uniform(0.05, 0.2) * hours
    fate = dice.random()
    corrected = at + dice.uniform(0.02, 0.06) * hours if not old and fate < 0.25 else None
    gone = max(shown.values()) + dice.uniform(0.05, 0.1) * hours if not old and 0.25 <= fate < 0.4 else None
    return Story(number, shown, corrected, gone)


def _words(seed: str, language: str, many: int) -> str:
    """Return words that mean the same in both languages, with made-up names among them."""
    dice, words, drawn = random.Random(seed), _dictionary(), []
    for place in range(many):
        russian, english = dice.choice(words)
        name = "".join(dice.choice(_CONSONANTS) + dice.choice(_VOWELS) for _ in range(4))
        if place % _NAMED == 1:
            russian, english = name.capitalize(), name.translate(_LATIN).capitalize()
        glue = _GLUE[language][dice.randrange(10)]
        drawn += [russian if language == "ru" else english, *([glue] if place % 2 else [])]
    return " ".join(drawn)


@cache
def _dictionary() -> tuple[tuple[str, str], ...]:
    return tuple((stem, targets[0]) for stem, targets in sorted(lexicon.shipped().english.items()))
