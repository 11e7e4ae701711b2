"""Pairs for translators: rows of both texts, and a translation memory (TMX 1.4b), paragraph beside paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from pipeline import __version__, facing, pairing
from pipeline.characters import legal
from pipeline.model import Item, Story

COLUMNS = (
    "story", "ru_url", "en_url", "ru_title", "en_title", "ru_text", "en_text", "probability", "confirmed", "reasons",
    "thread",
)  # fmt: skip


def rows(stories: Iterable[Story]) -> Iterator[dict[str, Any]]:
    """Yield one row a linked pair: both articles with their texts, and why they are one story."""
    for story, ru, en in _linked(stories):
        match = story.match
        yield {
            "story": story.id, "ru_url": ru.article.url, "en_url": en.article.url,
            "ru_title": ru.article.title, "en_title": en.article.title,
            "ru_text": ru.article.text, "en_text": en.article.text,
            "probability": match.probability if match else None, "confirmed": is_confirmed(story),
            "reasons": list(match.reasons) if match else [], "thread": story.thread,
        }  # fmt: skip


def write_tmx(stories: Iterable[Story], file: IO[str], *, confirmed: bool = True) -> None:
    """Write pairs as a translation memory; what one side leaves out is left out. confirmed: only those an analyst confirmed."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n')
    file.write(
        f'<header creationtool="nevawire" creationtoolversion={quoteattr(__version__)} segtype="paragraph" '
        'o-tmf="nevawire" adminlang="en" srclang="*all*" datatype="plaintext"/>\n<body>\n'
    )
    lexicon = pairing.shipped_lexicon()
    for story, ru, en in _linked(stories):
        if is_confirmed(story) or not confirmed:
            for number, (mine, theirs) in enumerate(_segments(ru, en, lexicon)):
                file.write(_unit(f"{story.id}#{number}", ru.article.url, mine, en.article.url, theirs))
    file.write("</body>\n</tmx>\n")


def is_confirmed(story: Story) -> bool:
    """Tell whether an analyst vouches for a story's pair."""
    return story.match is not None and pairing.CONFIRMED in story.match.reasons


def _linked(stories: Iterable[Story]) -> Iterator[tuple[Story, Item, Item]]:
    for story in stories:
        if {"ru", "en"} <= {code for code, text in story.texts.items() if text.origin == "publisher"}:
            yield story, story.texts["ru"].lead, story.texts["en"].lead


def _segments(ru: Item, en: Item, lexicon: pairing.Lexicon) -> Iterator[tuple[str, str]]:
    yield ru.article.title, en.article.title
    first, second = (facing.paragraphs(one.article.title, one.article.text) for one in (ru, en))
    for one in pairing.aligned(first, second, lexicon):
        if one.ru and one.en:
            yield " ".join(one.ru), " ".join(one.en)


def _unit(name: str, ru_url: str, ru: str, en_url: str, en: str) -> str:
    sides = "".join(
        f'<tuv xml:lang="{code}"><prop type="x-url">{escape(url)}</prop><seg>{escape(legal(text))}</seg></tuv>'
        for code, url, text in (("ru", ru_url, ru), ("en", en_url, en))
    )
    return f"<tu tuid={quoteattr(name)}>{sides}</tu>\n"
