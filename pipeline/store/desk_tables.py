"""The tables of what analysts write: edits of texts, tags, stars and notes, and articles they added.

Facts: nothing is overwritten. What was taken back says when and by whom.
"""

from __future__ import annotations

from sqlalchemy import Index

from pipeline.store.columns import at as _at
from pipeline.store.columns import number as _number
from pipeline.store.columns import table as _table
from pipeline.store.columns import text as _text

# What an analyst would have a field of an article say; an empty value takes that back.
edits = _table(
    "edits",
    _number(), _text("article", index=True), _text("field"), _text("value"), _text("made_for"), _text("who"), _at("at"),
)  # fmt: skip

tags = _table(
    "tags",
    _number(), _text("story", index=True), _text("tag"), _text("who"), _at("at"), _at("gone", null=True), _text("gone_by"),
    Index("ix_tags_tag_story", "tag", "story"),
)  # fmt: skip

stars = _table(
    "stars",
    _number(), _text("story", index=True), _text("who"), _at("at"), _at("gone", null=True), _text("gone_by"),
    Index("ix_stars_who_story", "who", "story"),
)  # fmt: skip

notes = _table(
    "notes",
    _number(), _text("story", index=True), _text("text"), _text("who"), _at("at"), _at("gone", null=True), _text("gone_by"),
)  # fmt: skip

# Articles that somebody asked for by their addresses, and what became of that.
additions = _table(
    "additions",
    _number(), _text("url"), _text("source"), _text("who"), _at("at"), _text("state", index=True),
    _text("outcome"), _text("article", index=True), _at("done", null=True),
)  # fmt: skip
