"""Citations: every form names title, source, date with its evidence, retrieval, address and digest, and breaks on nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from pipeline.citation import EVIDENCE, Citation, bibtex, csl, plain
from tests.publish import newsroom

ONE = Citation(
    "a0123456789abcde", "Порт открылся", "Невское бюро", "https://bureau.example/news/1?a=1&b={2}", date(2026, 9, 4), "listing",
    datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "c0ffee" * 10, "ru", ("Анна Невская",),
)  # fmt: skip


def test_in_russian_and_in_english():
    assert plain(ONE, "ru") == (
        "Анна Невская. Порт открылся // Невское бюро : [сайт]. — 04.09.2026 (дата указана в списке новостей). — "
        "URL: https://bureau.example/news/1?a=1&b={2} (дата обращения: 20.11.2026). SHA-256 страницы: "
        + "c0ffee" * 10
        + "."
    )
    assert plain(ONE, "en") == (
        "Анна Невская. “Порт открылся.” Невское бюро, 4 September 2026 (date stated in the list of news). Retrieved "
        "20 November 2026 from https://bureau.example/news/1?a=1&b={2}. SHA-256 of the page: " + "c0ffee" * 10 + "."
    )


def test_for_programs():
    made = bibtex(ONE)
    assert made.startswith("@online{a0123456789abcde,\n")
    for row in (
        "author = {{Анна Невская}}", "title = {{Порт открылся}}", "date = {2026-09-04}", "urldate = {2026-11-20}",
        "langid = {russian}", "url = {https://bureau.example/news/1?a=1&b=%7B2%7D}",
    ):  # fmt: skip
        assert f"  {row},\n" in made
    told = csl(ONE)
    assert told["issued"] == {"date-parts": [[2026, 9, 4]]}
    assert told["accessed"] == {"date-parts": [[2026, 11, 20]]}
    assert ("c0ffee" * 10) in told["note"]


def test_evidence_has_words_in_both_languages():
    assert set(EVIDENCE["ru"]) == set(EVIDENCE["en"])
    known = {"rule", "json-ld", "meta", "time", "listing", "url", "page", "prose", "first-seen"}
    assert known <= set(EVIDENCE["ru"])


def test_braces_of_bibtex_balance_whatever_a_title_holds():
    for payload in [*newsroom.cases("payloads.json"), "}{ \\ % $ # & _ ~ ^ {"]:
        made = bibtex(
            Citation("a1", payload, payload, ONE.url, ONE.published, "url", ONE.retrieved, "", "en", (payload,))
        )
        depth = 0
        for number, letter in enumerate(made):
            escaped = number and made[number - 1] == "\\"
            depth += {"{": 1, "}": -1}.get(letter, 0) if not escaped else 0
            assert depth >= 0
        assert depth == 0
        json.dumps(csl(Citation("a1", payload, payload, ONE.url, ONE.published, "url", ONE.retrieved, "", "en")))
