"""Known pairs → weights of the score: a logistic regression of few clues, lightly held back.

Where the known pairs come from (verdicts, declared pairs, documents with gold pairs) and
whether the new weights are worth keeping is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.pairing.evidence import FITTED, Clues
from pipeline.pairing.score import Weights

#: How strongly weights are held towards nought, per example, in units of each clue's spread.
RIDGE = 1e-4
_STEPS = 60


def fitted(clues: Sequence[Clues], same: Sequence[bool], ridge: float = RIDGE) -> Weights:
    """Return the weights under which the clues tell best which pairs are the same story.

    Raises ValueError where only one kind of pair is given: nothing can be told from it.
    """
    if len(set(same)) < 2:
        raise ValueError("fitting needs pairs that are one story and pairs that are not; only one kind was given")
    raw = np.array([list(one.text().values()) for one in clues])
    truth = np.array(same, dtype=np.float64)
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    given = np.column_stack([(raw - mean) / spread, np.ones(len(raw))])
    held = np.diag([ridge * len(raw)] * raw.shape[1] + [0.0])
    weights = np.zeros(given.shape[1])
    for _ in range(_STEPS):
        told = 1 / (1 + np.exp(-np.clip(given @ weights, -30, 30)))
        slope = given.T @ (truth - told) - held @ weights
        curve = (given * np.maximum(told * (1 - told), 1e-9)[:, None]).T @ given + held
        step = np.linalg.solve(curve, slope)
        weights += step
        if float(np.abs(step).max()) < 1e-9:
            break
    plain = weights[:-1] / spread
    bias = float(weights[-1] - plain @ mean)
    return Weights(bias, {name: float(value) for name, value in zip(FITTED, plain, strict=True)})
