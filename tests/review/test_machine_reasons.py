"""Every reason why a machine's wording is not there is known to the desk in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pipeline.model import Article
from pipeline.review import machine_reasons, tongue
from pipeline.translate import checks, rewording
from pipeline.translate.engines.engine import KINDS, EngineFailed
from pipeline.translate.glossary import Glossary
from pipeline.translate.markup import of_line, taken_apart
from pipeline.translate.task import Said, Task, written

RU = tongue.Tongue("ru", tongue.translations("ru"), ZoneInfo("Europe/Moscow"))
EN = tongue.Tongue("en", tongue.translations("en"), ZoneInfo("Europe/Moscow"))
#: As they stand in interpreter.py, assignments.py and the store.
PLAIN = (
    "the publisher's own text came", "another worker is at it", "no engine could be asked", "rights.translate is none",
    "the page reserves text and data mining", "the day's characters of deepl or of bureau are spent",
    "sent to deepl, and no answer was kept: it may have been billed; `nevawire translate retry` sends it again",
)  # fmt: skip


def reasons():
    """Yield what each way to fail is told as."""
    yield from PLAIN
    for kind in KINDS:
        yield str(EngineFailed("deepl", kind))
        yield f"{EngineFailed('deepl', kind, 'status 456: (none)')}; not asked before 2026-11-21 00:00 UTC"
    article = Article("bureau", "https://x.example/1", "Порт открыт", "Порт открыт в мае.", "", None)
    title = of_line(article.title, "ru", "en", Glossary())
    body = taken_apart("<p>Порт <b>открыт</b> в мае.</p>", "ru", "en", Glossary())
    task = Task(article, "ru", "en", "full", title, body)
    bad, good = Said(faults=("number", "date")), Said("Port opens")
    yield written(task, [bad, *[bad] * len(body.segments)], 0.5).reason
    yield written(task, [good, *[bad] * len(body.segments)], 0.1).reason
    yield written(Task(article, "ru", "en", "full", of_line("", "ru", "en", Glossary()), body), [good], 0.5).reason
    yield rewording.torn(body.segments[0], "Port opens")


@pytest.mark.parametrize("reason", sorted({*reasons()}))
def test_a_reason_is_said_in_russian_and_in_words_in_english(reason):
    russian, code = machine_reasons.said(RU, reason)
    assert code == "ru"
    assert any("а" <= letter <= "я" for letter in russian)
    assert machine_reasons.said(EN, reason)[1] == "en"
    for kept in ("deepl", "456", "2026-11-21", "bureau"):
        assert (kept in russian) == (kept in reason)


def test_every_check_has_a_name():
    named = machine_reasons.faults(RU, checks.FAULTS).split(", ")
    assert len(named) == len(checks.FAULTS)
    assert not {*named} & {*checks.FAULTS}


def test_what_is_not_known_stays_in_english():
    assert machine_reasons.said(RU, "a reason of tomorrow") == ("a reason of tomorrow", "en")
