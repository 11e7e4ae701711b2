"""Clues → calibrated probability that two articles tell one story, and why.

A logistic model: the clues of the texts have weights fitted on documents with known
pairs (`weights.json` says on which, and what they reached); what sites and dates say
adds log-odds set by hand below, because no set of documents with dates and addresses
exists to fit them on.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.pairing import headlines, shelf
from pipeline.pairing.declared import VERSIONS, WAYS
from pipeline.pairing.evidence import Clues
from pipeline.record import dataclass

#: Raise it with any change of how pairs are judged: what is open is then judged anew.
VERSION = 1
#: Log-odds a declaration adds. Sites link a section where no translation exists, so texts with
#: nothing in common (below `NOTHING` without it) are held for review instead of linked.
DECLARED: Mapping[str, float] = {"page": 8.0, "hreflang": 7.0, "switch": 6.0, "rule": 6.0, "source": 3.0}
NOTHING = -4.5
#: Log-odds of a counterpart that a site declares to be the version of another article.
ELSEWHERE = -4.0
PICTURE = 2.5
SAME_SOURCE = 0.5
OTHER_SOURCE = -0.5
#: Days from the Russian to the English article, at most → log-odds; later ones take the last.
DAYS: tuple[tuple[float, float], ...] = ((0.5, 0.8), (1.5, 0.4), (3.5, 0.0), (math.inf, -0.6))
#: No text speaks louder than this, for or against; where meanings are compared, its words no louder than `SOUND`.
_LOUDEST = 12.0
SOUND = 8.0
#: From here on a likeness in meaning is worth telling.
_TELLING = 0.5
#: A translation says what the original says. Where one text is half again as long (as a log ratio), and of the
#: words of either less than this share is found in the other, another site tells it in its own words (its own
#: site would have shortened it): no more likely than this, so that an analyst sees it.
RETOLD_LENGTH, RETOLD_WORDS, RETOLD = 0.4, 0.45, 0.8
#: How reasons read that speak against a pair.
_NOTHING, _RETOLD = DOUBTS = ("but the texts have nothing in common", "one says much that the other does not")
#: Log-odds that two texts tell of the same event, each in its own words: set by hand on what such pairs look like.
_KIN, _KIN_HUB, _KIN_MARGIN, _KIN_NAMES = -6.0, 20.0, 5.0, 3.0
#: News of one event comes within so many days.
_KIN_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What each clue of the texts is worth, in log-odds."""

    bias: float
    clues: Mapping[str, float]
    #: Where meanings are compared: what the log-odds above and the likeness in meaning are worth then, and the bias.
    meaning: tuple[float, float, float] = (1.0, 0.0, 0.0)


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """Return the weights that come with the program."""
    fitted = json.loads((files(__package__) / "weights.json").read_text(encoding="utf-8"))
    meaning = fitted["meaning"]
    return Weights(fitted["bias"], fitted["clues"], (meaning["odds"], meaning["alike"], meaning["bias"]))


def weights_of(learned: Mapping[str, Any] | None) -> Weights:
    """Return weights as they were kept; the shipped ones where there are none, or none for these clues."""
    if learned is None or set(learned["clues"]) != set(shipped().clues):
        return shipped()
    return Weights(learned["bias"], learned["clues"], shipped().meaning)


def probability(clues: Clues, weights: Weights) -> float:
    """Return the probability that the two articles tell one story."""
    text = text_odds(clues, weights)
    odds = text + relation_odds(clues)
    if clues.declared in VERSIONS:
        low, high = (0.1, 0.6) if text < NOTHING else (0.1, 1.0)
        return min(max(_logistic(odds), low), high)
    return min(_logistic(odds), RETOLD if is_retold(clues) and not clues.same_source else 1.0)


def text_probability(clues: Clues, weights: Weights) -> float:
    """Return the probability the texts alone give, where nothing is known of their sources."""
    return min(_logistic(text_odds(clues, weights)), RETOLD if is_retold(clues) else 1.0)


