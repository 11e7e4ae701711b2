"""The words of a text, with where they stand and without."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import stems

#: Letters with accents of their own and put on, ligatures, digits that come apart, soft hyphens, ends of lines.
ODD = "abйёЁÉéüßŁ½№’ﬁǅİΣα1_- .\n\r\u2028\u0085\u00a0\u00ad\u0301\u0306\u0308\u200d日本"


@given(st.text(st.sampled_from(ODD), max_size=30) | st.text(max_size=30))
def test_words_are_those_that_stand_at_places(text):
    assert stems.words(text) == [word for word, _, _ in stems.places(text)]


@given(st.lists(st.text(st.sampled_from("abdefgilnrstvyавеилнотыя"), min_size=1, max_size=9), max_size=20))
def test_stems_of_many_words_are_those_of_each(words):
    with patch.object(stems, "_MOST", 5):
        assert stems.stemmed(words) == list(map(stems.stem, words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Größe Éclair", ["große", "eclair"]),
        ("за\u0301мок й", ["замок", "й"]),
        ("водо\u00adканал", ["водоканал"]),
        ("½ порции", ["1", "2", "порции"]),
    ],
)
def test_odd_letters_are_folded(text, words):
    assert stems.words(text) == words
