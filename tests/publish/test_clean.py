from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish import clean
from tests.publish import newsroom, validity


@pytest.mark.parametrize("case", newsroom.cases("addresses.json"), ids=lambda case: case["url"])
def test_address(case):
    assert clean.web_address(case["url"]) == case["expected"]


@given(st.text())
def test_an_address_is_absolute_ascii_or_none(text):
    address = clean.web_address("https://example.com/" + text)

    assert address is None or validity.URI.fullmatch(address)


@given(st.text())
def test_no_text_breaks_the_reader_of_addresses(text):
    assert clean.web_address(text) is None or validity.URI.fullmatch(clean.web_address(text))


@pytest.mark.parametrize("case", newsroom.cases("fragments.json"), ids=lambda case: case["about"])
def test_fragment(case):
    assert clean.document(clean.fragment(case["html"], images=case["images"])) == case["expected"]


@given(st.text(), st.booleans())
def test_whatever_goes_in_only_the_allowed_comes_out(html, images):
    assert validity.html_faults(clean.document(clean.fragment(html, images=images))) == []


@given(st.text())
def test_text_in_html_comes_out_as_it_was(text):
    text = clean.text(text)

    assert validity.text_of(clean.document(f"<p>{escape(text)}</p>")) == text


def test_a_combining_stroke_makes_no_markup():
    """NFC makes one sign of ">" and U+0338, so a tag would go on into the text behind it."""
    html = clean.document(clean.fragment("<p>\u0338 onmouseover=alert(1) x</p>", images=False))

    assert html.startswith("<p>\u0338")


def test_text_is_one_fit_line():
    assert clean.text(" А\x00\x85Б\ufffd\n\u200bВ\u00a0Г\ufdd0\U0001ffff ") == "А Б В Г"


def test_no_known_payload_leaves_anything_that_runs(shared):
    payloads = json.loads((shared / "corpora" / "xss_payloads.json").read_text())["payloads"]
    assert len(payloads) > 300

    for payload in payloads:
        for html in (payload["html"], escape(payload["html"])):
            assert validity.html_faults(clean.document(clean.fragment(html, images=True))) == [], payload["name"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a/b?x=1&y=%D0%B0", "https://example.com/a/b?x=1&y=%D0%B0"),
        ("https://example.com:8080/", "https://example.com:8080/"),
        ("https://example.com:08080/", "https://example.com:8080/"),
        ("https://example.com:65536/", None),
        ("https://example.com", "https://example.com/"),
        ("https://Example.com/A", "https://example.com/A"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a#", "https://example.com/a"),
        ("https://example.com/%d0%zz", "https://example.com/%d0%25zz"),
        ("https://example.com/a\n", "https://example.com/a"),
        ("https://me@example.com/a", None),
    ],
)
def test_an_address_that_only_looks_as_it_should_be_is_taken_apart(url: str, expected: str | None) -> None:
    assert clean.web_address(url) == expected
