"""Which charset bytes are really in, and Cyrillic that was misread before it reached its page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import charset

TEXT = "Итоги форума: «Ёлка и Йод» — 12 участников, №5"
PAGE = f"<p>{TEXT}</p>" * 5


def misread(text: str, codec: str) -> str:
    """Return UTF-8 read as a one-byte charset the way browsers do, bytes without a sign becoming C1 controls."""
    return "".join(bytes([byte]).decode(codec, errors="replace").replace("\ufffd", chr(byte)) for byte in text.encode())


@pytest.mark.parametrize("codec", ["windows-1251", "windows-1252", "latin-1"])
def test_utf8_read_as_a_one_byte_charset_is_mended(codec: str) -> None:
    page = f"<title>Сайт города</title>{misread(PAGE, codec)}<p>Контакты</p>"

    assert charset.mended(page) == f"<title>Сайт города</title>{PAGE}<p>Контакты</p>"
    assert charset.decode(page.encode()) == f"<title>Сайт города</title>{PAGE}<p>Контакты</p>"


def test_windows_1251_read_as_latin_is_mended_even_after_it_became_utf8() -> None:
    plain = "Новости города: форум открылся, участники приехали, итоги подведены. "
    page = plain.encode("windows-1251").decode("windows-1252") * 3

    assert charset.decode(page.encode()) == plain * 3
    assert charset.decode(plain.encode("windows-1251") * 3, "text/html; charset=iso-8859-1") == plain * 3


@pytest.mark.parametrize(
    "text",
    [TEXT, "РЎ уважением", "Рёбра, Рђ и С‚ в одном абзаце", "Ça va très bien à l'été, müde Gäste schlafen schön.",
     "ÀÉÈÙ ÀÉÈÙ ÀÉÈÙ ÀÉÈÙ ÀÉÈÙ ÀÉÈÙ", "Plain English text", "", "Ђурађ Његош, Љубав, Ћирилица, Џеп"],
)  # fmt: skip
def test_what_may_be_meant_is_left_alone(text: str) -> None:
    assert charset.mended(text) == text


def test_the_repair_can_be_refused_and_never_overrules_the_sources_own_charset() -> None:
    doubled = misread(TEXT, "windows-1251")

    assert charset.decode(doubled.encode(), repair=False) == doubled
    assert charset.decode(doubled.encode(), encoding="utf-8") == doubled
    assert charset.decode(doubled.encode()) == TEXT


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x400, max_codepoint=0x45F), max_size=60))
def test_clean_cyrillic_survives_a_round_trip(text: str) -> None:
    page = f"{TEXT} {text}"

    assert charset.mended(misread(page, "windows-1252")).startswith(TEXT)
    assert charset.decode(charset.mended(text).encode(), repair=False) == charset.mended(text)


@pytest.mark.parametrize("codec", ["windows-1251", "windows-1252", "latin-1"])
@settings(max_examples=25, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("РСÐÑЁёйA «№——é°\n"), max_size=60),
    broken=st.binary(max_size=3),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_bytes_in_utf8_are_what_their_text_is(codec: str, text: str, broken: bytes, mark: bytes) -> None:
    for page in (
        text,
        misread(text, codec),
        f"{text}{misread(PAGE, codec)}",
        text.encode("cp1251", "ignore").decode("latin-1") * 9,
    ):
        body = mark + page.encode() + broken

        assert charset.utf8(body) == charset.decode(body).encode()


def test_a_page_in_utf8_costs_no_copy() -> None:
    body = PAGE.encode()

    assert charset.utf8(body, "text/html; charset=windows-1251") is body


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    assert isinstance(charset.decode(body, content_type), str)
