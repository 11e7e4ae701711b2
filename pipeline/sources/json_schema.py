"""The JSON Schema of sources.yaml, for editors; made from the models.

It tells keys, types and forms. What needs more than a look at one value (whether a
selector can be read, a time zone exists) is told by `load` alone.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from pipeline.sources import schema
from pipeline.sources.keys import known


def json_schema() -> dict[str, Any]:
    """Return the schema of the file, in the dialect of 2020-12."""
    made = schema.Sources.model_json_schema(schema_generator=_Generator)
    _explain(made, schema.Sources)
    for name, definition in made["$defs"].items():
        _explain(definition, getattr(schema, name))
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": "sources.yaml of Nevawire"}


def json_schema_text() -> str:
    """Return the schema as the file sources.schema.json holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _explain(definition: dict[str, Any], model: type[schema.Keys]) -> None:
    """Give every key its title and words: pydantic drops some where a key holds a mapping of its own."""
    for key, field in known(model).items():
        definition["properties"][key] |= {"title": field.title, "description": field.description}


class _Generator(GenerateJsonSchema):
    """Leaves out the default null, which only means here that a key was not given."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)
