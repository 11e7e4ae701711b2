"""Passes over the demo sites: what is found, what a second pass does, what a killed one leaves."""

from __future__ import annotations

import random
import subprocess
import time
import xml.etree.ElementTree as ET
from datetime import datetime

import pytest

from demo.articles import load
from demo.gold import gold
from demo.server import DemoSites
from pipeline import sources as config
from pipeline.store import open_store
from tests.end_to_end.conftest import LATER, Installation
from tests.publish import validity

GOLD = gold()


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """One undisturbed first pass, for the tests that only look at what it left."""
    with DemoSites(port=0) as sites:
        made = Installation(tmp_path_factory.mktemp("first"), sites)
        began = time.monotonic()
        made.summary = made.run()
        made.took = time.monotonic() - began
        made.articles = {row["url"]: row for row in made.rows("articles")}
        made.stories = made.rows("stories")
        yield made


def shown(installation):
    """Return the articles the sites show at once: address → what the gold says."""
    return {installation.url(one["at"]): one for one in GOLD["articles"] if not one["held"]}


def together(row):
    """Return the addresses of a story's articles."""
    return {article["url"] for side in ("ru", "en") if row[side] for article in row[side]["articles"]}


def test_every_article_is_found_and_none_invented(first):
    assert set(first.articles) == set(shown(first))
    assert first.summary["articles"] == len(first.articles) >= 60


def test_titles_languages_and_dates_are_right(first):
    for url, one in shown(first).items():
        row = first.articles[url]
        assert (row["title"], row["language"]) == (one["title"], one["language"]), url
        assert row["published_evidence"] == one["evidence"], url
        if one["date"] is not None:
            assert datetime.fromisoformat(row["published"]).date().isoformat() == one["date"], url


def test_bodies_are_whole_and_nothing_else(first):
    written = {
        first.sites.url(each): each.text for site in first.sites.addresses for each in first.sites.articles(site)
    }
    assert {url: row["text"] for url, row in first.articles.items()} == written


@pytest.mark.parametrize(("kind", "share"), [("declared", 1.0), ("undeclared", 0.8)])
def test_the_pairs_there_are_are_found(first, kind, share):
    true = [{first.url(one["ru"][0]), first.url(one["en"][0])} for one in GOLD["stories"] if one["kind"] == kind]
    true = [pair for pair in true if pair <= set(first.articles)]
    missed = [pair for pair in true if not any(pair <= together(row) for row in first.stories)]
    assert true
    assert len(missed) <= (1 - share) * len(true), missed


def test_no_decoy_is_paired_and_no_pair_is_invented(first):
    story_of = {
        first.url(place): one["story"] for one in GOLD["stories"] for side in ("ru", "en") for place in one[side]
    }
    mixed = [row for row in first.stories if len({story_of[url] for url in together(row)}) > 1]
    assert mixed == []
    for decoy in GOLD["decoys"]:
        urls = {first.url(place) for place in decoy["articles"]}
        assert not any(urls <= together(row) for row in first.stories), decoy["why"]


def test_a_release_on_two_sites_is_one_story(first):
    several = [
        {first.url(place) for place in one[side]}
        for one in GOLD["stories"]
        for side in ("ru", "en")
        if len(one[side]) > 1
    ]
    assert several
    for urls in several:
        assert any(urls <= together(row) for row in first.stories), urls


def test_the_bilingual_feed_shows_at_least_36_stories(first):
    entries = ET.parse(first.feeds / "all.atom").getroot().findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) >= 36


def test_no_validator_finds_fault_with_what_is_published(first):
    """The documents as a server would give them, at the address their publisher declares."""
    home = config.load(first.folder / "sources.yaml").publisher.home
    judges = {"rss": validity.rss_faults, "atom": validity.atom_faults, "json": validity.json_faults}
    found = [path for ext in judges for path in first.feeds.rglob(f"*.{ext}")]
    assert len(found) >= 36
    for path in found:
        assert judges[path.suffix[1:]](path.read_bytes(), home + path.name) == [], path.name
    assert validity.opml_faults((first.feeds / "feeds.opml").read_bytes()) == []


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
    assert len(asked) == len({request.path for request in asked})
    assert not {request.path for request in asked} & {one["at"].partition(":")[2] for one in GOLD["articles"]}


def test_a_translation_that_arrives_late_joins_its_story(installation):
    installation.run()
    (late,) = [one for one in GOLD["articles"] if one["held"]]
    (story,) = [one for one in GOLD["stories"] if late["at"] in one["en"]]
    original = installation.url(story["ru"][0])

    def current():
        return next(row for row in installation.rows("stories") if original in together(row))

    before = current()
    seen = {
        entry.findtext("{*}id") for entry in ET.parse(installation.feeds / "all.atom").getroot().findall("{*}entry")
    }
    (key,) = [each.key for each in load("bureau") if each.held]
    installation.sites.release(key)
    assert installation.run(now=LATER)["articles"] == len(shown(installation)) + 1
    after = current()
    assert after["id"] == before["id"]
    assert (before["en"], after["en"]["url"]) == (None, installation.url(late["at"]))
    ids = [entry.findtext("{*}id") for entry in ET.parse(installation.feeds / "all.atom").getroot().findall("{*}entry")]
    assert ids.count(after["id"]) == 1
    assert len(ids) == len(set(ids))
    # Whoever goes by ids sees a story twice only if it stood under an id that went into another one's.
    twice = seen - set(ids)
    assert len(seen) >= 36
    assert len(twice) <= 0.02 * len(ids), twice


@pytest.mark.long
def test_a_killed_pass_leaves_whole_files_and_the_next_ends_like_an_undisturbed_one(first, tmp_path):
    """Six kills at moments spread over a pass's asking and reading; every time the store is whole and feeds are well-formed."""
    disturbed = Installation(tmp_path, first.sites)
    dice, length = random.Random(7), first.took
    for number in range(6):
        line, env = disturbed.command("run")
        asked = len(first.sites.requests)
        process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun(process, lambda asked=asked: len(first.sites.requests) > asked)
        time.sleep(length * (number + dice.random()) / 6)
        process.kill()
        process.wait(timeout=10)
        assert_whole(disturbed)
    disturbed.run()
    assert disturbed.digests() == first.digests()


def begun(process, asking):
    """Wait until the pass asks its first page: what comes before is the loading of packages."""
    deadline = time.monotonic() + 30
    while process.poll() is None and not asking() and time.monotonic() < deadline:
        time.sleep(0.02)


def assert_whole(installation):
    store = open_store(installation.folder / "store")
    assert store.inspect(lambda _done, _all: None).findings == ()
    store.close()
    if installation.feeds.exists():
        for path in installation.feeds.glob("*.rss"):
            ET.parse(path)
        for path in installation.feeds.glob("*.atom"):
            ET.parse(path)
