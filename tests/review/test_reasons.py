"""Every reason the pairing stage gives is known to the desk in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pipeline.pairing import declared, score
from pipeline.pairing.evidence import Clues
from pipeline.review import reasons, tongue

RU = tongue.Tongue("ru", tongue.translations("ru"), ZoneInfo("Europe/Moscow"))
EN = tongue.Tongue("en", tongue.translations("en"), ZoneInfo("Europe/Moscow"))
SHARED = (
    "3 names: Павел\u2013Pavel, Лиговский\u2013Ligovsky",
    "Latin words: MPC",
    "numbers 22, 23 November",
    "titles share порт\u2013port",
)


def clues(**more):
    usual = {"hub": 0.5, "margin": 0.2, "numbers": 0.5, "names": 0.5, "words": 0.5, "length": 0.1, "size": 0.5}
    return Clues(**usual | more)


def every():
    """Yield reasons of pairs of every kind."""
    made = [
        *(clues(declared=way, days=days) for way in (*declared.WAYS, "") for days in (None, 0.0, 1.2, -4.0)),
        clues(picture=True, elsewhere=True, meaning=0.9, shared=SHARED), clues(margin=-0.1, hub=-0.5, names=0.0),
        clues(declared="rule", hub=-0.5, margin=-0.5, numbers=0, names=0, words=0), clues(length=0.6, words=0.2, same_source=True),
    ]  # fmt: skip
    for one in made:
        yield from score.reasons(one, score.shipped())
        yield from score.around(one)
    yield from SHARED


@pytest.mark.parametrize("reason", sorted({*every()}))
def test_a_reason_is_said_in_russian_and_stays_what_it_is_in_english(reason):
    russian = reasons.said(RU, reason)
    assert russian != reason
    assert any("а" <= letter <= "я" for letter in russian)
    assert reasons.said(EN, reason).split()[-1] == reason.split()[-1]


def test_of_what_is_not_known_nothing_is_lost():
    assert reasons.said(RU, "a reason of tomorrow") == "a reason of tomorrow"
