"""YAML events from a C library, in a twentieth of the time: for texts that it and ruamel.yaml read alike.

libyaml reads YAML 1.1, ruamel.yaml 1.2. Where they could differ this one gives up, and the other reads the file, as it
does where anything is wrong, since its words are told to people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml  # type: ignore[import-untyped]  # has no stubs
from ruamel.yaml import events

#: A directive; a value close upon a key in quotes.
_DOUBTFUL = re.compile(r"""^%|["']:\S""", re.MULTILINE)
_PLAIN = ""


class Doubt(Exception):
    """This text is for the other reader."""


def parse(text: str) -> Iterator[events.Event]:
    """Yield the events of a text as ruamel.yaml would. Raises Doubt, also after some of them."""
    # What is not printable may end a line for one of the two only.
    if not yaml.__with_libyaml__ or _DOUBTFUL.search(text) or not text.replace("\n", "").isprintable():
        raise Doubt
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if type(event) in _MADE:
                yield _MADE[type(event)](event)
    except yaml.YAMLError as error:
        raise Doubt from error


def _node(one: yaml.NodeEvent) -> yaml.NodeEvent:
    """Return a value that has neither anchor nor tag; which characters these may have is a matter of opinion."""
    if isinstance(one, yaml.AliasEvent) or one.anchor is not None or one.tag is not None:
        raise Doubt
    return one


def _scalar(one: yaml.ScalarEvent) -> events.Event:
    # So are folded lines, and where nothing is said to stand.
    if one.style in ("|", ">") or (one.style == _PLAIN and not one.value):
        raise Doubt
    return events.ScalarEvent(None, None, one.implicit, one.value, one.start_mark, style=one.style or None)


_MADE: dict[type, Callable[[Any], events.Event]] = {
    yaml.ScalarEvent: lambda one: _scalar(_node(one)),
    yaml.AliasEvent: _node,
    yaml.MappingStartEvent: lambda one: events.MappingStartEvent(None, None, one.implicit, _node(one).start_mark),
    yaml.MappingEndEvent: lambda one: events.MappingEndEvent(one.start_mark),
    yaml.SequenceStartEvent: lambda one: events.SequenceStartEvent(None, None, one.implicit, _node(one).start_mark),
    yaml.SequenceEndEvent: lambda one: events.SequenceEndEvent(one.start_mark),
    yaml.DocumentStartEvent: lambda one: events.DocumentStartEvent(one.start_mark),
}
