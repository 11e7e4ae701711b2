"""The clues two articles share, as numbers for the score and as words for a person.

How alike the texts are (cosines, rank among rivals) comes from `space` and `candidates`;
what sites and dates say from here. What the clues are worth is in `score`.
"""

from __future__ import annotations

import math
import re
from operator import neg
from typing import NamedTuple

from pipeline.grammar import MONTHS
from pipeline.pairing.candidates import Candidate
from pipeline.pairing.features import Bag, Features
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.pool import Pool
from pipeline.pairing.space import Space

#: The clues whose weights are fitted: the first ones of `Clues`.
FITTED = ("hub", "margin", "numbers", "names", "words", "length", "size")
#: A Russian text has about so many letters for each of its translation's.
LENGTH_RATIO = 1.07
#: Texts of fewer distinct words are judged as if they had so many: a bare title.
FEWEST = 6
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_SHOWN = 5


class Clues(NamedTuple):
    """Everything the score looks at for one pair; thousands are made at once, so a tuple."""

    hub: float  #: hub-corrected similarity of names, cognates and lexicon words
    margin: float  #: lead over the best rival, at most 0.5
    numbers: float  #: cosine of numbers and days
    names: float  #: share of capitalised words found in the other text, the lesser of both sides
    words: float  #: share of lexicon words found in the other text, the lesser of both sides
    length: float  #: how far the lengths are from a translation's, as a log ratio, at most 2
    size: float  #: log of the distinct words in the shorter text, less 4
    meaning: float | None = None  #: how near the vectors of titles and leads are; None where there are none
    headline: float | None = None  #: how near a translated title is to the other's; None where none is translated
    days: float | None = None  #: from the Russian to the English article
    same_source: bool = False
    picture: bool = False
    declared: str = ""  #: key of declared.WAYS
    elsewhere: bool = False  #: one of the two has another declared version
    shared: tuple[str, ...] = ()  #: what a person would point at

    def text(self) -> dict[str, float]:
        """Return the clues of the texts alone, by name, in the order of the weights."""
        return dict(zip(FITTED, self[:7], strict=True))


def compare(
    candidate: Candidate, space: Space, ru: Features, en: Features, numbers: float, *, learned: bool = True
) -> Clues:
    """Return the clues of the texts of one candidate.

    numbers: the cosine of theirs; learned: whether words learned from others may count.
    """
    ratio = abs(math.log((ru.length + 20) / (en.length + 20)) - math.log(LENGTH_RATIO))
    return Clues(
        hub=candidate.hub,
        margin=min(candidate.margin, 0.5),
        numbers=numbers,
        names=min(space.names(ru, en), space.names(en, ru)),
        words=space.coverage(ru, en, learned=learned),
        length=min(ratio, 0.7),
        size=math.log(max(FEWEST, min(len(ru.whole.stems), len(en.whole.stems)))) - 4,
    )


def shared(ru: Features, en: Features, space: Space) -> tuple[str, ...]:
    """Return what the two texts have in common, in words: names, numbers, Latin words, translated words."""
    return (*_names(ru, en, space), *said_numbers(ru.whole, en.whole, space.pool), *_translated(ru, en, space.lexicon))


def _names(ru: Features, en: Features, space: Space) -> list[str]:
    pairs: dict[tuple[str, str], float] = {}
    for key in ru.names.keys() & en.names.keys():
        pair = (bare(ru.names[key]), bare(en.names[key]))
        pairs[pair] = max(pairs.get(pair, 0.0), space.pool.rarity("keys", key))
    best = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
    latin = sorted(word for word in ru.latin & en.whole.stems.keys() if len(word) > 2)
    out = []
    if best:
        shown = [ru_word if ru_word == en_word else f"{ru_word}–{en_word}" for ru_word, en_word in best[:_SHOWN]]
        more = ", …" if len(best) > _SHOWN else ""
        out.append(f"{_counted(len(best), 'name')}: {', '.join(shown)}{more}")
    if latin and not best:
        out.append(f"Latin words: {', '.join(latin[:_SHOWN])}")
    return out


def said_numbers(ru: Bag, en: Bag, pool: Pool) -> list[str]:
    """Return the numbers and days two texts have in common, in words."""
    both = ru.numbers.keys() & en.numbers.keys()
    if not both:
        return []
    days = {str(int(one.split("-")[1])) for one in both if "-" in one}  # a day's number is told with its month
    left = both - days
    common = [one for _, one in sorted(zip(map(neg, pool.rarities("numbers", left)), left, strict=True))]
    dated = [_day(one) for one in common if "-" in one][:_SHOWN]
    numbers = [_said(one) for one in common if "-" not in one][:_SHOWN]
    out = [f"{'day' if len(dated) == 1 else 'days'} {', '.join(dated)}"] if dated else []
    return [*out, f"{'number' if len(numbers) == 1 else 'numbers'} {', '.join(numbers)}"] if numbers else out


def bare(word: str) -> str:
    """Return a word as it is named: without the English ending of what belongs to somebody."""
    return _POSSESSIVE.sub("", word)


def _day(day: str) -> str:
    """Return a canonical day as a person would write it."""
    month, number = day.split("-")
    return f"{int(number)} {MONTHS['en'][int(month) - 1]}"


def _said(number: str) -> str:
    """Return a canonical number as a person would write it."""
    whole, dot, rest = number.partition(".")
    return f"{int(whole):,}{dot}{rest}" if len(whole) > len("2019") else number


def _translated(ru: Features, en: Features, lexicon: Lexicon) -> list[str]:
    """Pair words of the titles that translate each other, in the order of the Russian one."""
    pairs: dict[str, str] = {}
    for stem, word in ru.title.items():
        found = [en.title[other] for other in lexicon.english.get(stem, ()) if other in en.title]
        if found and bare(found[0]).lower() not in (one.lower() for one in pairs.values()):
            pairs[word] = bare(found[0])
    if len(pairs) < 2:
        return []
    return ["titles share " + ", ".join(f"{mine}–{theirs}" for mine, theirs in list(pairs.items())[:_SHOWN])]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
