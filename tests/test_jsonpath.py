"""Paths into JSON, and the addresses made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import jsonpath

ANSWER = {
    "data": {"items": [{"id": 7, "title": "Форум"}, {"id": 8, "title": ""}], "a key": "да"},
    "news": "<ul></ul>",
    "deep": [[1, 2], [3]],
    "flag": True,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [("news", ["<ul></ul>"]), ("$.news", ["<ul></ul>"]), ("$", [ANSWER]), ("data.items[*].id", [7, 8]),
     ("$['data'].items.*.id", [7, 8]), ('data["a key"]', ["да"]), ("deep[*][*]", [1, 2, 3]), ("deep[0][1]", [2]),
     ("deep[-1]", [[3]]), ("deep[-2][-1]", [2]), ("deep[9]", []), ("deep[-9]", []), ("data.nothing.at.all", []),
     ("news[0]", []), ("news.x", []), ("data[*][*].title", ["Форум", ""])],
)  # fmt: skip
def test_what_stands_at_a_path(path: str, found: list[object]) -> None:
    assert jsonpath.find(ANSWER, path) == found


@pytest.mark.parametrize(
    "path",
    ["", " ", "a b", "a..b", "$news", "a[", "a[x]", "a[1:2]", "a[?(@.x)]", "$..x", "a['']", "{id}", "a]", "[*]b"],
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"path|understood"):
        jsonpath.parse(path)


def test_an_address_is_made_of_what_stands_at_its_paths() -> None:
    item = {"id": 7, "slug": "форум и/или?", "none": None, "flag": True}

    assert jsonpath.holes("/news/{id}/{slug}/") == ["id", "slug"]
    assert jsonpath.fill("/news/{id}/", item) == "/news/7/"
    assert jsonpath.fill("/{slug}", item) == "/%D1%84%D0%BE%D1%80%D1%83%D0%BC%20%D0%B8/%D0%B8%D0%BB%D0%B8%3F"
    assert jsonpath.fill("/{none}/", item) is None
    assert jsonpath.fill("/{flag}/", item) is None


def test_a_path_that_multiplies_is_cut() -> None:
    wide = [[0] * 1000] * 1000

    assert len(jsonpath.find(wide, "[*][*]")) == jsonpath.MAX_FOUND


@given(st.text(max_size=30), st.recursive(st.none() | st.text(max_size=3) | st.integers(), st.lists, max_leaves=5))
def test_any_text_is_a_path_or_a_value_error(path: str, value: object) -> None:
    try:
        found = jsonpath.find(value, path)
    except ValueError:
        return
    assert isinstance(found, list)
