"""Cases a person would decide at a glance: spellings of names, official names, numbers that agree or disagree."""

from __future__ import annotations

import json

import pytest

from pipeline.model import Item

from .season import DATA, item, linked, paired

CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))


def articles(place: int, case: dict) -> tuple[Item, Item]:  # type: ignore[type-arg]
    """Return a case's two articles: of two sites and two days, so that texts alone decide."""
    ru, en = (
        item(f"https://{code}.example/{place}", code, *case[code], date, source=code)  # type: ignore[misc]
        for code, date in (("ru", "2023-05-10"), ("en", "2023-05-12"))
    )
    return ru, en


EVERY = [articles(place, case) for place, case in enumerate(CASES)]


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case["what"] for case in CASES])
def test_a_pair_is_found_among_all_others_or_not_at_all(place: int) -> None:
    stories = paired([one for pair in EVERY for one in pair]).stories
    ru, en = EVERY[place]
    matches = {(one.match.ru, one.match.en): one.match.probability for one in stories if one.match}
    same = CASES[place]["same"]
    assert (matches.get((ru.id, en.id), 0.0) >= 0.5) is same
    assert not {(a.article.url, b.article.url) for a, b in EVERY if a is ru and not same} & linked(stories)
