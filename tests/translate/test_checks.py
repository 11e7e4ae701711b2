"""Human translations pass the checks, planted faults do not."""

from __future__ import annotations

import itertools

import pytest

from pipeline.translate import markup
from pipeline.translate.checks import FAULTS, faults, faults_of_text
from pipeline.translate.marks import number_of, shown

PAIRS = [
    ('Порт принял {n} судов {d}, подробности на <a href="https://port.example/{n}">сайте порта</a>.',
     "The port received {n} ships on {D}, details are on <a href=\"https://port.example/{n}\">the port's site</a>."),
    ("<b>Выставка</b> открылась {d}, на ней показали {n} новых проектов молодых инженеров, см. https://expo.example/{n}.",
     "<b>The exhibition</b> opened on {D}, it showed {n} new projects of young engineers, see https://expo.example/{n}."),
    ("По словам директора, {d} на завод пришли <em>{n} студентов</em>, анкета: https://plant.example/{n}/.",
     "According to the director, <em>{n} students</em> came to the plant on {D}, the form: https://plant.example/{n}/."),
    ("Кластер подпишет соглашение {d} и вложит {n} тыс. рублей в <i>очистку воды</i>: https://water.example/{n}",
     "The cluster will sign the agreement on {D} and invest {n} thousand rubles in <i>water treatment</i>: https://water.example/{n}"),
]  # fmt: skip
DATES = [("3 мая", "3 May"), ("20 декабря 2019 года", "20 December 2019"), ("11 июня 2025 года", "June 11, 2025"), ("1 марта", "1 March"), ("30 августа 2024 года", "August 30, 2024")]  # fmt: skip
NUMBERS = [("12", "12"), ("3,5", "3.5"), ("1 250", "1,250"), ("48", "48"), ("740", "740"), ("19", "19"), ("2 000 000", "2,000,000"), ("95", "95"), ("64,25", "64.25"), ("17", "17")]  # fmt: skip
#: 200 translations: 4 sentences, 5 dates, 10 numbers.
MADE = [
    (ru.format(n=n, d=d).replace(f"example/{n}", f"example/{k}"), en.format(n=m, D=e).replace(f"example/{m}", f"example/{k}"))
    for k, ((ru, en), (d, e), (n, m)) in enumerate(itertools.product(PAIRS, DATES, NUMBERS))
]  # fmt: skip


def answered(ru, en, source="ru", target="en"):
    """Return the segment of one text, and the other as an engine's answer to it, with the same signs."""
    mine, theirs = (ru, en) if source == "ru" else (en, ru)
    (segment,) = markup.taken_apart(mine, source, target).segments
    (answer,) = markup.taken_apart(theirs, target, source).segments
    text = []
    for character in answer.text:
        number = number_of(character)
        if number is None:
            text.append(character)
            continue
        mark = answer.marks[number]
        written = {mark.raw, mark.said} - {""}
        place = next((n for n, one in enumerate(segment.marks) if written & {one.raw, one.said}), None)
        text.append(chr(0xF0000 + place) if place is not None else mark.raw)
    assert segment.marks
    return segment, "".join(text)


def _without(kind, take):
    """Return a fault that takes the first sign of a kind out of an answer."""

    def plant(segment, answer):
        number = next(n for n, mark in enumerate(segment.marks) if mark.kind == kind and take(mark.raw))
        return answer.replace(chr(0xF0000 + number), "")

    return plant


def _other_date(segment, answer):
    number = next(
        n for n, mark in enumerate(segment.marks) if any(c.isalpha() for c in mark.said) and "/" not in mark.said
    )
    said = segment.marks[number].said
    wrong = (
        said.replace("May", "June").replace("December", "November").replace("June", "July")
        if said[0].isdigit()
        else said
    )
    for month, other in (("March", "April"), ("August", "October")):
        wrong = wrong.replace(month, other)
    assert wrong != said
    return answer.replace(chr(0xF0000 + number), wrong)


def _loop(segment, answer):
    words = answer.split()
    return " ".join([*words[:3], *(words[3:6] * 4), *words[6:]])


def _greek(segment, answer):
    table = {
        ord(latin): greek
        for latin, greek in zip("abcdefghijklmnopqrstuvwxyz", "αβψδεφγηιξκλμνοπθρστθωςχυζ", strict=True)
    }
    return answer.lower().translate(table)


FAULTY = {
    "dropped number": (_without("value", lambda raw: raw.replace(",", "").replace(" ", "").isdigit()), {"number", "tags"}),
    "wrong date": (_other_date, {"date"}),
    "lost link": (_without("value", lambda raw: raw.startswith("http")), {"link"}),
    "loop": (_loop, {"loop"}),
    "untranslated": (lambda segment, answer: segment.text, {"script", "identity"}),
    "wrong script": (_greek, {"script"}),
    "broken tag": (_without("close", lambda raw: True), {"tags"}),
    "song": (lambda segment, answer: "♪ " + answer, {"song"}),
    "nothing": (lambda segment, answer: " ", {"empty"}),
    "cut off": (lambda segment, answer: answer[:8], {"length", "tags"}),
}  # fmt: skip


