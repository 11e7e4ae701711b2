"""A plain selector is known by its form; both readers of pages take every one of that form."""

from __future__ import annotations

import subprocess
import sys

import pytest
import soupsieve
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector

from pipeline.sources import patterns

PLAIN = """
import sys
from pipeline.sources import patterns
print(patterns.selector("div.news > a.item, #list h2"), "bs4" in sys.modules)
"""


@settings(max_examples=300, deadline=None)
@given(st.from_regex(patterns._PLAIN_SELECTOR, fullmatch=True))
def test_both_readers_take_every_plain_selector(value):
    assert CSSSelector(value, translator="html")
    assert soupsieve.compile(value)
    assert len(value) > 500 or patterns.selector(value) == value


@pytest.mark.parametrize("value", ["a..item", "a >", ", a", "a.1st", "a:nope", "div[", ".", "a > > b"])
def test_what_only_looks_plain_is_refused(value):
    with pytest.raises(ValueError, match="no CSS selector"):
        patterns.selector(value)


def test_a_plain_selector_needs_nobody_to_read_it():
    done = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "div.news > a.item, #list h2 False\n"
