"""Which charset a page is really in."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

import pytest

from pipeline.extract import decode as decoding

TEXT = "Конгрессно-выставочное бюро подписало соглашение с клубом выпускников, сообщила пресс-служба. Ёлка — 5 °C."
PLAIN = TEXT.replace("°", "o").replace("—", "-")


def decode(body: bytes, headers: Mapping[str, str], encoding: str | None = None) -> str:
    return decoding.decode(body, headers, encoding).decode()


CASES = [
    ("utf-8", "", ""), ("utf-8", "windows-1251", "windows-1251"), ("windows-1251", "", "windows-1251"), ("windows-1251", "windows-1251", ""),
    ("windows-1251", "utf-8", ""), ("windows-1251", "utf-8", "windows-1251"), ("windows-1251", "iso-8859-1", ""), ("windows-1251", "", "iso-8859-1"),
    ("koi8-r", "koi8-r", ""), ("koi8-r", "", "koi8-r"), ("koi8-r", "", ""), ("windows-1251", "", ""), ("windows-1251", "no-such-charset", "windows-1251"),
    ("utf-16", "", ""), ("utf-8-sig", "windows-1251", ""), ("iso-8859-5", "iso-8859-5", ""), ("cp866", "", "cp866"),
]  # fmt: skip


@pytest.mark.parametrize(("real", "header", "meta"), CASES)
def test_charset(real: str, header: str, meta: str) -> None:
    tag = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    body = f"<html><head>{tag}</head><body>{PLAIN} {PLAIN}</body></html>".encode(real)
    headers = {"content-type": f"text/html; charset={header}"} if header else {}

    assert PLAIN in decode(body, headers)


def test_the_sources_own_charset_comes_first() -> None:
    assert decode(
        TEXT.encode("koi8-r", errors="replace"), {"content-type": "text/html; charset=windows-1251"}, "koi8-r"
    ).startswith("Конгрессно")


def test_a_cut_sequence_does_not_make_a_page_another_charset() -> None:
    body = (TEXT * 5).encode()[:-1] + b"\xd0 " + (TEXT * 5).encode()

    assert decode(body, {"content-type": "text/html; charset=utf-8"}).startswith("Конгрессно-выставочное")


def test_a_western_page_is_left_western() -> None:
    text = "Der Cluster eröffnet in Köln ein Büro für Übersetzer, müde Gäste schlafen schön. Ça va très bien à l'été."

    assert text in decode(text.encode("latin-1"), {"content-type": "text/html; charset=iso-8859-1"})


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\xff\xfe", codecs.BOM_UTF8, b"\xff" * 50, b"<meta charset=base64>\xd0"]
)
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(decode(body, {"content-type": "text/html; charset="}), str)
