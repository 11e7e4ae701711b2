"""YAML events from the parser that has words for what is wrong: ruamel.yaml's, of YAML 1.2, in the form of the quick one's.

For texts that the quick parser leaves (quick.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml  # type: ignore[import-untyped]  # has no stubs
from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from pipeline.errors import Problem
from pipeline.sources.tree import Position, Unreadable, position


def parse(text: str, file: str) -> Iterator[yaml.Event]:
    """Yield the events of a text; whatever the parser raises becomes Unreadable, a problem with a place."""
    last: Position = (1, 1)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            last = position(event)
            if type(event) in _MADE:
                yield _MADE[type(event)](event)
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"the file holds the character U+{ord(text[error.position]):04X}; take it away"
        raise Unreadable(Problem(file, line, column, "", what)) from None
    except MarkedYAMLError as error:
        raise Unreadable(_syntax(error, file, last)) from None
    # Its own slips over input such as "\UFFFFFFFF" or %YAML 9.9, which it means to refuse.
    except (
        YAMLError,
        ValueError,
        ArithmeticError,
        LookupError,
        AssertionError,
        TypeError,
        AttributeError,
    ) as error:
        what = f"not valid YAML near here ({error or type(error).__name__}); write this part more plainly"
        raise Unreadable(Problem(file, *last, "", what)) from None


def _syntax(error: MarkedYAMLError, file: str, last: Position) -> Problem:
    problem, begun = error.problem or error.context or "", error.context_mark
    unclosed = begun is not None and "end" in problem and "stream" in problem
    mark = begun if unclosed or not error.problem_mark else error.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else last
    told = f" ({error.context}" + (f" from line {begun.line + 1})" if begun else ")") if error.context else ""
    right = "check the indentation (no tabs), the quotes and the brackets here and above"
    return Problem(file, line, column, "", f"not valid YAML: {problem}{told}; {right}")


def _scalar(one: events.ScalarEvent) -> yaml.Event:
    return yaml.ScalarEvent(one.anchor, one.tag, one.implicit, one.value, one.start_mark, style=one.style)


_MADE: dict[type, Callable[[Any], yaml.Event]] = {
    events.ScalarEvent: _scalar,
    events.AliasEvent: lambda one: yaml.AliasEvent(one.anchor, one.start_mark),
    events.MappingStartEvent: lambda one: yaml.MappingStartEvent(one.anchor, one.tag, one.implicit, one.start_mark),
    events.MappingEndEvent: lambda one: yaml.MappingEndEvent(one.start_mark),
    events.SequenceStartEvent: lambda one: yaml.SequenceStartEvent(one.anchor, one.tag, one.implicit, one.start_mark),
    events.SequenceEndEvent: lambda one: yaml.SequenceEndEvent(one.start_mark),
    events.DocumentStartEvent: lambda one: yaml.DocumentStartEvent(one.start_mark),
}
