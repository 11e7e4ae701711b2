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


def test_what_is_usual_is_legal_and_joins_nothing_before_it() -> None:
    every = list(map(chr, range(sys.maxunicode + 1)))
    parts = [unicodedata.decomposition(one).split() for one in every]
    joining = {chr(int(part[1], 16)) for part in parts if len(part) == 2 and not part[0].startswith("<")}
    usual = list(filter(characters._USUAL.fullmatch, every))
    assert len(usual) > 900
    assert not joining.intersection(usual)
    for one in usual:
        assert not unicodedata.combining(one)
        assert unicodedata.normalize("NFC", one) == one
        assert not characters._ILLEGAL.search(one)


@given(st.text(st.sampled_from("aЁё é\u0301\n\t\x00\x85\xa0\x9f\ud800\ufffe\U0001f600")))
def test_illegal_characters_go_wherever_they_stand(text: str) -> None:
    kept = "".join(one for one in text if one not in "\x00\x9f\ud800\ufffe")
    assert characters.legal(text) == unicodedata.normalize("NFC", kept)
