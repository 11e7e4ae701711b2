"""Refitting: too little is said so, one kind teaches nothing, what contradicts itself changes nothing, and it is deterministic."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pipeline.pairing import score
from pipeline.pairing.fit import FEWEST, Lesson, refit

from .test_score import FAR, NEAR

OLD = score.shipped()


def lessons(count: int, *, truth: bool, seed: int = 1, near: bool | None = None) -> list[Lesson]:
    """Make up lessons whose clues look like a pair's (near) or a stranger's."""
    chance = random.Random(f"{seed} {truth}")
    base = NEAR if (truth if near is None else near) else FAR
    return [
        Lesson(f"r{truth}{n}", f"e{truth}{n}", base._replace(words=chance.random(), numbers=chance.random()), truth)
        for n in range(count)
    ]


@pytest.mark.parametrize(("same", "others"), [(FEWEST - 1, 200), (200, FEWEST - 1), (200, 0), (0, 200), (0, 0)])
def test_too_little_is_said_with_the_numbers(same: int, others: int) -> None:
    given = [*lessons(same, truth=True), *lessons(others, truth=False)]
    with pytest.raises(ValueError, match=f"there are {same} and {others}"):
        refit(given, OLD)


def test_the_same_lessons_in_any_order_teach_the_same() -> None:
    given = [*lessons(40, truth=True), *lessons(80, truth=False)]
    mixed = list(given)
    random.Random(3).shuffle(mixed)
    one, other = refit(given, OLD), refit(mixed, OLD)
    assert one.weights.bias == pytest.approx(other.weights.bias, abs=1e-6)
    assert (one.better, one.pairs, one.others) == (other.better, other.pairs, other.others)
    assert refit(given, OLD) == one


def test_lessons_that_contradict_each_other_keep_the_old_weights() -> None:
    right = [*lessons(40, truth=True), *lessons(40, truth=False)]
    turned = [replace(one, same=not one.same, story=f"x{one.story}") for one in right]
    told = refit([*right, *turned], replace(OLD, bias=0.0, clues=dict.fromkeys(OLD.clues, 0.0)))
    assert not told.better


def test_weights_that_are_wrong_here_give_way_to_better_ones() -> None:
    wrong = replace(OLD, bias=-OLD.bias, clues={name: -worth for name, worth in OLD.clues.items()})
    told = refit([*lessons(60, truth=True), *lessons(60, truth=False)], wrong)
    assert told.better
    assert told.after < told.before
    assert told.weights.meaning == wrong.meaning
