"""A page as it was fetched does nothing, whatever was in it: only words and structure are left."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import specimen
from tests.publish import newsroom

HARMLESS = {"alt", "title", "colspan", "rowspan", "lang", "dir", "datetime"}
PAYLOADS = newsroom.cases("payloads.json")


def acting(document: str) -> list[str]:
    """Return the elements and attributes of a document's body that could act or ask."""
    root = html5lib.parse(document, treebuilder="lxml", namespaceHTMLElements=False).getroot()
    body = root.find("body")
    found = [f"<{one.tag}>" for one in body.iter() if one.tag not in specimen.TAGS | {"body", "tbody"}]
    return found + [name for one in body.iter() for name in one.attrib if name not in HARMLESS]


@pytest.mark.parametrize(
    "around", ["{}", "<div>{}</div>", "<table><tr><td>{}</td></tr></table>", '<p title="{}">x</p>']
)
def test_nothing_of_a_payload_acts(around):
    for payload in PAYLOADS:
        page = f"<html><head><title>{payload}</title></head><body>{around.format(payload)}</body></html>"
        made = specimen.readable(page.encode(errors="replace"), "text/html; charset=utf-8", payload)
        assert acting(made.html) == [], payload


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "&",
                '"',
                "'",
                "/",
                "script",
                "svg",
                "a href=//x",
                "img src=x",
                "onerror=",
                "style",
                "p",
                " ",
                "!--",
                "--",
                "ж",
            ]
        )
    )
)
def test_nothing_of_torn_markup_acts(parts):
    made = specimen.readable(f"<p>{''.join(parts)}".encode(), "text/html", "x")
    assert acting(made.html) == []


def test_text_is_shown_as_text_and_a_long_page_is_cut():
    assert "<pre>&lt;p&gt;</pre>" in specimen.readable(b"<p>", "text/plain", "x").html
    assert "<p>x</p>" in specimen.readable(b"<p>x", "", "x").html
    assert "Ёлка" in specimen.readable("<p>Ёлка".encode("cp1251"), "text/html; charset=windows-1251", "x").html
    long = specimen.readable(b"x" * (specimen.MOST + 1), "text/plain", "x")
    assert long.cut
    assert not specimen.readable(b"x", "text/plain", "x").cut
