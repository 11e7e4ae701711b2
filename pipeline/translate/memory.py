"""What tells one piece of work from another: the key a translation is remembered by.

Engine, model, languages, version of the glossary, and the segment, normalised: values stand as
signs, so that a sentence with another number in it is the same sentence; spaces, quotation marks
and dashes are written one way. A person's wording holds whatever the engine: it has a key without one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from pipeline.record import dataclass
from pipeline.translate.marks import Segment

_QUOTES = re.compile('[«»„“”‟"]')
_APOSTROPHES = re.compile("[’‘‛ʼ`]")
_DASHES = re.compile("[‐‑‒–—―−]")
_ELLIPSIS = re.compile(r"…")
#: Stands for the engine in keys of what people wrote.
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Work:
    """Who translates from what into what."""

    engine: str
    model: str
    source: str
    target: str
    glossary: str = ""


def normalised(text: str) -> str:
    """Return a segment's text as it is compared."""
    text = unicodedata.normalize("NFC", text)
    for pattern, one in ((_QUOTES, '"'), (_APOSTROPHES, "'"), (_DASHES, "-"), (_ELLIPSIS, "...")):
        text = pattern.sub(one, text)
    return " ".join(text.split())


def key(work: Work, segment: Segment) -> str:
    """Return what an engine's translation of a segment is kept under."""
    kinds = "".join(mark.kind[0] for mark in segment.marks)
    return _digest(work.engine, work.model, work.source, work.target, work.glossary, kinds, normalised(segment.text))


def person_key(source: str, target: str, segment: Segment) -> str:
    """Return what a person's translation of a segment is kept under."""
    kinds = "".join(mark.kind[0] for mark in segment.marks)
    return _digest(PERSON, "", source, target, "", kinds, normalised(segment.text))


def exact_key(source: str, target: str, segment: Segment) -> str:
    """Return what a sentence is known by within its text: with its own numbers and names."""
    raw = (f"{mark.kind[0]}{mark.raw}" for mark in segment.marks)
    return _digest("exact", source, target, *raw, normalised(segment.text))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
