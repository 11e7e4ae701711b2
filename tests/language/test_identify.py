"""Languages of texts; cases in tests/data/language."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import language
from pipeline.language import detector, script
from pipeline.model import Article, Language

DATA = Path(__file__).parents[1] / "data" / "language"
CASES = json.loads((DATA / "texts.json").read_text(encoding="utf-8"))
FOREIGN = [line.split("\t") for line in (DATA / "foreign.tsv").read_text(encoding="utf-8").splitlines()]


def told(title: str = "", text: str = "", declared: dict[str, str] | None = None) -> Language:
    return language.identify(Article("site", "https://site.example/1", title, text, "", None, declared=declared or {}))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_text(case: dict[str, Any]) -> None:
    found = told(case["title"], case["text"], case["declared"])

    assert case["code"] == found.code, found
    for clue in case.get("evidence", ()):
        assert any(mark.startswith(clue) for mark in found.evidence), found
    assert 0 < found.confidence < 1


def test_disagreement_costs_confidence() -> None:
    text = CASES[1]["text"]

    assert told("", text, {"html": "en"}).confidence > told("", text, {"html": "ru"}).confidence


def test_few_foreign_sentences_pass_for_russian() -> None:
    passed = [sentence for _, sentence in FOREIGN if told("", sentence).code == "ru"]

    assert len(FOREIGN) >= 200
    assert len(passed) <= 0.05 * len(FOREIGN), passed


def test_the_detector_is_asked_about_long_texts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(text: str) -> tuple[str, float]:
        asked.append(text)
        return "ru", 0.99

    monkeypatch.setattr(detector, "detect", answer)
    told("Порт принял первый паром", "Паром пришёл рано утром.")
    told("", CASES[0]["text"])

    assert asked == [CASES[0]["text"]]


def test_the_same_text_gives_the_same_answer_in_another_process() -> None:
    text = CASES[0]["text"]
    program = f"from pipeline.language import detector; print(detector.detect({text!r}))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert answers == {f"{detector.detect(text)}\n"}


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=200),
    st.text(max_size=300),
    st.dictionaries(st.sampled_from(["html", "listing", "og", "address"]), st.sampled_from(["ru", "en", "de"])),
)
def test_any_text_has_a_language(title: str, text: str, declared: dict[str, str]) -> None:
    found = told(title, text, declared)

    assert found.code in ("ru", "en", "mixed", "other")
    assert found == told(title, text, declared)


def test_real_documents(shared: Path) -> None:
    lines = (shared / "bench" / "pairing" / "D_alldomains" / "docs.jsonl").read_text(encoding="utf-8").splitlines()
    docs = [json.loads(line) for line in lines[:: len(lines) // 240]]

    assert [doc["id"] for doc in docs if told("", doc["text"]).code != doc["lang"]] == []
    wrong = [doc["title"] for doc in docs if told(doc["title"]).code != doc["lang"]]
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("text", ["ы" * 100_000, "a" * 100_000, "x@" * 50_000, "1." * 50_000])
def test_a_word_without_end_is_read_once(text: str) -> None:
    assert told("", text).code in ("ru", "en", "other")


@given(st.text(alphabet="aZéяЯёЁіқ中𝐀1²_'ъ .\n\u0482\u0301", max_size=60))
def test_letters_are_counted_as_one_by_one(text: str) -> None:
    def share(pattern: re.Pattern[str]) -> float:
        return len(pattern.findall(text)) / found.total

    found = script.letters(text)
    assert found.total == len(script._LETTER.findall(text))
    assert not found.total or (found.cyrillic, found.latin) == (share(script._CYRILLIC), share(script._LATIN))


@given(
    st.text(alphabet="aZéяЁіқ中𝐀1²_'ъ .\n—\u0482\u0301\ud800", max_size=60),
    st.sampled_from(["", "".join(map(chr, range(0x2190, 0x21FF)))]),
)
def test_words_are_the_runs_of_letters(text: str, signs: str) -> None:
    text = f"{text}{signs}порт{signs}"
    assert [word.decode() for word in script._coded_words(text)] == script._WORD.findall(text)
