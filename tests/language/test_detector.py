"""The detector's own way through a text, beside its package's."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect.detector import Detector

from pipeline.language import detector

#: Letters of several scripts, capitals, signs that stand for others (ș, ạ, か), spaces and what addresses are made of.
SIGNS = "abcABC яшЯШґў éș\u1ea1\u304b中  .,:/@-_[]`1\n\t"


def runs(made: type[Detector], text: str) -> list[str]:
    one = made(detector._profiles())
    one.append(text)
    one.cleaning_text()
    return list(one._extract_ngrams())


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=SIGNS, max_size=80))
def test_a_text_is_taken_apart_as_by_the_package(text: str) -> None:
    assert runs(detector._Detector, text) == runs(Detector, text)


def test_capitals_and_addresses_are_passed_over_as_by_the_package() -> None:
    text = "ПОРТ Tula Порт принял первый паром, port@example.org https://news.example.org/a?b=1  и НОВЫЙ причал. "

    assert runs(detector._Detector, text) == runs(Detector, text) != []
    assert runs(detector._Detector, text[:-1]) == runs(Detector, text[:-1])
