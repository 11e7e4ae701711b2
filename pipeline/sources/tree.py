"""YAML text into plain data that knows where each part of it stands.

Built from the parser's events rather than by its loaders: they stop at the first
doubled key, guess at dates, follow aliases as often as they are written and recurse as
deep as a file says. What the data must hold is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field
from typing import NoReturn

from yaml.events import (  # type: ignore[import-untyped]  # has no stubs
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from pipeline import characters
from pipeline.errors import Problem
from pipeline.record import dataclass
from pipeline.sources import quick
from pipeline.sources.wording import Step, path, show

#: Enough for a thousand sources, little enough to be read in seconds.
MOST_BYTES = 2_000_000
MOST_VALUES = 100_000
DEEPEST = 20

# The core schema of YAML 1.2, without its octal and hexadecimal numbers.
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})([eE][-+]?[0-9]{1,2})?")

_TAGS = "tag:yaml.org,2002:"

Position = tuple[int, int]  #: line and column, from 1


@dataclass(slots=True)
class Node:
    """One value of the file, where it begins, and where its keys stand."""

    position: Position
    value: bool | int | float | str | dict[str, Node] | list[Node] | None
    keys: dict[str, Position] = field(default_factory=dict)
    size: int = 1  #: values in it, itself included, aliases counted as often as they are used

    def plain(self) -> object:
        """Return the data without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class Unreadable(Exception):
    """The file cannot be read past this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read(data: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the file's one document (None where it has none) and what is wrong with its form."""
    try:
        text = _decode(data, file)
    except Unreadable as stop:
        return None, [stop.problem]
    reader = _Reader(file)
    with suppress(quick.Doubt, Unreadable):
        node = reader.document(quick.parse(text))
        if not reader.problems:
            return node, []
    from pipeline.sources import careful  # with all of ruamel.yaml, for the few files that need it

    reader = _Reader(file)
    try:
        return reader.document(careful.parse(text, file)), reader.problems
    except Unreadable as stop:
        return None, [*reader.problems, stop.problem]


def _decode(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        right = f"{MOST_BYTES:,} is the most that is read"
        raise Unreadable(Problem(file, 1, 1, "", f"the file has {len(data):,} bytes; {right}"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"not UTF-8 text (byte 0x{data[error.start]:02X}); save the file in the encoding UTF-8"
        raise Unreadable(Problem(file, line, column, "", what)) from None


class _Reader:
    """Reads one document; keeps the place in the file and the problems met on the way."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._path: list[Step] = []
        self._anchors: dict[str, Node] = {}
        self._values = 0
        self._events: Iterator[Event] = iter(())

    def document(self, events: Iterator[Event]) -> Node | None:
        self._events = events
        node = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent) and node is not None:
                self._stop(event, "a second document begins here; a file holds one: take away the --- line")
            if isinstance(event, NodeEvent):
                node = self._node(event)
        return node

    def _node(self, event: NodeEvent) -> Node:
        self._count(event, 1)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            self._tell(
                event,
                f"the tag {show(event.tag.replace(_TAGS, '!!'))} is not read; take it away, and put text in quotes",
            )
        if isinstance(event, ScalarEvent):
            node = Node(position(event), self._scalar(event))
        elif len(self._path) >= DEEPEST:
            self._stop(event, f"is nested more than {DEEPEST} deep; nothing here goes so deep")
        else:
            node = self._mapping(event) if isinstance(event, MappingStartEvent) else self._list(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _list(self, event: NodeEvent) -> Node:
        parts: list[Node] = []
        for item in self._until(SequenceEndEvent):
            parts.append(self._inside(len(parts), item))
        return Node(position(event), parts, size=1 + sum(part.size for part in parts))

    def _mapping(self, event: NodeEvent) -> Node:
        parts: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        size = 1
        for item in self._until(MappingEndEvent):
            key = self._key(item)
            node = self._inside(key or "?", next(self._events))
            size += node.size
            if key in keys:
                self._doubled(item, key, keys[key])
            elif key is not None:
                parts[key], keys[key] = node, position(item)
        return Node(position(event), parts, keys, size)

    def _until(self, end: type[Event]) -> Iterator[NodeEvent]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _inside(self, step: Step, event: NodeEvent) -> Node:
        self._path.append(step)
        node = self._node(event)
        self._path.pop()
        return node

    def _key(self, event: NodeEvent) -> str | None:
        """Return the key as text; None, and a problem told, where it can be none."""
        if not isinstance(event, ScalarEvent):
            self._tell(event, "a key should be a plain word, not a list, a mapping or an alias")
            self._inside("?", event)
            return None
        if event.value == "<<" and event.style is None:
            self._tell(event, "merging with << is not read; write the keys out, or once under `defaults`")
            return None
        key = self._scalar(event)
        return event.value if key is None or not isinstance(key, str) else key

    def _doubled(self, event: NodeEvent, key: str, first: Position) -> None:
        at = f"stands here a second time (first on line {first[0]})"
        what = (
            f"the source id {at}; every source needs an id of its own"
            if self._path == ["sources"]
            else (f"the key {at}; keep one of the two")
        )
        self._tell(event, what, key)

    def _alias(self, event: AliasEvent) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            self._tell(
                event, f"the alias *{event.anchor} has no finished &{event.anchor} above it; write the value out"
            )
            return Node(position(event), "")
        self._count(event, node.size)
        return node

    def _scalar(self, event: ScalarEvent) -> bool | int | float | str | None:
        text: str = event.value
        if unicodedata.normalize("NFC", text) != characters.legal(text):
            self._tell(event, f"{show(text)} holds a character that no feed can carry; take it away")
            return characters.legal(text)
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _NUMBER.fullmatch(text) else text

    def _count(self, event: Event, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            self._stop(event, f"the file holds more than {MOST_VALUES:,} values (aliases counted); make it smaller")

    def _tell(self, event: Event, what: str, *more: Step) -> None:
        self.problems.append(Problem(self._file, *position(event), path([*self._path, *more]), what))

    def _stop(self, event: Event, what: str) -> NoReturn:
        raise Unreadable(Problem(self._file, *position(event), path(self._path), what))


def position(event: Event) -> Position:
    """Return where an event begins."""
    return event.start_mark.line + 1, event.start_mark.column + 1
