"""What pydantic finds, told as an operator needs it: the place in the file, plain words, a way out.

The places come from the tree, the right forms and known keys from the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from pipeline.errors import Problem
from pipeline.sources import schema
from pipeline.sources.keys import known
from pipeline.sources.schema import Sources
from pipeline.sources.tree import Node, Position
from pipeline.sources.wording import Step, either, flow, latin, nearest, path, show

# pydantic's name of a problem → what the value should have been.
_SHOULD_BE = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping (lines of key: value)",
    "model_type": "a mapping (lines of key: value)",
}


def problems(error: ValidationError, root: Node, file: str) -> list[Problem]:
    """Return everything pydantic has against the data, with its place in the file."""
    return [_problem(found, root, file) for found in error.errors(include_url=False)]


def _problem(found: Any, root: Node, file: str) -> Problem:
    steps: list[Step] = [step for step in found["loc"] if step != "[key]"]
    at_key = "[key]" in found["loc"] or found["type"] == "extra_forbidden"
    line, column = position(root, steps, at_key=at_key)
    return Problem(file, line, column, path(steps), _what(found, steps))


def position(root: Node, steps: Sequence[Step], *, at_key: bool) -> Position:
    """Return where the value stands, or its key; of a key that is missing, the mapping it should be in."""
    node, place = root, root.position
    for number, step in enumerate(steps, start=1):
        last = number == len(steps)
        if isinstance(node.value, dict) and step in node.value:
            key, node = node.keys[str(step)], node.value[str(step)]
            # A value left empty has no place of its own: the parser puts it on some later line.
            place = node.position if last and not at_key and node.value is not None else key
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            place = node.position
    return place


def _what(found: Any, steps: Sequence[Step]) -> str:
    """Return what is wrong and what would be right."""
    kind, value, context = found["type"], found.get("input"), found.get("ctx", {})
    model, field = _declared(steps)
    example = f"write for example {_example(steps, field)}"
    if kind == "extra_forbidden":
        return _unknown(str(steps[-1]), model)
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return f"is missing; {example}"
    if value is None:
        needed = field is not None and field.is_required()
        return f"has no value; {example}" + ("" if needed else ", or leave the key out")
    if kind == "literal_error":
        return _choice(value, _words(field))
    return f"should be {_right(found)}; {example}"


def _right(found: Any) -> str:
    """Return the type or size a value should have had, and what it has."""
    kind, value, context = found["type"], found["input"], found.get("ctx", {})
    if kind in ("too_short", "too_long"):
        size = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return f"a list of {size}, not of {context['actual_length']}"
    if kind == "greater_than_equal":
        return f"at least {context['ge']}, not {value}"
    if kind == "less_than_equal":
        return f"at most {context['le']}, not {value}"
    return f"{_SHOULD_BE.get(kind, found['msg'])}, not {show(value)}{_hint(kind, value)}"


def _hint(kind: str, value: object) -> str:
    if kind == "string_type" and not isinstance(value, dict | list):
        return " (put it in quotes)"
    quoted = isinstance(value, str) and (value in ("true", "false") or value.isdecimal())
    return " (take the quotes away)" if quoted and kind in ("bool_type", "int_type") else ""


def _words(field: FieldInfo | None) -> Sequence[str]:
    """Return the words a value, or each of a list, is chosen from."""
    inner = _bare(field.annotation) if field else None
    return get_args(get_args(inner)[0]) if get_origin(inner) is list else get_args(inner)


def _choice(value: object, words: Sequence[str]) -> str:
    guess = nearest(str(value), words)
    return f"should be {either(words)}, not {show(value)}" + (f"; did you mean {guess}?" if guess else "; choose one")


def _unknown(key: str, model: type[BaseModel]) -> str:
    """Return words about a key that is not known here: mistyped, misspelt, misplaced or invented."""
    names, word = [*known(model)], latin(key)
    if word != key and (word in names or _homes(Sources, word, ())):
        return f"has Cyrillic letters in it that look Latin; type `{word}` anew"
    guess = nearest(key, names)
    if guess:
        return f"is no known key; did you mean `{guess}`?"
    meant = key if _homes(Sources, key, ()) else nearest(key, _all_keys(), alike=0.8)
    if meant:
        return f"is no known key here; `{meant}` belongs under {either(_homes(Sources, meant, ()))}"
    return f"is no known key; known here: {', '.join(names)}"


@cache
def _all_keys() -> frozenset[str]:
    """Return every key that stands below the top."""
    models = [model for model in vars(schema).values() if isinstance(model, type) and issubclass(model, schema.Keys)]
    return frozenset(key for model in models if model is not Sources for key in known(model))


def _homes(model: type[BaseModel], key: str, steps: tuple[Step, ...]) -> list[str]:
    """Return the paths of the mappings that know the key."""
    homes = [path(steps)] if steps and key in known(model) else []
    for name, field in known(model).items():
        inner, below = _bare(field.annotation), (*steps, name)
        while get_args(inner) and get_origin(inner) in (list, dict):
            below = (*below, "<id>") if get_origin(inner) is dict else (*below[:-1], f"{below[-1]}[]")
            inner = _bare(get_args(inner)[-1])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            homes += _homes(inner, key, below)
    return homes


def _declared(steps: Sequence[Step]) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the model nearest above the steps' end, and the field there where it has one."""
    model: type[BaseModel] = Sources
    inner: Any = Sources
    field: FieldInfo | None = None
    for step in steps:
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model, field = inner, known(inner).get(str(step))
            inner = _bare(field.annotation) if field else None
        elif get_args(inner):
            inner = _bare(get_args(inner)[-1])
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        model = inner
    return model, field


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _example(steps: Sequence[Step], field: FieldInfo | None) -> str:
    """Return the example of the key the steps lead to, as a line of the file."""
    if field is None or not field.examples:
        return "a mapping (lines of key: value)"
    name = next((step for step in reversed(steps) if isinstance(step, str)), "")
    example = field.examples[0]
    if get_origin(field.annotation) is dict and len(steps) > 1:
        example = next(iter(example.values()))  # an entry of the operator's own name is meant
    return f"{name}: {flow(example)}"
