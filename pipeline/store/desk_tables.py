"""The tables of the desk: what analysts write, how stories come into newsletters, what is asked of sources.

What analysts wrote and every move of a story are facts: nothing is overwritten, what was taken back says when and by whom.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer

from pipeline.store.columns import at as _at
from pipeline.store.columns import json as _json
from pipeline.store.columns import key as _key
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

# Where a story stands on its way into a newsletter; a story without a row is new.
selections = _table(
    "selections", _key("story"), _text("state"), _text("who"), _at("at"),
    Index("ix_selections_state_at", "state", "at", "story"),
)  # fmt: skip
selection_moves = _table(
    "selection_moves",
    _number(), _text("story", index=True), _text("before"), _text("after"), _text("who"), _at("at"), _text("reason"),
)  # fmt: skip

# Articles that are withdrawn because their story is ignored, and come back with it.
ignored = _table("ignored", _key("article"), _text("story", index=True))

# Digests that are being composed.
drafts = _table(
    "drafts",
    _number(), _text("language"), _text("title"), _json("intro"), _json("stories"), _text("who"), _at("changed"),
    Column("version", Integer, nullable=False), _text("issue"),
)  # fmt: skip

# Sources that are not asked until somebody says so.
pauses = _table("pauses", _key("source"), _text("who"), _at("at"), _text("reason"))

# Work that was asked for at the desk and is done by whoever is on duty.
errands = _table(
    "errands",
    _number(), _text("kind"), _text("source"), _text("target"), _text("who"), _at("asked"), _text("state", index=True),
    _text("holder"), _at("began", null=True), _at("ended", null=True), _json("outcome"),
    Index("ix_errands_source", "source", "id"),
)  # fmt: skip
