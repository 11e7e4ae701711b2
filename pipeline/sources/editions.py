"""The part of sources.yaml that says what is published: topics, feeds, saved searches, digests."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from pipeline.sources import checks
from pipeline.sources.keys import Keys, Names, Query, Text, Time, Word, Zone, key


class Topic(Keys):
    """What some news is about. The id above it names its feed: topic-<id>.rss."""

    name: Names = key("Name", "What the topic is called.", {"ru": "Вода", "en": "Water"}, needed=True)
    words: list[Text] = key(
        "Words",
        "Words and phrases in either language, in any grammatical form; an article with one of them belongs. "
        "[] where `sources` alone decides.",
        ["водоканал", "water treatment"],
        needed=True,
    )
    sources: list[Word] = key("Sources", "Ids of sources all of whose articles belong.", ["water-utility"])


class Feed(Keys):
    """One more feed under an id of its own, or changes to one there is anyway (all, ru, kind-…, newsletter-en, …)."""

    enabled: bool = key("Enabled", "Whether it is published. Default: true.", False)
    title: Names = key("Title", "What the feed is called.", {"ru": "Порт", "en": "The port"})
    language: Literal["ru", "en"] = key(
        "Language", "One language, one entry a text. Left out: both, one entry a story.", "ru"
    )
    kinds: list[Word] = key("Kinds", "Only sources of these kinds.", ["cluster"])
    sources: list[Word] = key("Sources", "Only these sources.", ["bureau"])
    topics: list[Word] = key("Topics", "Only these topics.", ["water"])
    query: list[Text] = key(
        "Query", "Only articles with all of these words and phrases, in any grammatical form.", ["порт", "морской"]
    )
    size: int = key("Size", "Most entries. Default: 50.", 10, ge=1, le=200)
    title_order: Annotated[list[Literal["ru", "en"]], AfterValidator(checks.languages)] = key(
        "Order of titles", "Which language leads in a bilingual feed. Default: [ru, en].", ["en", "ru"]
    )


class Search(Keys):
    """A saved search. The id above it names its feed: search-<id>.rss, both languages, one entry a story."""

    query: Query = key(
        "Query",
        'What it looks for: words and "phrases" in any grammatical form, all of which must occur; -word must not; '
        "word* stands for every word that begins so; source:, kind:, language:, topic:, tag:, organisation: and place: narrow it.",
        'порт "морской терминал" -круиз source:bureau language:ru',
        needed=True,
    )
    title: Names = key("Title", "What its feed is called. Left out: its id.", {"ru": "Порт", "en": "The port"})
    public: bool = key(
        "Public",
        "Whether its feed stands among the others under feeds/. Otherwise `nevawire serve` gives it to whoever has its "
        "address, which `nevawire searches` shows. Default: false.",
        True,
    )
    size: int = key("Size", "Most entries. Default: 50.", 20, ge=1, le=200)
    title_order: Annotated[list[Literal["ru", "en"]], AfterValidator(checks.languages)] = key(
        "Order of titles", "Which language leads. Default: [ru, en].", ["en", "ru"]
    )


class Digest(Keys):
    """A digest that `nevawire watch` makes by itself; skipped where nothing is new."""

    period: Literal["day", "week"] = key("Period", "How often. Default: week.", "day")
    entries: int = key(
        "Entries",
        "In place of a period: as soon as so many entries wait, looked at on the days of `on`.",
        10,
        ge=1,
        le=200,
    )
    language: Literal["ru", "en", "both"] = key("Language", "What it speaks. Default: both.", "ru")
    on: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], AfterValidator(checks.weekdays)] = (
        key("On", "Days of the week. Default: mon for a week, every day otherwise.", ["fri"])
    )
    at: Time = key("At", "Time of the day, in its time zone. Default: 09:00.", "18:30")
    timezone: Zone = key(
        "Time zone", "Whose clock that is. Default: that of `defaults`, or Europe/Moscow.", "Europe/Moscow"
    )

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if {"period", "entries"} <= self.model_fields_set:
            raise ValueError("has both `period` and `entries`; keep one of them")
        return self
