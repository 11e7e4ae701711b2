"""The quick reader of YAML says what the careful one says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.sources import careful as parser
from pipeline.sources import quick, tree
from tests.sources.cases import named, sample

TEXTS = [sample(f"{kind}/{name}").decode("utf-8", "replace") for kind in ("good", "bad") for name in named(kind)]
LINES = sorted({line for text in TEXTS for line in text.splitlines(keepends=True) if len(line) < 200})
PIECES = st.sampled_from([
    *" \n:-?[]{}&*!|>%@`\"'#,~\\", "  ", "\n  ", "\n- ", ": ", "- ", "? ", "---\n", "...\n", "[a, b]", "{a: b}", "a:b",
    "[a:b]", "{a:1}", '{"a":1}', "'x':y", "x: y: z", "&a ", "*a", " #c", "|\n", "> x", "\\/", "\\x41", "é", "--", "''", '""',
    "http://a/b?c=d#e", "\\\n", "<<: ", "=", "null", "1:30", "?a", ":a", "-a", ": ,", "::", ":]", "&a?a", "!a {}",
])  # fmt: skip


def careful(text: str) -> tuple[tree.Node | None, list[object]]:
    reader = tree._Reader("x")
    try:
        return reader.document(parser.parse(text, "x")), list(reader.problems)
    except tree.Unreadable as stop:
        return None, [stop.problem]


def quickly(text: str) -> tree.Node | None:
    """Return what the quick reader makes of a text; raises Doubt or Unreadable where the careful one is to be asked."""
    reader = tree._Reader("x")
    node = reader.document(quick.parse(text))
    if reader.problems:
        raise quick.Doubt
    return node


@settings(deadline=None, derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(LINES) | PIECES, max_size=6).map("".join),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 2), PIECES), max_size=3),
)
def test_both_say_the_same(text: str, edits: list[tuple[float, int, str]]) -> None:
    for share, gone, new in edits:
        place = int(share * len(text))
        text = text[:place] + new + text[place + gone :]
    try:
        node = quickly(text)
    except (quick.Doubt, tree.Unreadable):
        return

    assert (node, []) == careful(text)


@pytest.mark.parametrize("text", ["a: {b: [c, 'd', \"e\"]}\n", "# Бюро\na:\n  - b: https://site.test/?x=1\n    c: 2\n"])
def test_what_is_plain_is_read_quickly(text: str) -> None:
    assert (quickly(text), []) == careful(text)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n",
        "a: &b 1\n",
        "a: *b\n",
        "!a {}\n",
        "a: |\n  b\n",
        "%YAML 1.1\n---\na: 1\n",
        "{'a':1}\n",
        "a: b\u2028c\n",
        "a: [\n",
    ],
)
def test_what_they_may_differ_on_is_left_to_the_careful_one(text: str) -> None:
    with pytest.raises(quick.Doubt):
        quickly(text)
