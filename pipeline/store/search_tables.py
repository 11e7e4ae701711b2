"""The tables the desk searches and counts by; all of them made of articles, and made anew whenever these change."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer

from pipeline.store.columns import number as _number
from pipeline.store.columns import table as _table
from pipeline.store.columns import text as _text
from pipeline.store.types import Clean, Whole

# What is searched of an article: its words as they are compared (pipeline/stems.py).
shadows = _table(
    "shadows",
    _number(), Column("article", Clean, nullable=False, unique=True), _text("made_of"), _text("version", index=True),
    _text("title"), _text("text"), _text("forms"),
)  # fmt: skip

# What lists and facets know of an article, under the number of its shadow; `change` counts up over all rows.
cards = _table(
    "cards",
    _number(), _text("article", index=True), Column("story", Whole, nullable=False), _text("source"), _text("language"),
    _text("origin"), _text("state"), Column("dated", Whole, nullable=False), _text("labels"), _text("names"),
    Column("change", Integer, nullable=False, index=True),
    Index("ix_cards_state_dated_source_language", "state", "dated", "source", "language"),
)  # fmt: skip

# Articles whose shadow and card are to be made anew; triggers add to it (see fulltext.py). No number is given twice, so
# that of two who take changes up at once the later sees which of them are done.
cards_due = _table("cards_due", _number(), _text("article", index=True), counting=True)
