"""A spent quota is remembered, what was sent is counted and priced, and names are proposed, taken over or declined."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import metrics, pairs, terms, translation_report, translators
from pipeline.errors import ConfigError
from pipeline.model import EngineRules, Rights, TranslationRules
from pipeline.store import Budget
from pipeline.translate import quota
from pipeline.translate.engines import EngineFailed, Traits
from tests.publish.press import Press, configured, said, source
from tests.translate.service import latin


class Voice:
    """An engine that bills, and may say that its quota is spent."""

    traits = Traits("deepl", "tags", 50, 5_000, bills=True, outside=False)
    spent = False

    def __init__(self):
        self.asked = 0

    def about(self, source, target):
        return "", "v2", ""

    def translate(self, texts, source, target):
        self.asked += 1
        if self.spent:
            raise EngineFailed("deepl", "quota", "status 456")
        return [latin(one) for one in texts]

    def close(self):
        pass


@pytest.fixture
def paper(tmp_path):
    rules = TranslationRules((EngineRules("deepl", price_per_million=20.0),), what="full")
    press = Press(tmp_path, configured(source(rights=Rights("full", translate="full")), translation=rules))
    yield press
    press.close()


def run(paper, voice):
    return translators.run(translators.Room(paper.config, paper.store, [voice], lambda: paper.now))


def test_a_spent_quota_is_not_asked_again_before_its_day_is_over_unless_told_to(paper):
    voice = Voice()
    voice.spent = True
    paper.arrive("https://bureau.example.com/ru/1", "Порт открыл причал", said(1))
    pairs.pair_up(paper.store, paper.config, paper.now)
    assert list(run(paper, voice).off) == ["deepl"]
    paper.now += timedelta(hours=2)
    again = run(paper, voice)
    assert (again.off, again.waiting, voice.asked) == ({}, 1, 1), "it was told of once"
    ((_, why, _),) = paper.store.machine.states()
    assert "not asked before 2026-05-21 00:00 UTC" in why
    shown = translation_report.figures(paper.store, paper.config, paper.now)
    assert "quota: deepl: spent; asked again from 2026-05-21 00:00 UTC" in list(translation_report.lines(shown))
    assert 'nevawire_translation_quota_spent{engine="deepl"} 1.0' in metrics.render(paper.store, paper.now).decode()
    voice.spent = False
    paper.now += timedelta(days=1)
    assert run(paper, voice).made == 1
    assert paper.store.quotas.spent(paper.now) == {}


@pytest.mark.parametrize(
    ("engine", "until"),
    [("deepl", (21, 0)), ("google", (20, 7)), ("yandex", (20, 4)), ("libretranslate", (21, 0))],
)
def test_a_quota_ends_when_its_service_says(engine, until):
    at = quota.until(engine, datetime(2026, 5, 20, 3, 30, tzinfo=UTC))
    assert at == datetime(2026, 5, *until, tzinfo=UTC)


def test_what_was_sent_is_counted_priced_and_told_by_day(paper):
    paper.arrive("https://bureau.example.com/ru/1", "Порт открыл причал", said(1))
    pairs.pair_up(paper.store, paper.config, paper.now)
    run(paper, Voice())
    (today,) = paper.store.spending.by_day(paper.now - timedelta(days=7))
    assert (today.day, today.engine, today.source) == ("2026-05-20", "deepl", "")
    shown = translation_report.figures(paper.store, paper.config, paper.now)
    assert shown["costs"] == [{"engine": "deepl", "today": round(today.characters * 20 / 1e6, 4), "in_all": round(today.characters * 20 / 1e6, 4)}]  # fmt: skip
    assert any(one.startswith("cost: deepl: 0.00 today") for one in translation_report.lines(shown))
    text = metrics.render(paper.store, paper.now).decode()
    assert f'nevawire_translation_characters{{engine="deepl"}} {float(today.characters)}' in text
    assert 'nevawire_translation_sides{state="done"} 1.0' in text
    assert "nevawire_articles 1.0" in text, "a machine's text is nobody's article"
    paper.now += timedelta(days=1)
    paper.store.spending.hits(Budget("deepl", "bureau"), 3, paper.now)
    assert [(one.day, one.hits) for one in paper.store.spending.by_day(paper.now - timedelta(days=1))] == [
        ("2026-05-21", 3), ("2026-05-20", 0),
    ]  # fmt: skip


def test_an_accepted_name_stands_in_the_file_comments_and_all(tmp_path):
    file = tmp_path / "sources.yaml"
    head = "# ours\nsources:\n  bureau: # the first\n    name: {ru: Бюро}\n    kind: bureau\n    listings: [{url: https://site.test/}]\n"
    file.write_text(head, "utf-8")
    terms.accept(file, "Совет  кластеров", "Council of Clusters")
    terms.accept(file, "Порт: главный", "Main Port")
    written = file.read_text("utf-8")
    assert written.startswith(head)
    from pipeline import sources

    assert sources.load(file).glossary == (("Совет кластеров", "Council of Clusters"), ("Порт: главный", "Main Port"))
    with pytest.raises(ConfigError, match="already"):
        terms.accept(file, "Совет кластеров", "Clusters' Council")
    with pytest.raises(ConfigError, match="both languages"):
        terms.accept(file, " ", "x")
    assert file.read_text("utf-8") == written


def test_a_declined_name_is_not_proposed_again(paper, monkeypatch):
    row = ("urn:x", ("Заголовок", "Title"), "Открылся «Парк Маяк».", "The “Beacon Park” opened.")
    monkeypatch.setattr(terms, "_confirmed", lambda _store: iter([row] * 3))
    (one,) = terms.proposed(paper.store, paper.config)
    assert (one.ru, one.en, one.together) == ("Парк Маяк", "Beacon Park", 3)
    assert one.stories == (("urn:x", "Заголовок", "Title"),) * 3
    terms.decline(paper.store, "Парк Маяк", "Beacon Park", "anna", paper.now)
    assert terms.proposed(paper.store, paper.config) == []
    paper.config = replace(paper.config, glossary=(("Парк Маяк", "Beacon Park"),))
    assert terms.proposed(paper.store, paper.config) == []
