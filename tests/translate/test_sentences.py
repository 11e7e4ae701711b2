"""Sentences are cut where they end, abbreviations are left alone, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate import sentences

CASES = json.loads((Path(__file__).parents[1] / "data/translate/sentences.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_cut(case):
    assert sentences.split("".join(case["text"])) == case["text"]


@given(st.text(alphabet='Аб. !?…г1\U000f0000»"\n ', max_size=60))
def test_nothing_is_lost(text):
    assert "".join(sentences.split(text)) == text


@given(st.text(alphabet="ab, ;:—", max_size=300), st.integers(10, 80))
def test_parts_are_short_and_whole(text, limit):
    parts = sentences.within(text, limit)
    assert "".join(parts) == text
    assert all(len(part) <= limit for part in parts)


def test_a_long_sentence_is_cut_at_a_clause():
    text = "Первая часть довольно длинная, вторая часть тоже не короткая; третья совсем"
    assert sentences.within(text, 70) == [text[:62], text[62:]]