def test_there_are_200_cases():
    assert len(MADE) == len(set(MADE)) == 200


@pytest.mark.parametrize("languages", [("ru", "en"), ("en", "ru")], ids="-".join)
def test_a_right_answer_has_no_fault(languages):
    found = {}
    for ru, en in MADE:
        segment, answer = answered(ru, en, *languages)
        wrong = faults(segment, answer, *languages)
        if wrong:
            found[shown(answer, segment.marks)] = wrong
    assert found == {}


@pytest.mark.parametrize("fault", FAULTY)
def test_every_planted_fault_is_found(fault):
    plant, expected = FAULTY[fault]
    done = 0
    for ru, en in MADE:
        segment, answer = answered(ru, en)
        try:
            wrong = plant(segment, answer)
        except StopIteration:  # a small number is no sign: it is dropped as a word, below
            continue
        assert expected & set(faults(segment, wrong, "ru", "en")), (fault, wrong)
        done += 1
    assert done >= 50


def test_a_dropped_number_is_found_in_plain_text_too():
    for (ru, en), (number, other) in itertools.product(PAIRS, NUMBERS):
        source = ru.format(n=number, d="3 мая").replace(f"example/{number}", "example/x")
        target = en.format(n=other, D="3 May").replace(f"example/{other}", "example/x")
        assert faults_of_text(source, target, "ru", "en") == []
        assert "number" in faults_of_text(source, target.replace(f"{other} ", ""), "ru", "en")
        assert "number" in faults_of_text(source, target.replace(other, "777777"), "ru", "en")


@pytest.mark.parametrize(
    ("ru", "en"),
    [
        ("Двадцать тысяч гостей", "20,000 guests"), ("Сорок компаний", "40 companies"), ("21-й форум", "The 21st forum"),
        ("Первый приз", "1st prize"), ("Оба завода", "2 plants"), ("полтора миллиона рублей", "1.5 million rubles"),
        ("Встреча в 22:26", "The meeting is at 10:26 PM"), ("Три завода", "Three plants"), ("пятьсот человек", "500 people"),
    ],
)  # fmt: skip
def test_words_for_numbers_are_understood(ru, en):
    assert faults_of_text(ru, en, "ru", "en") == []
    assert faults_of_text(en, ru, "en", "ru") == []


@pytest.mark.parametrize(
    ("ru", "en"),
    [
        ("Сорок компаний", "14 companies"),
        ("Три завода", "The plants"),
        ("500 человек", "five thousand people"),
        ("5 мая", "May 6"),
    ],
)
def test_wrong_words_for_numbers_are_found(ru, en):
    assert set(faults_of_text(ru, en, "ru", "en")) & {"number", "date"}


LONG = "Выставка собрала инженеров и учёных, которые работают над новыми кораблями для северных морей"


@pytest.mark.parametrize(
    ("source", "target", "text", "answer", "fault"),
    [
        ("ru", "en", LONG, "Die Ausstellung hat Ingenieure und Forscher versammelt, die an neuen Schiffen für die nördlichen Meere arbeiten und nicht nur das", "language"),
        ("en", "ru", "The exhibition gathered engineers and scholars who work on new ships for the northern seas", "Виставка зібрала інженерів та вчених, які працюють над новими кораблями для північних морів", "language"),
        ("en", "ru", "The exhibition is open", "The exhibition is open", "identity"),
        ("ru", "en", "Выставка открыта", "Выставка открыта", "identity"),
        ("en", "ru", "The exhibition is open", "Vystavka otkryta", "script"),
        ("ru", "en", LONG, "Ships", "length"),
        ("ru", "en", "Порт", "Port " + "and the city " * 10, "loop"),
    ],
)  # fmt: skip
def test_other_faults(source, target, text, answer, fault):
    assert fault in FAULTS
    assert fault in faults_of_text(text, answer, source, target)


def test_a_row_of_names_may_stay_as_it_is():
    assert faults_of_text("Microsoft Azure", "Microsoft Azure", "en", "ru") == []


@pytest.mark.parametrize("languages", [("ru", "en"), ("en", "ru")], ids="-".join)
def test_human_translations_raise_few_false_alarms(shared, languages):
    rows = [line.split("\t") for line in (shared / "bench/pairing/segments_ru_en.tsv").read_text("utf-8").splitlines()]
    rows = rows[::29] if languages[0] == "ru" else [row[::-1] for row in rows[::29]]
    alarms = [row for row in rows if faults_of_text(*row, *languages)]
    assert len(rows) > 300
    assert len(alarms) <= 0.05 * len(rows), alarms
