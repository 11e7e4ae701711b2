"""Both languages say everything, in their own forms."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping
from babel.messages.pofile import read_po

from pipeline.review import dress, tongue


@pytest.fixture(scope="module")
def marked(root):
    """The messages that code and templates mark."""
    with (tongue.LOCALE / "babel.cfg").open() as file:
        methods, options = parse_mapping(file)
    found = extract_from_dir(root / "pipeline/review", methods, options)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_every_message_is_translated_and_none_is_left_over(marked):
    with (tongue.LOCALE / "ru.po").open("rb") as file:
        kept = read_po(file, locale="ru")
    ids = {one.id if isinstance(one.id, str) else one.id[0] for one in kept if one.id}
    assert sorted(marked - ids) == [], "run: make messages"
    assert sorted(ids - marked) == [], "run: make messages"
    assert list(tongue.untranslated("ru")) == [], "say it in locale/ru.po"


def test_what_is_filled_in_is_the_same_in_both_languages():
    with (tongue.LOCALE / "ru.po").open("rb") as file:
        wrong = [(str(one.id), str(error)) for one in read_po(file, locale="ru") for error in one.check()]
    assert wrong == []


def of(code):
    return tongue.Tongue(code, tongue.translations(code), ZoneInfo("Europe/Moscow"))


def test_plural_forms():
    texts = ("Too many attempts. Wait %(num)s second.", "Too many attempts. Wait %(num)s seconds.")
    assert [of("ru").ngettext(*texts, n).split()[-1] for n in (1, 2, 5, 21)] == [
        "секунду.",
        "секунды.",
        "секунд.",
        "секунду.",
    ]
    assert [of("en").ngettext(*texts, n).split()[-1] for n in (1, 2)] == ["second.", "seconds."]


def test_dates_and_numbers_are_in_their_form():
    at = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)
    assert of("ru").when(at) == "21 нояб. 2026, 00:05"
    assert of("en").when(at) == "21 Nov 2026, 00:05"
    assert (of("ru").number(12345.5), of("en").number(12345.5)) == ("12\xa0345,5", "12,345.5")
    assert (of("ru").percent(0.5), of("en").percent(0.5)) == ("50\xa0%", "50%")


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "en"), ("ru", "ru"), ("ru-RU,ru;q=0.9,en;q=0.8", "ru"), ("en;q=0.5,ru;q=0.6", "ru"), ("de, ru;q=0.1", "ru"),
     ("de", "en"), ("ru;q=0", "en"), ("ru;q=x", "en"), ("*", "en")],
)  # fmt: skip
def test_the_browser_is_asked_first(header, code):
    assert tongue.preferred(header) == code


def test_the_choice_is_kept_in_the_browser(desk):
    assert '<html lang="en"' in desk.get("/desk/audit").text
    assert '<html lang="ru"' in desk.get("/desk/audit", accept_language="ru").text
    desk.post("/desk/language", {"language": "ru", "next": "/desk/audit"})
    assert '<html lang="ru"' in desk.get("/desk/audit").text


def test_and_with_the_user(outside):
    outside.log_in("operator").post("/desk/language", {"language": "ru"})
    for name in list(outside.cookies):
        del outside.cookies[name]
    assert '<html lang="en"' in outside.get("/desk/login").text
    assert '<html lang="ru"' in outside.log_in("operator").get("/desk/audit").text


def test_a_language_we_do_not_have_changes_nothing(desk):
    desk.post("/desk/language", {"language": "xx"})
    assert "nevawire_language" not in desk.cookies


@pytest.mark.parametrize(("code", "said"), [("ru", "77\u00a0205 сюжетов"), ("en", "77,205 stories")])
def test_numbers_of_things_have_their_thousands_apart_on_pages_and_in_messages(code, said):
    page = dress.environment(code).from_string('{{ ngettext("%(num)s story", "%(num)s stories", 77205) }}')
    assert page.render() == said
    own = tongue.Tongue(code, tongue.translations(code), ZoneInfo("Europe/Moscow"))
    assert own.ngettext("%(num)s story", "%(num)s stories", 77205) == said


def test_what_stands_between_backticks_is_code_and_nothing_else_is_markup():
    assert dress.code("a <b> `c <d>` e") == "a &lt;b&gt; <code>c &lt;d&gt;</code> e"
