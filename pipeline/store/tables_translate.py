"""The tables of translating: the memory, what was spent, what was written, and what people made of it."""

from __future__ import annotations

from sqlalchemy import Index

from pipeline.store.columns import at, count, json, key, number, table, text

# The translation memory: one row for each segment an engine was given, or a person wrote.
segments = table(
    "segments",
    key("key"), text("engine"), text("model"), text("source"), text("target"), text("glossary"),
    text("text"), text("answer"), text("state"), text("owner"), at("lease", null=True), at("at"),
    count("size"), json("faults"), text("article", index=True),
    Index("ix_segments_state_engine", "state", "engine"),
)  # fmt: skip

# What was spent in a day on the articles of one source.
spending = table(
    "spending",
    key("day"), key("engine"), key("source"),
    count("characters"), count("segments"), count("requests"), count("hits"), count("faults"),
)  # fmt: skip

# One row for each side of a story that a machine was to write.
translations = table(
    "translations",
    key("text"), text("original", index=True), text("language"), text("article"), text("state", index=True),
    text("reason"), text("engine"), text("model"), text("version"), at("at"), text("made_of"), text("scope"),
    count("segments"), count("failed"), json("faults"), text("credit"), json("said", default="[]"),
    at("edited", null=True), text("title", default=""),
)  # fmt: skip

# What a person made of one sentence of a machine's; the newest of a sentence holds.
rewordings = table(
    "rewordings",
    number(), text("text", index=True), text("segment"), text("source"), text("machine"), text("answer"),
    text("who"), at("at"), text("article", index=True),
)  # fmt: skip

# Names that a person did not want in the glossary.
declined_terms = table("declined_terms", key("ru"), key("en"), text("who"), at("at"))

# Engines that said that their quota is spent, and until when.
quotas = table("quotas", key("engine"), at("until"), text("detail"), at("at"))
