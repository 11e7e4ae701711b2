"""Paths into JSON: `data.items[*].title`, `$.news`, `pages[0]['a key']`, and addresses made of them.

A small part of JSONPath (RFC 9535): names, indexes and [*], from the top ($, which may be left
out). No filters, no slices, no recursive descent: a path says one place, or one list of places.
Pure; imports nothing of ours.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

#: A name, an index (from the end where negative), or None for every element.
Step = str | int | None

_STEP = re.compile(
    r"""\.?(?P<name>[^\s.\[\]'"$*{}]+) | \[(?P<index>-?\d{1,6})\] | (?P<all>\.?\*|\[\*\])
        | \['(?P<single>[^'\\]+)'\] | \["(?P<double>[^"\\]+)"\]""",
    re.VERBOSE,
)
_HOLE = re.compile(r"\{([^{}]*)\}")
#: Places one path may lead to; an answer with more means harm.
MAX_FOUND = 10_000


def parse(path: str) -> tuple[Step, ...]:
    """Return the steps of a path, none for `$`; raises ValueError saying what is wrong with it."""
    rest = path.strip()
    if not rest:
        raise ValueError("the path is empty")
    rest = rest.removeprefix("$")
    steps: list[Step] = []
    while rest:
        found = _STEP.match(rest)
        if not found or (found["name"] and rest[0] != "." and (steps or path.strip().startswith("$"))):
            raise ValueError(f"{rest!r} is not understood")
        name = found["name"] or found["single"] or found["double"]
        steps.append(name or (None if found["all"] else int(found["index"])))
        rest = rest[found.end() :]
    return tuple(steps)


def find(value: Any, path: str) -> list[Any]:
    """Return what stands at path in value, in order; nothing where it leads nowhere. Raises ValueError like `parse`."""
    found = [value]
    for step in parse(path):
        found = [part for one in found for part in _parts(one, step)][:MAX_FOUND]
    return found


def holes(pattern: str) -> list[str]:
    """Return the paths in a pattern such as "/ru/news/{id}/"; none where it is no pattern."""
    return _HOLE.findall(pattern)


def fill(pattern: str, value: Any) -> str | None:
    """Return a pattern with what stands at its paths, quoted for an address; None where something is missing."""
    texts = {path: text_of(value, path) for path in holes(pattern)}
    if not all(texts.values()):
        return None
    return _HOLE.sub(lambda hole: quote(texts[hole[1]], safe="/-._~"), pattern)


def text_of(value: Any, path: str) -> str:
    """Return the first text or number at path, stripped; "" where there is none."""
    for one in find(value, path):
        if isinstance(one, str) and one.strip():
            return one.strip()
        if isinstance(one, int | float) and not isinstance(one, bool):
            return str(one)
    return ""


def _parts(value: Any, step: Step) -> list[Any]:
    if isinstance(step, str):
        return [value[step]] if isinstance(value, dict) and step in value else []
    if step is None:
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return value[step : step + 1 or None] if isinstance(value, list) and -len(value) <= step < len(value) else []
