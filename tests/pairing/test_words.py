"""Names meet across alphabets, spellings and case endings; numbers across ways of writing them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.numbers import numbers
from pipeline.pairing import words

SAME = [
    ("Панкевичем", "Pankevich"), ("Мейксин", "Meiksin"), ("Мейксина", "Meyksin"), ("Дидковская", "Didkovskaia"),
    ("Дидковскую", "Didikovskaia"), ("Корнеева", "Korneev"), ("Мушкаревым", "Mushkarev"), ("Евгений", "Yevgeny"),
    ("Евгения", "Evgeny"), ("Сергею", "Sergei"), ("Сергей", "Sergey"), ("Речиц", "Rechits"), ("Байдена", "Biden"),
    ("Вашингтоне", "Washington"), ("Экспофоруме", "Expoforum"), ("технологии", "technology"), ("Гамбург", "Hamburg"),
    ("Йеллен", "Yellen"), ("кластеров", "clusters"), ("Зеленского", "Zelensky"), ("Щербаков", "Shcherbakov"),
    ("Хабаровске", "Khabarovsk"), ("Фёдоров", "Fedorov"), ("Джонсону", "Johnson"),
]  # fmt: skip
OTHER = [("Панкевич", "Pavlovich"), ("Мейксин", "Maximov"), ("Корнеев", "Kornilov"), ("роль", "Orel"), ("и", "a")]


@pytest.mark.parametrize(("russian", "english"), SAME)
def test_a_name_has_one_skeleton_in_both_alphabets(russian: str, english: str) -> None:
    assert set(words.keys(russian.lower())) & set(words.keys(english.lower()))


@pytest.mark.parametrize(("russian", "english"), OTHER)
def test_other_names_have_other_skeletons(russian: str, english: str) -> None:
    assert not set(words.keys(russian.lower())) & set(words.keys(english.lower()))


@given(st.text(max_size=20))
def test_keys_are_short_and_never_empty(text: str) -> None:
    for word in words.words(text):
        assert all(words.KEY_SHORTEST <= len(key) <= words.KEY_LENGTH for key in words.keys(word.lower()))


@given(st.text(alphabet="абвдежзимотцчшьюяёaceghiknopstwxz' \u2019é中", max_size=60))
def test_words_looked_at_together_are_what_they_are_alone(text: str) -> None:
    every = list(dict.fromkeys(words.words(text)))
    assert words._made(every) == {word: words._made([word])[word] for word in every}


def test_words_are_forgotten_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST", 3)
    for every in (["ferry", "port"], ["bridge", "ferry", "порт"], ["a", "b", "c", "d"]):
        assert list(words.forms(every)) == every
        assert len(words._MET) <= max(3, len(every))
    assert words.forms(["ferry"])["ferry"] == words._made(["ferry"])["ferry"]


@given(st.text(alphabet="порт ferry's_1\n é-", max_size=40))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    found, starts = words.placed(text)
    assert found == words.words(text)
    assert [text[start : start + len(word)] for word, start in zip(found, starts, strict=True)] == found


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("20 тыс. человек", "20000"), ("20,000 people", "20000"), ("20 000 гостей", "20000"),
        ("двадцать тысяч гостей", "20000"), ("twenty thousand guests", "20000"), ("сорок дней", "40"),
        ("forty days", "40"), ("2,5 млрд рублей", "2500000000"), ("2.5 billion roubles", "2500000000"),
        ("$2.5bn", "2500000000"), ("1.000.000 штук", "1000000"), ("20 декабря 2019 года", "12-20"),
        ("December 20, 2019", "12-20"), ("20th of December", "12-20"), ("20.12.2019", "12-20"),
        ("15–16 марта", "03-15"), ("March 15-16", "03-15"), ("рост на 3,7 %", "3.7"), ("grew 3.7 percent", "3.7"),
        ("четырёх стран", "4"), ("four countries", "4"), ("5 ſept.", "09-05"), ("Sept. 5th", "09-05"),
        ("с 30 по\u00a031 мая", "05-31"), ("5k9", "5000"), ("5 kilometres", "5"), ("007", "7"), ("0", "0"),
    ],
)  # fmt: skip
def test_numbers_are_read_in_either_language(text: str, stated: str) -> None:
    assert stated in numbers(text)


@pytest.mark.parametrize("text", ["один из нас", "one of us", "мартышка", "may be", "32 мая", "версия 1.2.3.4"])
def test_what_is_no_day_gives_none(text: str) -> None:
    assert not [one for one in numbers(text) if "-" in one]


@given(st.text(max_size=80))
def test_any_text_can_be_read_for_numbers(text: str) -> None:
    assert all(count > 0 for count in numbers(text).values())


@given(st.integers(0, 10**9))
def test_a_number_is_the_same_with_and_without_thousands_separators(value: int) -> None:
    spaced = f"{value:,}".replace(",", "\u00a0")
    assert list(numbers(f"всего {value}")) == list(numbers(f"всего {spaced}")) == list(numbers(f"in all {value:,} "))
