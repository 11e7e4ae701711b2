"""The schema for editors is current, complete and says what load says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pipeline import sources
from pipeline.sources import schema, tree
from pipeline.sources.keys import known
from tests.sources.cases import named, sample

MODELS = [model for model in vars(schema).values() if isinstance(model, type) and issubclass(model, schema.Keys)]
FIELDS = [(model, key) for model in MODELS for key in known(model)]
NAMES = [f"{model.__name__}.{key}" for model, key in FIELDS]
# What an editor can tell by the shape alone.
STRUCTURAL = [
    "durations", "ids-and-kinds", "languages", "missing", "missing-sources", "no-mapping", "no-value",
    "unknown-keys", "wrong-types", "zones-days-encodings", "expressions", "publisher",
]  # fmt: skip


def complaints(data: bytes) -> list[Any]:
    root, _ = tree.read(data, "x")
    assert root is not None
    return list(jsonschema.Draft202012Validator(sources.json_schema()).iter_errors(root.plain()))


def test_the_committed_schema_is_current(root: Path) -> None:
    """If this fails: nevawire check --schema > sources.schema.json."""
    assert sources.json_schema_text() == (root / "sources.schema.json").read_text(encoding="utf-8")


def test_text_is_sorted_and_ends_with_a_line_end() -> None:
    text = sources.json_schema_text()

    assert json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n" == text


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(sources.json_schema())

    assert sources.json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(("model", "key"), FIELDS, ids=NAMES)
def test_every_key_is_explained(model: type[schema.Keys], key: str) -> None:
    whole = sources.json_schema()
    shown = (whole if model is schema.Sources else whole["$defs"].get(model.__name__, {"properties": {}}))["properties"]
    if model in (schema.Keys, schema.Habits):
        return  # never stand in a file themselves

    assert shown[key]["title"]
    assert shown[key]["description"].endswith(".")
    assert "default" not in shown[key]
    assert shown[key]["examples"]


@pytest.mark.parametrize(("model", "key"), FIELDS, ids=NAMES)
def test_every_example_is_right(model: type[schema.Keys], key: str) -> None:
    examples = {name: field.examples[0] for name, field in known(model).items() if field.examples}
    needed = {name for name, field in known(model).items() if field.is_required()}
    with_it = {"query", "ru", "en"} if model is schema.Version and key in ("query", "ru", "en") else {key}
    with_it |= {"items", "url"} if model is schema.Api else set()
    with_it |= {"user_env", "password_env"} if key in ("user_env", "password_env") else set()

    assert model.model_validate({name: examples[name] for name in sorted(needed | with_it)}).model_fields_set


@pytest.mark.parametrize("name", named("good"))
def test_right_files_fit_the_schema(name: str) -> None:
    assert complaints(sample(f"good/{name}")) == []


@pytest.mark.parametrize("name", STRUCTURAL)
def test_files_of_a_wrong_shape_do_not_fit_it(name: str) -> None:
    assert complaints(sample(f"bad/{name}"))


def test_defaults_are_those_the_descriptions_tell() -> None:
    """A file that spells out every "Default: …" means what a file does that leaves all of it out."""
    told = {model: _told(model) for model in MODELS}
    habits = told[schema.Defaults] | {"rights": told[schema.Rights], "expect": told[schema.Expect]}
    listing = "{url: https://site.test/news/%s}"
    source = "sources: {bureau: {name: {ru: Бюро}, kind: bureau, listings: [%s]%s}}\n"
    notify = "notify: {%ssmtp: {host: mail.test, from: a@site.test, to: [b@site.test]%s}}\n"
    plain = source % (listing % "", "") + notify % ("", "")
    spelt = source % (listing % _lines(told[schema.Listing]), _lines(told[schema.Source] | habits))
    spelt += notify % (f"{_lines(told[schema.Notify])[2:]}, ", _lines(told[schema.Smtp]))
    spelt += f"publish: {{{_lines(told[schema.Publish])[2:]}}}\npublisher: {{{_lines(told[schema.Publisher])[2:]}}}\n"

    assert sum(map(len, told.values())) >= 20
    assert sources.parse(plain.encode(), "plain") == sources.parse(spelt.encode(), "spelt")


def _told(model: type[schema.Keys]) -> dict[str, Any]:
    """Return the defaults that the descriptions of a model's keys name, as they are written there."""
    found = {key: re.search(r"Default: ([^.;]+)", field.description or "") for key, field in known(model).items()}
    return {key: match[1] for key, match in found.items() if match}


def _lines(values: dict[str, Any]) -> str:
    """Return values as the rest of a mapping in flow style."""
    shown = {key: "{" + _lines(value)[2:] + "}" if isinstance(value, dict) else value for key, value in values.items()}
    return "".join(f", {key}: {value}" for key, value in shown.items())