def is_retold(clues: Clues) -> bool:
    """Tell whether one text says much that the other does not: a retelling, or a translation of a part."""
    return clues.length > RETOLD_LENGTH and clues.words < RETOLD_WORDS


def kinship(clues: Clues) -> float:
    """Return the probability that the two articles tell of the same event, translations or not."""
    if clues.days is not None and abs(clues.days) > _KIN_DAYS:
        return 0.0
    odds = _KIN + _KIN_HUB * clues.hub + _KIN_MARGIN * max(clues.margin, 0.0) + _KIN_NAMES * clues.names
    if clues.days is not None:
        odds += next(worth for most, worth in DAYS if abs(clues.days) <= most)
    return _logistic(odds + (PICTURE if clues.picture else 0.0))


def text_odds(clues: Clues, weights: Weights) -> float:
    """Return the log-odds that the texts alone give."""
    named = clues.text()
    odds = weights.bias + sum(weight * named[name] for name, weight in weights.clues.items())
    if clues.meaning is not None:
        share, alike, bias = weights.meaning
        odds = share * max(-SOUND, min(SOUND, odds)) + alike * clues.meaning + bias
    return max(-_LOUDEST, min(_LOUDEST, odds + headlines.odds(clues.headline)))


def reasons(clues: Clues, weights: Weights) -> tuple[str, ...]:
    """Return why, as a person would give it, the strongest first."""
    out = []
    if clues.declared:
        out.append(WAYS[clues.declared])
        if text_odds(clues, weights) < NOTHING:
            out.append(_NOTHING)
    if is_retold(clues) and not (clues.declared or clues.same_source):
        out.append(_RETOLD)
    if clues.elsewhere:
        out.append("another article is declared as the version")
    if clues.days is not None:
        out.append(_days(clues.days))
    if clues.picture:
        out.append("same picture")
    out.extend(clues.shared)
    if clues.meaning is not None and clues.meaning >= _TELLING:
        out.append(f"alike in meaning ({clues.meaning:.2f})")
    if headlines.odds(clues.headline):
        out.append(f"the title, translated by machine, is like the other's ({clues.headline:.2f})")
    out.append(f"margin {clues.margin:.2f}" if clues.margin >= 0 else f"a rival is nearer by {-clues.margin:.2f}")
    return tuple(out)


def around(clues: Clues) -> tuple[str, ...]:
    """Return what is known of the sites, dates and pictures of two articles, in words."""
    out = [WAYS[clues.declared]] if clues.declared else []
    out.append("on one site" if clues.same_source else "on different sites")
    if clues.elsewhere:
        out.append("another article is declared as the version")
    if clues.days is not None:
        out.append(_days(clues.days))
    return (*out, "same picture") if clues.picture else tuple(out)


def relation_odds(clues: Clues) -> float:
    """Return the log-odds that sites, dates and pictures give."""
    odds = SAME_SOURCE if clues.same_source else OTHER_SOURCE
    if clues.days is not None:
        odds += next(worth for most, worth in DAYS if abs(clues.days) <= most)
    if clues.picture:
        odds += PICTURE
    if clues.elsewhere:
        odds += ELSEWHERE
    return odds + DECLARED.get(clues.declared, 0.0)


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


def _days(days: float) -> str:
    whole = round(days)
    if whole == 0:
        return "same day"
    return f"English {abs(whole)} {'day' if abs(whole) == 1 else 'days'} {'later' if whole > 0 else 'earlier'}"


def matcher(lexicon: str, weights: Weights) -> str:
    """Return the name of what judges pairs: changes with code, lexicon (by digest) and weights."""
    worth = sorted(weights.clues.items())
    return f"{VERSION}.{shelf.version(lexicon)}.{zlib.crc32(repr((weights.bias, worth, weights.meaning)).encode()):08x}"
