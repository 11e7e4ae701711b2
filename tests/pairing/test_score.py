"""Clues become a probability and reasons; weights are fitted from known pairs and refuse what tells nothing."""

from __future__ import annotations

import pytest

from pipeline.pairing import fit, score
from pipeline.pairing.evidence import FITTED, Clues, bare
from pipeline.pairing.reasons import _rounded

NEAR = Clues(hub=0.5, margin=0.4, numbers=0.8, names=0.7, words=0.6, length=0.1, size=0.5)
FAR = Clues(hub=-0.05, margin=-0.1, numbers=0.0, names=0.1, words=0.1, length=0.6, size=0.5)
WEIGHTS = score.shipped()


def test_the_shipped_weights_know_every_clue_and_say_what_they_were_fitted_on() -> None:
    assert set(WEIGHTS.clues) == set(FITTED)


def test_near_texts_are_likely_and_far_ones_are_not() -> None:
    assert score.probability(NEAR, WEIGHTS) > 0.95
    assert score.probability(FAR, WEIGHTS) < 0.01


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (FAR._replace(declared="rule"), FAR),
        (FAR._replace(picture=True), FAR),
        (FAR._replace(same_source=True), FAR),
        (FAR._replace(days=0.0), FAR._replace(days=6.0)),
        (NEAR, NEAR._replace(elsewhere=True)),
        (NEAR, NEAR._replace(numbers=0.0)),
    ],
)
def test_what_sites_and_dates_say_counts(more: Clues, less: Clues) -> None:
    assert score.probability(more, WEIGHTS) > score.probability(less, WEIGHTS)


def test_a_declared_pair_with_nothing_in_common_is_for_review() -> None:
    claimed = FAR._replace(declared="hreflang", picture=True, same_source=True, days=0.0)
    assert 0.1 <= score.probability(claimed, WEIGHTS) < 0.9
    assert "but the texts have nothing in common" in score.reasons(claimed, WEIGHTS)


@pytest.mark.parametrize(
    ("days", "said"), [(0.2, "same day"), (1.0, "English 1 day later"), (-2.0, "English 2 days earlier")]
)
def test_days_are_said_as_a_person_would(days: float, said: str) -> None:
    assert said in score.reasons(NEAR._replace(days=days), WEIGHTS)


def test_a_nearer_rival_is_said() -> None:
    assert score.reasons(FAR, WEIGHTS)[-1] == "a rival is nearer by 0.10"


def test_fitting_learns_which_clue_tells() -> None:
    pairs = [(FAR._replace(names=0.1 + 0.01 * n, words=0.3 - 0.02 * (n % 7)), n >= 20) for n in range(40)]
    learned = fit.fitted([clues for clues, _ in pairs], [same for _, same in pairs])
    assert learned.clues["names"] > 10 * abs(learned.clues["words"])
    told = [score.text_probability(clues, learned) for clues, _ in pairs]
    assert max(told[:19]) < 0.5 < min(told[21:])


def test_fitting_refuses_what_tells_nothing() -> None:
    with pytest.raises(ValueError, match="only one kind was given"):
        fit.fitted([NEAR, FAR], [True, True])


@pytest.mark.parametrize(
    ("probability", "said"), [(0.8967, "0.89"), (0.9, "0.90"), (0.0999, "0.09"), (0.999, "over 0.99")]
)
def test_a_probability_below_a_threshold_reads_below_it(probability: float, said: str) -> None:
    assert _rounded(probability) == said


def test_a_word_is_named_without_what_makes_it_somebody_s() -> None:
    assert [bare(word) for word in ("Catalonia's", "Astafurov\u2019s", "students'", "O'Neill", "Minsk")] == [
        "Catalonia", "Astafurov", "students", "O'Neill", "Minsk",
    ]  # fmt: skip
