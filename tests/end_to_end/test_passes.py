"""Passes over the demo sites: what is found, what a second pass does, what a killed one leaves."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import time
import xml.etree.ElementTree as ET
from datetime import datetime

import pytest

from tests.end_to_end.conftest import LATER, Installation


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """One undisturbed first pass, for the tests that only look at what it left."""
    from demo.server import DemoSites

    with DemoSites(port=0) as sites:
        made = Installation(tmp_path_factory.mktemp("first"), sites)
        made.summary = made.run()
        made.gold = sites.gold()
        made.articles = {row["url"]: row for row in made.rows("articles")}
        made.stories = made.rows("stories")
        yield made


def shown(gold):
    """The articles the sites show at once."""
    return [one for one in gold["articles"] if not one["held_back"]]


def test_every_article_is_found_and_none_invented(first):
    assert set(first.articles) == {one["url"] for one in shown(first.gold)}
    assert first.summary["articles"] == len(first.articles) >= 60


def test_titles_languages_and_dates_are_right(first):
    for one in shown(first.gold):
        row = first.articles[one["url"]]
        assert (row["title"], row["language"]) == (one["title"], one["language"]), one["url"]
        if one["date"] is not None:
            assert datetime.fromisoformat(row["published"]).date().isoformat() == one["date"], one["url"]


def test_bodies_are_whole_and_nothing_else(first):
    for one in shown(first.gold):
        assert first.articles[one["url"]]["text"].split("\n") == one["paragraphs"], one["url"]


def pairs_found(stories):
    return {(a["url"], b["url"]) for row in stories if row["ru"] and row["en"] for a in row["ru"]["articles"] for b in row["en"]["articles"]}


def test_declared_pairs_are_all_found_and_most_of_the_others(first):
    found = pairs_found(first.stories)
    kept = set(first.articles)
    for kind, share in (("declared", 1.0), ("undeclared", 0.8)):
        true = [(one["ru"], one["en"]) for one in first.gold["pairs"] if one["kind"] == kind and {one["ru"], one["en"]} <= kept]
        hits = [pair for pair in true if pair in found]
        assert len(hits) >= share * len(true), sorted(set(true) - set(hits))
        assert true


def test_no_decoy_is_paired(first):
    found = pairs_found(first.stories)
    assert first.gold["decoys"]
    for one in first.gold["decoys"]:
        assert (one["ru"], one["en"]) not in found


def test_no_pair_is_invented(first):
    true = {(one["ru"], one["en"]) for one in first.gold["pairs"]}
    same = {}
    for group in first.gold["duplicates"]:
        for url in group:
            same[url] = group[0]
    folded = {(same.get(ru, ru), same.get(en, en)) for ru, en in true}
    assert {(same.get(ru, ru), same.get(en, en)) for ru, en in pairs_found(first.stories)} <= folded


def test_a_release_on_two_sites_is_one_story(first):
    by_url = {a["url"]: row["id"] for row in first.stories for side in ("ru", "en") if row[side] for a in row[side]["articles"]}
    for group in first.gold["duplicates"]:
        assert len({by_url[url] for url in group}) == 1, group


def test_the_bilingual_feed_shows_at_least_36_stories(first):
    entries = ET.parse(first.feeds / "all.atom").getroot().findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) >= 36


def test_a_second_pass_changes_no_byte_and_asks_for_listings_only(installation):
    installation.run()
    before = installation.digests()
    installation.sites.requests.clear()
    again = installation.run()
    assert installation.digests() == before
    assert again["feeds"]["written"] == 0
    asked = [request for request in installation.sites.requests if request.path != "/robots.txt"]
    assert asked
    assert all(request.conditional and request.status == 304 for request in asked), asked
    listings = sum(len(source["listings"]) for source in installation.sites.sources().values())
    assert len(asked) == listings


def test_a_translation_that_arrives_late_joins_its_story(installation):
    installation.run()
    (late,) = [one for one in installation.sites.gold()["articles"] if one["held_back"]]
    (pair,) = [one for one in installation.sites.gold()["pairs"] if one["en"] == late["url"]]
    before = next(row for row in installation.rows("stories") if row["ru"] and row["ru"]["url"] == pair["ru"])
    installation.sites.release(late["url"])
    assert installation.run(now=LATER)["articles"] == len(shown(installation.sites.gold())) + 1
    after = next(row for row in installation.rows("stories") if row["ru"] and row["ru"]["url"] == pair["ru"])
    assert after["id"] == before["id"]
    assert (before["en"], after["en"]["url"]) == (None, late["url"])
    ids = [entry.findtext("{*}id") for entry in ET.parse(installation.feeds / "all.atom").getroot().findall("{*}entry")]
    assert ids.count(after["id"]) == 1
    assert len(ids) == len(set(ids))


def test_a_killed_pass_leaves_whole_files_and_the_next_ends_like_an_undisturbed_one(first, tmp_path):
    """Ten kills at moments spread over a pass; every time the store is whole and feeds are well-formed."""
    disturbed = Installation(tmp_path, first.sites)
    dice, length = random.Random(7), 4.0
    for number in range(10):
        line, env = disturbed.command("run")
        process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * (number + dice.random()) / 10)
        process.kill()
        process.wait(timeout=10)
        assert_whole(disturbed)
    disturbed.run()
    assert disturbed.digests() == first.digests()


def assert_whole(installation):
    database = installation.folder / "store/nevawire.sqlite"
    if database.exists():
        connection = sqlite3.connect(database)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    if installation.feeds.exists():
        for path in installation.feeds.glob("*.rss"):
            ET.parse(path)
        for path in installation.feeds.glob("*.atom"):
            ET.parse(path)
