"""Translation memories as files: TMX 1.4, in and out.

Signs are written as `<ph x="1"/>`, which is what TMX has for what a segment carries along. What comes in is
cut up and protected like any text, so that it is found again whatever numbers the next sentence has.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pipeline import __version__, characters
from pipeline.errors import TranslateError
from pipeline.translate import checks, markup, memory
from pipeline.translate.glossary import Glossary, glossary
from pipeline.translate.marks import Segment, number_of, sign

Unit = tuple[str, str]
#: A unit with one of these is about something else, or tells less.
_LOST = frozenset({"tags", "number", "date", "link"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(rows: Iterable[tuple[str, str, str, str, str]], file: IO[str]) -> int:
    """Write (engine, source, target, text, answer) as a translation memory; return how many."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n')
    file.write(
        f'<header creationtool="nevawire" creationtoolversion={quoteattr(__version__)} segtype="sentence" '
        'o-tmf="nevawire" adminlang="en" srclang="*all*" datatype="html"/>\n<body>\n'
    )
    count = 0
    for engine, source, target, text, answer in rows:
        sides = "".join(
            f"<tuv xml:lang={quoteattr(code)}><seg>{_seg(said)}</seg></tuv>"
            for code, said in ((source, text), (target, answer))
        )
        file.write(f'<tu srclang={quoteattr(source)}><prop type="x-engine">{escape(engine)}</prop>{sides}</tu>\n')
        count += 1
    file.write("</body>\n</tmx>\n")
    return count


def read(data: bytes, name: str) -> list[Unit]:
    """Return the (Russian, English) segments of a file, with signs; raises TranslateError where it is no TMX."""
    found: list[Unit] = []
    try:
        # No document type is read, no entity is followed, nothing is fetched.
        events = etree.iterparse(io.BytesIO(data), tag="tu", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)  # fmt: skip
        for _, unit in events:
            sides = {_language(one): _text(one) for one in unit.iter("tuv")}
            if sides.get("ru") and sides.get("en"):
                found.append((sides["ru"], sides["en"]))
            unit.clear()
    except etree.XMLSyntaxError as error:
        raise TranslateError(f"{name}: is no translation memory (TMX): {error}") from error
    return found


def entries(units: Sequence[Unit], names: Glossary) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    """Yield what the memory keeps of units, in both directions: key, engine, model, source, target, text, answer."""
    for ru, en in units:
        for source, target, text, said in (("ru", "en", ru, en), ("en", "ru", en, ru)):
            pair = _aligned(text, said, source, target, names)
            if pair is not None:
                segment, answer = pair
                yield (
                    memory.person_key(source, target, segment),
                    memory.PERSON,
                    "",
                    source,
                    target,
                    segment.text,
                    answer,
                )


def names_of(terms: Iterable[tuple[str, str]]) -> Glossary:
    """Return the glossary of an installation."""
    return glossary(terms)


def _aligned(text: str, said: str, source: str, target: str, names: Glossary) -> tuple[Segment, str] | None:
    """Return a unit as a segment and its answer with the segment's signs; None where these do not fit each other.

    A unit of several sentences is left out: the memory knows sentences.
    """
    if any(number_of(one) is not None for one in text):
        return Segment(text), said
    mine = markup.of_line(text, source, target, names).segments
    theirs = markup.of_line(said, target, source, names).segments
    if len(mine) != 1 or len(theirs) != 1:
        return None
    segment, answer = mine[0], said.replace("\u00a0", " ").strip()
    for number, mark in enumerate(segment.marks):
        for form in (mark.said, mark.raw):
            if form and form.replace("\u00a0", " ") in answer:
                answer = answer.replace(form.replace("\u00a0", " "), sign(number), 1)
                break
        else:
            return None
    return None if _LOST & set(checks.faults(segment, answer, source, target)) else (segment, answer)


def _seg(text: str) -> str:
    return "".join(
        f'<ph x="{number + 1}"/>' if (number := number_of(one)) is not None else escape(one)
        for one in characters.legal(text)
    )


def _text(variant: etree._Element) -> str:
    segment = variant.find("seg")
    if segment is None:
        return ""
    parts = [segment.text or ""]
    for child in segment:
        parts.append(_inline(child))
        parts.append(child.tail or "")
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _language(variant: etree._Element) -> str:
    return str(variant.get(_LANG) or variant.get("lang") or "")[:2].lower()


def _inline(child: etree._Element) -> str:
    """Return what an element within a segment stands for; an entity or a comment stands for nothing."""
    if not isinstance(child.tag, str):
        return ""
    place = child.get("x", "")
    if child.tag == "ph" and place.isdigit() and 0 < int(place) < 1000:
        return sign(int(place) - 1)
    return "".join(part for part in child.itertext() if isinstance(part, str))
