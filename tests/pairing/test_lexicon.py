"""The word list is large, well-formed and reads any form of a word; a bad line is named."""

from __future__ import annotations

from importlib.resources import files

import pytest

from pipeline.pairing import lexicon, words


def english(word: str) -> tuple[str, ...]:
    return lexicon.shipped().english.get(words.stem(word), ())


def test_the_shipped_list_is_large() -> None:
    assert len(lexicon.shipped().english) >= 4000


@pytest.mark.parametrize(
    ("russian", "one"),
    [
        ("туризма", "tourism"), ("комитету", "committee"), ("развитию", "development"), ("бюро", "bureau"),
        ("сорока", ""), ("декабря", "december"), ("кластеров", "cluster"), ("КВБ", "convention"),
        ("промышленной", "industrial"), ("Германии", "germany"), ("Петербурге", "petersburg"),
    ],
)  # fmt: skip
def test_a_form_of_a_word_finds_its_translation(russian: str, one: str) -> None:
    assert (words.stem(one) in english(russian.lower())) is bool(one)


def test_every_line_has_russian_words_on_the_left_and_english_on_the_right() -> None:
    text = (files("pipeline.pairing") / "lexicon.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            russian, _, right = line.partition("\t")
            assert all(words.is_cyrillic(word) for word in russian.split()), line
            assert right.isascii(), line


@pytest.mark.parametrize("line", ["мост bridge", "мост\t", "\tbridge"])
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"lexicon\.tsv line 2: expected Russian words"):
        lexicon.parse(f"# bridges\n{line}\n")


def test_learned_words_are_added_to_the_known_ones() -> None:
    base = lexicon.parse("мост\tbridge")
    more = base.extended({"мост": ("span", "bridg"), "паром": ("ferri",)})
    assert more.english == {"мост": ("bridg", "span"), "паром": ("ferri",)}
    assert base.english == {"мост": ("bridg",)}
