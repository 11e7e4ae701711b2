"""Text that every later stage can trust."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipeline import characters


def test_what_can_be_printed_is_legal() -> None:
    printed = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    assert characters.legal(printed) == unicodedata.normalize("NFC", printed)


@given(st.text(st.sampled_from("aЁё é\u0301\n\t\x00\x85\xa0\x9f\ud800\ufffe\U0001f600")))
def test_illegal_characters_go_wherever_they_stand(text: str) -> None:
    kept = "".join(one for one in text if one not in "\x00\x9f\ud800\ufffe")
    assert characters.legal(text) == unicodedata.normalize("NFC", kept)
