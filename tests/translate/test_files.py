"""Translation memories as files, and names proposed for the glossary."""

from __future__ import annotations

import io

import pytest

from pipeline.errors import TranslateError
from pipeline.translate import memory, tmx
from pipeline.translate.glossary import glossary
from pipeline.translate.marks import Segment, sign
from pipeline.translate.markup import of_line
from pipeline.translate.terms import mined


def test_what_is_written_is_read_again():
    rows = [("deepl", "ru", "en", f"Порт принял {sign(0)} судов & лодок", f"The port took {sign(0)} ships & <boats>")]
    file = io.StringIO()
    assert tmx.write(rows, file) == 1
    assert tmx.read(file.getvalue().encode(), "x.tmx") == [(rows[0][3], rows[0][4])]


def test_a_unit_from_elsewhere_is_found_whatever_the_number():
    unit = ("Порт принял 1 250 судов.", "The port received 1,250 ships.")
    rows = list(tmx.entries([unit], tmx.names_of(())))
    assert [(row[3], row[4], row[6]) for row in rows] == [
        ("ru", "en", f"The port received {sign(0)} ships."), ("en", "ru", f"Порт принял {sign(0)} судов."),
    ]  # fmt: skip
    (wanted,) = of_line("Порт принял 7 300 судов.").segments
    assert memory.person_key("ru", "en", wanted) == rows[0][0]


def test_units_that_do_not_fit_are_left_out():
    units = [("Раз. Два.", "One. Two."), ("Принято 1 250 судов", "Some ships came")]
    assert list(tmx.entries(units, tmx.names_of(()))) == []


@pytest.mark.parametrize("data", [b"", b"<tmx", b"plain", b"<tmx><body><tu></tmx>"])
def test_what_is_no_tmx_is_told(data):
    with pytest.raises(TranslateError, match=r"x\.tmx: is no translation memory"):
        tmx.read(data, "x.tmx")


def test_entities_of_a_file_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret words")
    data = f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "{tmp_path / "secret"}">]><tmx><body><tu><tuv xml:lang="ru"><seg>а&x;</seg></tuv><tuv lang="en"><seg>b</seg></tuv></tu></body></tmx>'
    assert "secret words" not in str(tmx.read(data.encode(), "x.tmx"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("«Порт»  открыт", '"Порт" открыт', True), ("В 2019 году", "В 2020 году", True), ("Порт – тут", "Порт — тут", True),
        ("Порт", "порт", False), ("Порт открыт", "Порт закрыт", False),
    ],
)  # fmt: skip
def test_what_counts_as_the_same_sentence(one, other, same):
    (first,), (second,) = of_line(one).segments, of_line(other).segments
    work = memory.Work("deepl", "", "ru", "en")
    assert (memory.key(work, first) == memory.key(work, second)) == same


def test_a_key_names_engine_model_languages_and_glossary():
    segment = Segment("Порт")
    works = [
        memory.Work("deepl", "", "ru", "en"), memory.Work("argos", "", "ru", "en"), memory.Work("argos", "1.9", "ru", "en"),
        memory.Work("argos", "1.9", "en", "ru"), memory.Work("argos", "1.9", "ru", "en", glossary([("а", "b")]).version),
    ]  # fmt: skip
    assert len({memory.key(work, segment) for work in works} | {memory.person_key("ru", "en", segment)}) == 6


def pairs(count):
    for n in range(count):
        yield (
            f"Новость {n}. В Кластере чистых технологий обсудили планы. «Северный мост» растёт. Говорил Иван Петров{n}.",
            f"News {n}. The Cleantech Cluster discussed plans today. “North Bridge” grows. So said Ivan Petrov{n}.",
        )
        yield f"Другая новость {n} про «Северный мост»", f"Other news {n} of “North Bridge”"
    for n in range(count):
        yield f"Кластер чистых технологий растёт, говорят {n} раз", f"They say that Cleantech Cluster grows, {n} times"


def test_names_of_confirmed_pairs_are_proposed():
    found = mined(pairs(4))
    assert {("Северный мост", "North Bridge")} <= {(one.ru, one.en) for one in found}
    assert not [one for one in found if "Петров" in one.ru]
    again = mined(pairs(4), known=[("Северный мост", "North Bridge")])
    assert "Северный мост" not in {one.ru for one in again}


def test_what_was_met_too_seldom_is_not_proposed():
    assert mined(list(pairs(4))[:2]) == []
