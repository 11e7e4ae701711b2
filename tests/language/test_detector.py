"""The detector's own way through a text, beside its package's."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect.detector import Detector

from pipeline.language import detector

#: Letters of several scripts, capitals, signs that stand for others (ș, ạ, か), spaces and what addresses are made of.
SIGNS = "abcABC яшЯШґў éș\u1ea1\u304b中  .,:/@-_[]`1\n\t"

#: Words of each language it is asked about, and of none.
WORDS = "порт принял первый паром the port took its first ferry порт прийняв перший пором пристанището прие ферибот се и xyz".split()


def runs(made: type[Detector], text: str) -> list[str]:
    one = made(detector._profiles())
    one.append(text)
    one.cleaning_text()
    if made is Detector:
        return list(one._extract_ngrams())
    known = detector._known()
    return [known.runs[number] for number in known.found(one.text)]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=SIGNS, max_size=80))
def test_a_text_is_taken_apart_as_by_the_package(text: str) -> None:
    assert runs(detector._Detector, text) == runs(Detector, text)


def test_capitals_and_addresses_are_passed_over_as_by_the_package() -> None:
    text = "ПОРТ Tula Порт принял первый паром, port@example.org https://news.example.org/a?b=1  и НОВЫЙ причал. "

    assert runs(detector._Detector, text) == runs(Detector, text) != []
    assert runs(detector._Detector, text[:-1]) == runs(Detector, text[:-1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60), st.integers(0, 9))
def test_a_language_is_as_likely_as_the_package_finds(words: list[str], seed: int) -> None:
    def likely(made: type[Detector]) -> list[float]:
        one = made(detector._profiles())
        one.seed = seed
        one.set_prior_map(dict.fromkeys(detector.LANGUAGES, 1.0))
        one.append(" ".join(words))
        one.get_probabilities()
        return list(one.langprob)

    assert likely(detector._Detector) == likely(Detector)


def test_of_a_text_without_letters_the_detector_says_nothing() -> None:
    assert detector.detect("12. 05. 2026") is None
