from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.publish.channels import addresses, select, shown_texts
from pipeline.publish.past import Past
from pipeline.publish.roster import channels
from tests.publish import newsroom

CONFIG = newsroom.config()
ALL, RU, EN = channels(CONFIG)[:3]
BODY = {"source": "cluster", "text": "Текст."}


def names(*stories):
    known = {newsroom.urn(f"story {name}"): name for name in ("a", "b", "c", "d", "e")}
    return [known[story.id] for story in stories]


def test_the_feeds_of_an_installation():
    assert [channel.name for channel in channels(CONFIG)] == [
        "all", "ru", "en", "newsletter-ru", "newsletter-en", "kind-bureau", "kind-cluster", "kind-venue", "source-bureau", "source-cluster", "source-expo",
    ]  # fmt: skip


def test_a_disabled_source_keeps_its_feeds_while_it_has_stories():
    found = [channel.name for channel in channels(CONFIG, {"old-park"})]

    assert {"source-old-park", "kind-technopark"} <= set(found)


def test_titles_in_the_feed_s_languages():
    titles = {channel.name: channel.title for channel in channels(CONFIG)}

    assert titles["all"] == "Невский вестник: все новости / Neva Herald: all news"
    assert titles["en"] == "Neva Herald: news in English"
    assert titles["source-expo"] == "Невский вестник: Harbour Expo / Neva Herald: Harbour Expo"
    assert titles["kind-cluster"] == "Невский вестник: кластеры / Neva Herald: clusters"


def test_addresses_are_home_and_file_name():
    assert addresses(ALL, CONFIG.publisher)["atom"] == "https://feeds.example.org/news/all.atom"
    assert addresses(ALL, replace(CONFIG.publisher, home=""))["rss"] == "http://localhost/all.rss"


@pytest.mark.parametrize("case", newsroom.cases("holds.json"), ids=lambda case: case["about"])
def test_hold(case):
    article = {
        **BODY,
        "url": "https://cluster.example.com/1",
        "first_seen": case["seen"],
        "history": case.get("history", False),
    }
    match = [case["probability"], []] if "probability" in case else None
    story = newsroom.story("a", {"ru": [article]}, case["state"], match=match, aliases=[newsroom.urn("former")])
    shown = {"self": {story.id}, "alias": {newsroom.urn("former")}}.get(case.get("shown"), set())

    chosen = select(ALL, [story], newsroom.NOW, CONFIG.publish, Past(shown={"all": shown}))

    assert bool(chosen) is case["expected"]
    assert select(RU, [story], newsroom.NOW, CONFIG.publish) == (story,), "single-language feeds never hold"


def test_bilingual_feeds_are_ordered_by_update_others_by_date():
    def story(name, published, updated):
        article = {**BODY, "url": f"https://cluster.example.com/{name}", "first_seen": "2026-05-10T00:00:00Z"}
        dated = {**article, "published": [published, "UTC", "minute", "meta"], "updated": updated}
        return newsroom.story(name, {"ru": [dated]}, updated=updated)

    stories = [
        story("a", "2026-05-01T00:00:00Z", "2026-05-12T00:00:00Z"),
        story("b", "2026-05-03T00:00:00Z", "2026-05-11T00:00:00Z"),
        story("c", "2026-05-02T00:00:00Z", "2026-05-13T00:00:00Z"),
    ]

    assert names(*select(ALL, stories, newsroom.NOW, CONFIG.publish)) == ["c", "a", "b"]
    assert names(*select(RU, stories, newsroom.NOW, CONFIG.publish)) == ["b", "c", "a"]


def test_undated_history_stands_below_dated_items_by_its_place():
    undated = [
        newsroom.story(
            name, {"ru": [{**BODY, "url": f"https://cluster.example.com/{name}", "history": True, "place": place}]}
        )
        for name, place in (("a", 9), ("b", 2), ("c", 5))
    ]
    old = {**BODY, "url": "https://cluster.example.com/d", "published": ["2001-01-01T00:00:00Z", "UTC", "day", "url"]}
    stories = [*undated, newsroom.story("d", {"ru": [old]})]

    for channel in (ALL, RU):
        assert names(*select(channel, stories, newsroom.NOW, CONFIG.publish)) == ["d", "b", "c", "a"]


def test_order_and_cut_do_not_depend_on_the_order_given():
    stories = [
        newsroom.story(
            str(n), {"ru": [{**BODY, "url": f"https://cluster.example.com/{n}", "place": n % 7, "history": n % 3 == 0}]}
        )
        for n in range(60)
    ]
    expected = select(ALL, stories, newsroom.NOW, CONFIG.publish)
    assert len(expected) == 50

    for seed in range(5):
        random.Random(seed).shuffle(stories)
        assert select(ALL, stories, newsroom.NOW, CONFIG.publish) == expected


def test_machine_text_stands_in_no_plain_feed():
    article = {**BODY, "url": "https://cluster.example.com/1"}
    story = newsroom.story("a", {"ru": [article], "en": [{**article, "origin": "machine"}]})
    edited = newsroom.story("b", {"en": [{**article, "origin": "edited"}]})
    late = newsroom.NOW + timedelta(days=9)

    assert select(EN, [story, edited], late, CONFIG.publish) == ()
    assert [text.language for text in shown_texts(ALL, story)] == ["ru"]
    assert select(ALL, [edited], late, CONFIG.publish) == ()


def test_a_story_stands_in_the_feed_of_every_source_that_carries_it():
    twice = newsroom.story(
        "a",
        {
            "ru": [
                {**BODY, "url": "https://cluster.example.com/1"},
                {"source": "bureau", "url": "https://bureau.example.com/1"},
            ]
        },
    )
    holders = [channel.name for channel in channels(CONFIG) if select(channel, [twice], newsroom.NOW, CONFIG.publish)]

    assert holders == ["all", "ru", "kind-bureau", "kind-cluster", "source-bureau", "source-cluster"]
