from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish import clean, nesting
from tests.publish import newsroom

_PIECES = ["<p>", "</p>", "<ul>", "<li>", "</ul>", "<em>", "</em>", "<h2>", "<h4>", "</h4>", "<a href=https://a.example/>", "<a>", "</a>",
           "<figure>", "<figcaption>", "<img src=https://a.example/i.png>", "<table><td>", "</table>", "слово ", "&lt;b&gt;"]  # fmt: skip


@pytest.mark.parametrize("case", newsroom.cases("nesting.json"), ids=lambda case: case["about"])
def test_elements_stand_where_they_may(case):
    assert nesting.settled(case["html"]) == case["expected"]


@given(st.lists(st.sampled_from(_PIECES), max_size=20).map("".join))
def test_no_text_is_lost_and_once_is_enough(html):
    fragment = clean._WITH_PICTURES.clean(html)

    settled = nesting.settled(fragment)

    assert re.sub("<[^>]*>", "", settled) == re.sub("<[^>]*>", "", fragment)
    assert clean.fragment(settled, images=True) == clean.fragment(html, images=True)
