"""How keys, values and guesses are named in messages to the operator.

Only words are made here; what is wrong is found elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

#: A step into a mapping (its key) or into a list (its index).
Step = str | int

_LONGEST = 60
_LOOK_ALIKES = str.maketrans("аеорсухАЕОРСУХВКМНТ", "aeopcyxAEOPCYXBKMHT")
_BARE = re.compile(r"[A-Za-z0-9./~_-][A-Za-z0-9./~_ -]*")


def path(steps: Sequence[Step]) -> str:
    """Return the steps as an operator writes them: sources.bureau.listings[0].url."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{_plain(step)}"
    return text.removeprefix(".")


def show(value: object) -> str:
    """Return a short name for a value found in the file."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"'{_plain(value)}'"
    return "a list" if isinstance(value, list) else "a mapping"


def flow(value: object) -> str:
    """Return a value as one writes it in the file, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if isinstance(value, str) and not _BARE.fullmatch(value) and not value.startswith("https://"):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def either(words: Sequence[str]) -> str:
    """Return the words as a choice: a, b or c."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def latin(word: str) -> str:
    """Return word with the Cyrillic letters that look like Latin ones made Latin."""
    return word.translate(_LOOK_ALIKES)


def nearest(word: str, known: Iterable[str], alike: float = 0.6) -> str:
    """Return the known word that was probably meant, or ""."""
    found = get_close_matches(word[:_LONGEST].lower(), sorted(known), n=1, cutoff=alike)
    return found[0] if found else ""


def _plain(text: str) -> str:
    """Return text cut short, with anything a terminal should not get shown as an escape."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)
