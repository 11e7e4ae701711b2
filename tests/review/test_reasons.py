"""Every reason the pairing stage gives is known to the desk in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pipeline import query
from pipeline.pairing import declared, score
from pipeline.pairing.evidence import Clues
from pipeline.review import reasons, tongue
from pipeline.review.items import misread

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


def test_figures_are_written_as_the_reader_writes_them():
    assert reasons.said(RU, "numbers 112, 2,400,000, 1.5") == "числа 112, 2\u00a0400\u00a0000, 1,5"
    assert reasons.said(RU, "margin 0.38").endswith(" 0,38")
    assert reasons.said(EN, "numbers 112, 2,400,000, 1.5") == "numbers 112, 2,400,000, 1.5"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"', '\u00ab"\u00bb'),
        ("порт \"don't", "don't"),
        ("x:y", "x:"),
        ("language:de", "de"),
        ("...", "..."),
        ('100%s "', '"'),
    ],
)
def test_what_is_wrong_with_a_search_is_said_in_russian(text, shown):
    with pytest.raises(ValueError, match=r".") as wrong:
        query.read(text)
    said, code = misread.said(RU, str(wrong.value))
    assert code == "ru"
    assert shown in said
    assert misread.said(EN, "something of tomorrow") == ("something of tomorrow", "en")
