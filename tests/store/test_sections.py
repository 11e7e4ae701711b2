"""What is found for all sources at once is what each feed would be given."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline import pairs
from pipeline.model import Config, Publisher, PublishRules
from pipeline.store import Wanted, open_store
from tests.pairing.season import NOW, season
from tests.test_cli_pairs import put

NEWS = season()
ITEMS = [one for one in NEWS.items if one.article.published is not None]
CONFIG = Config(Publisher({}, "https://news.example.org/", ""), PublishRules(), tuple(NEWS.sources.values()))
SIZES = Counter(one.article.source for one in ITEMS)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = open_store(tmp_path_factory.mktemp("store"))
    put(opened, *ITEMS)
    pairs.pair_up(opened, CONFIG, NOW)
    yield opened
    opened.close()


def newest(store, source, size):
    return frozenset(store.publications.newest(Wanted(f"source-{source}", sources=(source,)), size))


def test_sources_with_few_articles_are_told_whole_and_the_others_left_to_their_feeds(store):
    most = sorted(SIZES.values())[len(SIZES) // 2]
    found = store.publications.sections(most)
    told = {source: found.of(source, most) for source in SIZES}
    assert told == {one: newest(store, one, 1_000) if SIZES[one] <= most else None for one in SIZES}
    assert {*map(bool, told.values())} == {True, False}


def test_a_source_without_articles_has_no_story(store):
    assert store.publications.sections(5).of("nobody", 5) == frozenset()


def test_a_smaller_feed_that_cannot_show_them_all_is_asked_for_by_itself(store):
    size = max(SIZES.values())
    source = next(one for one in SIZES if SIZES[one] == size)
    stories = len(newest(store, source, size))
    found = store.publications.sections(size)
    assert found.of(source, stories) is not None
    assert found.of(source, stories - 1) is None
