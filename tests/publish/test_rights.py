from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Rights
from pipeline.publish import rights
from tests.publish import newsroom


@pytest.mark.parametrize("case", newsroom.cases("excerpts.json"), ids=lambda case: case["about"])
def test_excerpt(case):
    assert rights.excerpt(case["text"], case["chars"]) == case["expected"]


@given(st.text(), st.integers(0, 400))
def test_an_excerpt_is_never_longer_than_allowed(text, chars):
    excerpt = rights.excerpt(text, chars)

    assert len(excerpt) <= chars
    assert "\n" not in excerpt


@given(st.lists(st.sampled_from(["а", "и", "в", "the", "an", "to.", "Нева", "Neva!", "город"]), max_size=200))
def test_300_characters_quote_fewer_than_forty_words(words):
    assert len(rights.excerpt(" ".join(words), 300).split()) < 40


@pytest.mark.parametrize("case", newsroom.cases("rights.json"), ids=lambda case: case["about"])
def test_bounds(case):
    article = newsroom.item({"url": "https://bureau.example.com/1", "robots": case["robots"]}).article

    bounds = rights.bounds(article, Rights(**case["rights"]))

    assert [bounds.publish, bounds.chars, bounds.images] == case["expected"]
