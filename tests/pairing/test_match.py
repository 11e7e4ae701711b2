"""The one-to-one choice is the best there is, whatever competes with what."""

from __future__ import annotations

import math
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pairing.match import LINKED, REVIEW, assigned, matched

scores = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.floats(0.11, 0.999, allow_nan=False), max_size=9
)


def odds(p: float) -> float:
    return math.log(p / (1 - p))


def worth(pairs: object, scores: dict[tuple[int, int], float], floor: float) -> float:
    return sum(odds(scores[pair]) - odds(floor) + 1e-6 for pair in pairs)  # type: ignore[attr-defined]


@settings(max_examples=200, deadline=None)
@given(scores)
def test_no_other_choice_is_worth_more(scores: dict[tuple[int, int], float]) -> None:
    chosen = assigned(scores, REVIEW)
    assert len({ru for ru, _ in chosen}) == len({en for _, en in chosen}) == len(chosen)
    best = 0.0
    for size in range(1, 6):
        for some in combinations(scores, size):
            if len({ru for ru, _ in some}) == len({en for _, en in some}) == size:
                best = max(best, worth(some, scores, REVIEW))
    assert math.isclose(worth(chosen, scores, REVIEW), best, abs_tol=1e-6)


@given(scores, st.randoms(use_true_random=False))
def test_the_order_of_scores_does_not_matter(scores: dict[tuple[int, int], float], chance) -> None:  # type: ignore[no-untyped-def]
    items = list(scores.items())
    chance.shuffle(items)
    assert matched(dict(items)) == matched(scores)


def test_the_sure_are_settled_before_the_likely() -> None:
    sure, likely = matched({(0, 0): 0.95, (0, 1): 0.89, (1, 0): 0.89, (1, 1): 0.2, (2, 2): 0.05, (3, 3): LINKED})
    assert sure == [(0, 0), (3, 3)]
    assert likely == [(1, 1)]


def test_nobody_takes_a_partner_that_another_fits_better() -> None:
    assert assigned({(0, 0): 0.95, (0, 1): 0.94, (1, 0): 0.93}, LINKED) == [(0, 1), (1, 0)]


def test_equal_scores_are_settled_by_place() -> None:
    assert assigned({(1, 1): 0.5, (0, 1): 0.5, (1, 0): 0.5, (0, 0): 0.5}, REVIEW) == [(0, 0), (1, 1)]
