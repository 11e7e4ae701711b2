"""Known pairs → weights of the score: a logistic regression of few clues, lightly held back.

Where the known pairs come from (verdicts, declared pairs, documents with gold pairs) is for
the caller to say.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.evidence import FITTED, Clues
from pipeline.pairing.score import SOUND, Weights, text_odds
from pipeline.record import dataclass

Floats = NDArray[np.float64]

#: How strongly weights are held towards nought, per example, in units of each clue's spread.
RIDGE = 1e-4
_STEPS = 60
#: How strongly new weights are held near known ones, in units of each clue's spread: as by a score of pairs.
_HELD = 5.0
#: With fewer pairs that are one story, nothing is refitted.
FEWEST = 30
#: New weights are worth keeping where they are wrong by this share less.
BETTER = 0.02
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """A pair of texts whose truth is known; `story` names what is kept together in cross-validation."""

    story: str
    other: str  #: the pair is (story, other)
    clues: Clues
    same: bool


@dataclass(frozen=True, slots=True)
class Refit:
    """New weights beside the old ones: the mean surprise (log loss, lower is better) of each on unseen pairs."""

    weights: Weights
    before: float
    after: float
    pairs: int  #: that are one story
    others: int

    @property
    def better(self) -> bool:
        """Whether the new weights are worth keeping."""
        return self.after < (1 - BETTER) * self.before


def refit(lessons: Sequence[Lesson], old: Weights) -> Refit:
    """Return weights fitted on lessons, and by cross-validation whether they are better than the old.

    Raises ValueError where there is too little to learn from.
    """
    same, others = (len({(one.story, one.other) for one in lessons if one.same is truth}) for truth in (True, False))
    if min(same, others) < FEWEST:
        raise ValueError(
            f"fitting needs at least {FEWEST} certain pairs and {FEWEST} that are near and no pairs; "
            f"there are {same} and {others}"
        )
    after = 0.0
    for fold in range(_FOLDS):
        ours = [one for one in lessons if _fold(one) != fold]
        if len({one.same for one in ours}) == 2:
            weights = fitted([one.clues for one in ours], [one.same for one in ours], around=old)
            after += sum(_surprise(one, weights) for one in lessons if _fold(one) == fold)
    before = sum(_surprise(one, old) for one in lessons)
    new = fitted([one.clues for one in lessons], [one.same for one in lessons], around=old)
    return Refit(new, before / len(lessons), after / len(lessons), same, others)


def _fold(lesson: Lesson) -> int:
    return zlib.crc32(lesson.story.encode()) % _FOLDS


def _surprise(lesson: Lesson, weights: Weights) -> float:
    odds = text_odds(lesson.clues, weights)
    return math.log1p(math.exp(-odds if lesson.same else odds))


def fitted_meaning(clues: Sequence[Clues], same: Sequence[bool], weights: Weights) -> tuple[float, float, float]:
    """Return what the log-odds of weights and the likeness in meaning are worth together, and the bias."""
    bounded = [max(-SOUND, min(SOUND, text_odds(one._replace(meaning=None), weights))) for one in clues]
    raw = np.array([(odds, one.meaning or 0.0) for odds, one in zip(bounded, clues, strict=True)])
    odds, alike, bias = _regression(raw, np.array(same, dtype=np.float64), RIDGE)
    return odds, alike, bias


def fitted(
    clues: Sequence[Clues], same: Sequence[bool], ridge: float = RIDGE, around: Weights | None = None
) -> Weights:
    """Return the weights under which the clues tell best which pairs are the same story.

    around: weights that the new ones are held near, so that a few pairs do not overturn what many taught.

    Raises ValueError where only one kind of pair is given: nothing can be told from it.
    """
    if len(set(same)) < 2:
        raise ValueError("fitting needs pairs that are one story and pairs that are not; only one kind was given")
    raw = np.array([list(one.text().values()) for one in clues])
    before = np.array([*(around.clues[name] for name in FITTED), around.bias]) if around is not None else None
    *plain, bias = _regression(raw, np.array(same, dtype=np.float64), ridge, before)
    worth = dict(zip(FITTED, plain, strict=True))
    return Weights(bias, worth, around.meaning if around else (1.0, 0.0, 0.0))


def _regression(raw: Floats, truth: Floats, ridge: float, around: Floats | None = None) -> list[float]:
    """Return the weights of each column and the bias; around: such weights that they are held near."""
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    given = np.column_stack([(raw - mean) / spread, np.ones(len(raw))])
    held = np.diag([ridge * len(raw)] * raw.shape[1] + [0.0])
    before = np.zeros(given.shape[1])
    if around is not None:
        before = np.append(around[:-1] * spread, around[-1] + around[:-1] @ mean)
        held = np.eye(given.shape[1]) * _HELD
    weights = before.copy()
    for _ in range(_STEPS):
        told = 1 / (1 + np.exp(-np.clip(given @ weights, -30, 30)))
        slope = given.T @ (truth - told) - held @ (weights - before)
        curve = (given * np.maximum(told * (1 - told), 1e-9)[:, None]).T @ given + held
        step = np.linalg.solve(curve, slope)
        worth = _worth(given @ weights, truth, weights - before, held)
        # Far from the best weights a whole step may lead past them, and further each time.
        while np.abs(step).max() > 1e-9:
            if _worth(given @ (weights + step), truth, weights + step - before, held) >= worth - 1e-9:
                break
            step = step / 2
        weights = weights + step
        if float(np.abs(step).max()) < 1e-9:
            break
    plain = weights[:-1] / spread
    return [float(one) for one in (*plain, weights[-1] - plain @ mean)]


def _worth(odds: Floats, truth: Floats, moved: Floats, held: Floats) -> float:
    """Return how well log-odds tell the truth (log likelihood), less what it costs to move from known weights."""
    surprise = np.logaddexp(0.0, np.where(truth > 0, -odds, odds)).sum()
    return -float(surprise) - float(moved @ held @ moved) / 2
