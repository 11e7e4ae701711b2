"""Texts that machines wrote, and the pairing: it does not see them, and a publisher's text takes their place.

A publisher's text that is new takes the machine's id over, so that an entry stays what it was;
where both already stood apart, the publisher's id stays and the machine's becomes an alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.model import LANGUAGES, Story, Text
from pipeline.pairing import identity
from pipeline.record import dataclass

PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Returned:
    """Stories with the machines' texts that still belong to them."""

    stories: tuple[Story, ...]
    replaced: tuple[tuple[str, str], ...]  #: (machine text, story) that gave way to a text with an id of its own


def text_id(home: str, language: str, original: str) -> str:
    """Mint the id of machine text from the id of the text it is made of."""
    return identity.urn(home, f"text {language} {original}")


def set_aside(stories: Sequence[Story]) -> tuple[tuple[Story, ...], dict[str, Text]]:
    """Return stories without machines' texts, and these by the id of the text they were made of."""
    aside: dict[str, Text] = {}
    own = []
    for story in stories:
        texts = {code: text for code, text in story.texts.items() if text.origin == PUBLISHER}
        original = next(iter(texts.values()), None)
        for text in story.texts.values():
            if text.origin != PUBLISHER and original is not None:
                aside[text.translated.original if text.translated else original.id] = text
        if texts:
            own.append(story if len(texts) == len(story.texts) else replace(story, texts=texts))
    return tuple(own), aside


def put_back(stories: Iterable[Story], aside: Mapping[str, Text], known: Mapping[str, Story]) -> Returned:
    """Return stories as pairing left them, each with its machine's text or with what takes its place.

    known: the stories as they were, by id.
    """
    stood = {text.id for story in known.values() for text in story.texts.values()}
    out, replaced = [], []
    for story in stories:
        texts = dict(story.texts)
        for text in list(story.texts.values()):
            made = aside.get(text.id)
            if made is None:
                continue
            theirs = texts.get(made.language)
            if theirs is None:
                texts[made.language] = made
            elif theirs.origin == PUBLISHER and theirs.id not in stood:
                texts[made.language] = replace(theirs, id=made.id)
            else:
                replaced.append((made.id, story.id))
        ordered = {code: texts[code] for code in sorted(texts, key=_order)}
        out.append(story if ordered == story.texts else replace(story, texts=ordered))
    return Returned(tuple(out), tuple(replaced))


def _order(code: str) -> tuple[int, str]:
    return (LANGUAGES.index(code) if code in LANGUAGES else len(LANGUAGES), code)
