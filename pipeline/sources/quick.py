"""YAML events from a C library, in a twentieth of the time: for texts that it and ruamel.yaml read alike.

libyaml reads YAML 1.1, ruamel.yaml 1.2. Where they could differ this one gives up, and the other reads the file, as it
does where anything is wrong, since its words are told to people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml  # type: ignore[import-untyped]  # has no stubs

#: A directive; a value close upon a key in quotes.
_DOUBTFUL = re.compile(r"""^%|["']:\S""", re.MULTILINE)
_PLAIN = ""


class Doubt(Exception):
    """This text is for the other reader."""


def parse(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a text as the careful parser would (careful.py). Raises Doubt, also after some of them."""
    # What is not printable may end a line for one of the two only.
    if not yaml.__with_libyaml__ or _DOUBTFUL.search(text) or not text.replace("\n", "").isprintable():
        raise Doubt
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            yield _plain(event) if isinstance(event, yaml.NodeEvent) else event
    except yaml.YAMLError as error:
        raise Doubt from error


def _plain(one: yaml.NodeEvent) -> yaml.NodeEvent:
    """Return a value that has neither anchor nor tag; which characters these may have is a matter of opinion."""
    if isinstance(one, yaml.AliasEvent) or one.anchor is not None or one.tag is not None:
        raise Doubt
    if isinstance(one, yaml.ScalarEvent):
        # So are folded lines, and where nothing is said to stand.
        if one.style in ("|", ">") or (one.style == _PLAIN and not one.value):
            raise Doubt
        one.style = one.style or None
    return one
