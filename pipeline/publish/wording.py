"""The words a text goes by in feeds: the publisher's, or what an analyst put in their place. Bounds are rights.py's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pipeline import edits
from pipeline.model import Article, Text
from pipeline.publish import clean, rights, words

_TITLE_CHARS = 90


def title(text: Text) -> str:
    """Return a text's title; the beginning of the text where it has none."""
    article, own = text.lead.article, edits.holding(text).get("title")
    told = clean.text(own.value if own else article.title) or rights.excerpt(article.text, _TITLE_CHARS)
    return told or words.say("untitled", text.language)


def told(text: Text) -> Article:
    """Return the article that a summary is made of: with an analyst's own summary for its text, if there is one."""
    own = edits.holding(text).get("summary")
    return replace(text.lead.article, text=own.value) if own else text.lead.article


def changes(text: Text, allowed: rights.Bounds) -> Iterator[tuple[str, str, datetime]]:
    """Yield what of a text an analyst worded and is shown: field, language of the text, when."""
    for field, one in sorted(edits.holding(text).items()):
        if field == "title" or allowed.publish != "link":
            yield field, text.language, one.at.replace(microsecond=0)
