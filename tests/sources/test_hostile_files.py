"""Whatever bytes the file holds: a configuration or a ConfigError, in bounded time."""

from __future__ import annotations

import re

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import sources
from pipeline.errors import ConfigError
from pipeline.model import Config
from pipeline.sources import tree
from tests.sources.cases import sample

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
TEXT = sample("good/every-key").decode()
TOKENS = st.sampled_from([
    *" \t\n\r:-?[]{}&*!|>%@`\"'#,~\\\0\x85\u2028\ufeff",
    "\\U99999999", '"\\ud800"', "!!str ", "&a ", "*a", "<<: ", "%YAML 9.9\n", "%TAG ! x\n", "---\n", "...\n", "? ", ": ",
    "|9\n", "|-+\n", "!%zz ", "!<%ff>", "null", "~", "1e400", "9" * 5000, "0x10", "1_000", "2026-13-45", ".inf",
    "(?P<a>", "a{9999999999}", ":not(" * 80, "[" * 60, "{a: " * 60, "а" * 300, "https://[", "http://%00/", "\ud7ff",
])  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | TOKENS
KEYS = st.sampled_from(
    ["sources", "bureau", "listings", "url", "name", "ru", "rules", "drop", "swap", "pages", "every"]
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def outcome(data: bytes) -> Config | None:
    try:
        return sources.parse(data, "sources.yaml")
    except ConfigError as error:
        refused = error
    assert refused.problems
    lines = str(refused).encode("utf-8").decode("utf-8").splitlines()
    assert all(re.match(r"sources\.yaml:[1-9]\d*:[1-9]\d*: .", line) for line in lines)
    return None


@CALM
@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    outcome(data)


@CALM
@given(st.text(max_size=300))
def test_random_text(text: str) -> None:
    outcome(text.encode())


@settings(CALM, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), TOKENS | st.text(max_size=4)), max_size=6))
def test_a_right_file_with_damage(edits: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for place, gone, new in edits:
        text = text[:place] + new + text[place + gone :]

    config = outcome(text.encode())

    if config is not None:
        sources.warnings(config)
        sources.publisher_missing(config)


@settings(CALM, max_examples=200)
@given(st.sampled_from(TEXT.splitlines()), st.sampled_from(TEXT.splitlines()), TREES)
def test_a_right_file_with_another_value(one: str, two: str, value: object) -> None:
    """A line's value is replaced, and another line stands twice."""
    changed = TEXT.replace(one, re.sub(r":.*", lambda _: f": {_flow(value)}", one), 1).replace(two, f"{two}\n{two}", 1)

    outcome(changed.encode())


@settings(CALM, max_examples=200)
@given(st.sampled_from(TEXT.splitlines()), TREES)
def test_what_load_accepts_the_schema_accepts(line: str, value: object) -> None:
    data = TEXT.replace(line, re.sub(r":.*", lambda _: f": {_flow(value)}", line), 1).encode()

    if outcome(data) is not None:
        root, _ = tree.read(data, "x")
        assert root is not None
        jsonschema.validate(root.plain(), sources.json_schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "token", ["[", "{a: ", "- ", "? ", "- ? ", "{? ", "[{", "!a ", "&a ", "'", '"', "|", "%", "*", "a:\n "]
)
def test_one_token_repeated_without_end(token: str) -> None:
    assert outcome(token.encode() * 3000) is None


def test_what_is_no_text_after_a_byte_order_mark_is_told_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"x:2:5: not UTF-8 text \(byte 0x8E\)"):
        sources.parse(b"\xef\xbb\xbf# \xd0\x9d\na: \xd0\x9d\x8e\n", "x")


def test_many_small_problems_are_all_told() -> None:
    data = b"".join(b"key%d: 1\n" % number for number in range(500)) + b"sources: {}\n"
    with pytest.raises(ConfigError) as caught:
        sources.parse(data, "x")

    assert len(caught.value.problems) == 500


def test_an_expression_is_never_run() -> None:
    """Matching this one would take for ever, even against no text."""
    endless = "(?:(?:(?:(?:){1000}){1000}){1000}){1000}"
    data = TEXT.replace("\\\\s+Share$", endless).replace("/news/([0-9]+)", f"(){endless}").encode()

    config = outcome(data)

    assert config is not None
    assert endless == config.sources[0].rules[0].rewrite[0][0]


def _flow(value: object) -> str:
    """Return value in YAML's flow style, written as crudely as a careless hand would."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return str(value)
