"""What people read: every kind of alarm in both languages, with the right plural forms."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.alarm import told
from pipeline.grammar import counted, plural
from pipeline.model import ALARM_KINDS, Alarm

CASES = json.loads((Path(__file__).parents[1] / "data/alarm/words.json").read_text("utf-8"))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def alarm(kind, /, **facts):
    return Alarm(1, "bureau", kind, NOW, facts)


def test_every_kind_has_a_case():
    assert {case["kind"] for case in CASES} == set(ALARM_KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{CASES.index(case)}")
@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_alarm_in_words(case, language):
    found = told(alarm(case["kind"], **case["facts"]), "Бюро", language, "Europe/Moscow")
    assert found.replace("\N{NARROW NO-BREAK SPACE}", " ") == case[language]


@pytest.mark.parametrize("kind", ALARM_KINDS)
def test_that_it_is_over_in_words(kind):
    lines = {told(alarm(kind), "Бюро", language, "UTC", over=True) for language in ("ru", "en")}
    assert len(lines) == 2
    assert all("Бюро — " in line for line in lines)
    gone = told(alarm(kind, retired=True), "Бюро", "ru", "UTC", over=True)
    assert gone.endswith("больше не собирается")


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "многих"), (1, "одна"), (2, "две"), (4, "две"), (5, "многих"), (11, "многих"), (12, "многих"), (14, "многих"),
     (21, "одна"), (22, "две"), (25, "многих"), (101, "одна"), (111, "многих"), (112, "многих"), (122, "две")],
)  # fmt: skip
def test_russian_plurals(number, form):
    assert plural(number, "одна|две|многих", "ru") == form


def test_thousands_are_set_apart():
    assert counted(1500, "знак|знака|знаков", "ru") == "1\N{NARROW NO-BREAK SPACE}500 знаков"
    assert counted(1, "link|links", "en") == "1 link"
    assert counted(1500, "link|links", "en") == "1,500 links"
