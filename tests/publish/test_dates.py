from __future__ import annotations

import pytest

from pipeline.publish import dates, entries
from pipeline.publish.channels import Channel
from tests.publish import newsroom
from tests.publish.newsroom import instant

RU = Channel("ru", {"ru": "Новости"}, "ru")
ALL = Channel("all", {"ru": "Новости"})
BODY = {"source": "bureau", "title": "Заголовок", "text": "Текст."}


@pytest.mark.parametrize("case", newsroom.cases("dates.json"), ids=lambda case: case["about"])
def test_published(case):
    story = newsroom.story(
        "a", {"ru": [{**BODY, "url": "https://bureau.example.com/1", "published": case["published"]}]}
    )

    entry = entries.entry(story, RU, newsroom.config())

    assert [entry.published.isoformat(), entry.precision, entry.evidence] == case["expected"]


def test_a_later_translation_does_not_move_the_date():
    ru = {**BODY, "url": "https://bureau.example.com/1", "published": ["2026-05-17T12:00:00Z", "UTC", "minute", "meta"]}
    en = {**BODY, "url": "https://bureau.example.com/2", "published": ["2026-05-16T12:00:00Z", "UTC", "minute", "meta"]}
    alone = entries.entry(newsroom.story("a", {"en": [en]}), ALL, newsroom.config())

    both = entries.entry(newsroom.story("a", {"ru": [ru], "en": [en]}), ALL, newsroom.config())

    assert both.published == alone.published
    assert (both.language, alone.language) == ("ru", "en")


def test_updated_that_repeats_a_date_ahead_gives_way_to_first_sight():
    ahead = {**BODY, "url": "https://bureau.example.com/1", "published": ["2027-01-01T00:00:00Z", "UTC", "day", "page"]}
    story = newsroom.story("a", {"ru": [ahead]})

    assert dates.changed(story.texts["ru"]) == instant("2026-05-18T06:00:00Z")
    assert dates.story_changed(story, [story.texts["ru"]]) == instant("2026-05-18T06:00:00Z")


def test_a_correction_moves_updated():
    corrected = {**BODY, "url": "https://bureau.example.com/1", "updated": "2026-05-19T06:00:00Z"}

    assert dates.changed(newsroom.story("a", {"ru": [corrected]}).texts["ru"]) == instant("2026-05-19T06:00:00Z")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"history": True, "place": 4}, 4),
        ({"history": False, "place": 4}, None),
        ({"history": True, "published": ["2026-05-17T12:00:00Z", "UTC", "minute", "meta"]}, None),
        ({"history": True, "updated": "2026-05-19T06:00:00Z"}, None),
    ],
    ids=["history without a date", "news without a date", "dated history", "corrected since"],
)
def test_undated_place(fields, expected):
    text = newsroom.story("a", {"ru": [{**BODY, "url": "https://bureau.example.com/1", **fields}]}).texts["ru"]

    assert dates.undated_place([text], dates.changed(text)) == expected
