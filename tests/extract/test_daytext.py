"""Every date shape of the sources, and what is no date; cases in tests/data/extract/days.tsv."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import datemarks, dates, daytext

NOW = datetime(2024, 3, 10, 15, 0, tzinfo=ZoneInfo("Europe/Moscow"))
LINES = (Path(__file__).parents[1] / "data" / "extract" / "days.tsv").read_text(encoding="utf-8").splitlines()
MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def told(found: daytext.Found) -> str:
    words = [found.day.isoformat()]
    if found.clock is not None:
        words.append(found.clock.strftime("%H:%M"))
    if found.zone is not None:
        offset = found.zone.utcoffset(None)
        assert offset is not None
        words.append(f"+{int(offset.total_seconds()) // 3600:02d}:00")
    words += ["span"] * found.span + ["yearless"] * found.yearless
    return " ".join(words)


@pytest.mark.parametrize("line", LINES)
def test_shape(line: str) -> None:
    text, expected = line.split("\t")

    found = list(daytext.find(text, NOW, yearless=True, relative=True))

    assert ([] if expected == "-" else [expected]) == [told(one) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Четверг, 29.08.2013", True), ("18 августа 2015 г.", True), ("Опубликовано: 9 декабря 2021, 12:30", True), ("Вчера, 14:05", True),
        ("12 марта 2024 года в порт пришёл паром", False), ("Фото: 12.03.2024", False), ("2019", False), ("", False),
    ],
)  # fmt: skip
def test_a_line_that_is_a_date_only(text: str, expected: bool) -> None:
    assert expected == daytext.is_only_date(text, NOW)


def test_several_dates_come_in_order_of_place() -> None:
    text = "Совет создан 15 марта 2019 года, собрался 20.12.2019 и ещё раз on June 2 2020."

    assert [found.day.isoformat() for found in daytext.find(text, NOW)] == ["2019-03-15", "2019-12-20", "2020-06-02"]


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1995, 1, 1), date(2049, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    for text in (
        f"{day.day} {MONTHS[day.month - 1]} {day.year} года",
        day.strftime("%d.%m.%Y"),
        day.strftime("%B %-d, %Y"),
        day.strftime("%Y-%m-%d"),
    ):
        assert [day] == [found.day for found in daytext.find(f"Новость от {text}", NOW)]


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet='015 \n.,/-:«"TМZmd_й‘', max_size=12),
    st.sampled_from([*MONTHS, "May", "SEPT.", "oct", "ма", "января2"]),
    st.text(alphabet="0129 \u00a0./-:,г", max_size=14),
)
def test_dates_are_looked_for_only_where_one_can_begin(before: str, month: str, after: str) -> None:
    for text in (f"{before}{month}{after}", f"{before} {month} {after}", f"{after}{month} {before}"):
        places, dated = datemarks.beginnings(text)

        for shape in (*daytext._FULL, *daytext._PART):
            found = [
                match.span() for match in datemarks.matches(shape, text, places if shape in daytext._PART else dated)
            ]
            assert found == [match.span() for match in shape.finditer(text)]


@given(st.text(alphabet="0123456789./-: марта мая March,‘го", max_size=40))
def test_any_text_is_read_without_error(text: str) -> None:
    for found in daytext.find(text, NOW, yearless=True, relative=True):
        assert 0 <= found.start < found.end <= len(text)
        if found.yearless:
            assert found.day <= NOW.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("%B %d %Y", "August 18 2015", "2015-08-18"), ("%d %B %Y", "от 27 Августа 2012 г.", "2012-08-27"), ("%d %b, %H:%M", "8 мар, 14:05", "2024-03-08 14:05 yearless"),
        ("%m/%d/%y", "03/04/21", "2021-03-04"), ("%A, %d.%m.%Y", "Среда, 06.03.2024", "2024-03-06"), ("%I:%M %p %d.%m.%Y", "5:30 PM 01.02.2020", "2020-02-01 17:30"),
    ],
)  # fmt: skip
def test_date_format(form: str, text: str, expected: str) -> None:
    found = daytext.by_format(text, form, NOW)

    assert found is not None
    assert expected == told(found)


def test_date_format_that_does_not_fit() -> None:
    assert daytext.by_format("18.08.2015", "%B %d %Y", NOW) is None


@pytest.mark.parametrize("form", ["%Y", "%d", "%B %Y", "%Q %d %m"])
def test_a_date_format_without_a_day_or_month_is_an_error(form: str) -> None:
    with pytest.raises(ValueError, match="date_format"):
        daytext.by_format("1", form, NOW)


@pytest.mark.parametrize(
    ("title", "day", "rest"),
    [
        ("[2018-10-22] / Strategists meet at the river", "2018-10-22", "Strategists meet at the river"), ("2023-10-18 :: Итоги форума подведены", "2023-10-18", "Итоги форума подведены"),
        ("16.05.2019 Открыт новый сезон фонтанов", "2019-05-16", "Открыт новый сезон фонтанов"), ("15-16 марта 2019 года состоится форум", "", "15-16 марта 2019 года состоится форум"),
        ("Форум пройдёт 16.05.2019", "", "Форум пройдёт 16.05.2019"),
    ],
)  # fmt: skip
def test_a_date_before_the_title(title: str, day: str, rest: str) -> None:
    found, left = dates.title_date(title, NOW)

    assert (day, rest) == (found.day.isoformat() if found else "", left)
