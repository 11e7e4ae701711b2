"""What is proposed for a site, run, brings every article of it: the sample sites and three layouts more."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from demo import check
from demo.gold import FILE as GOLD
from demo.site import SITE_IDS
from pipeline import owners
from pipeline.scout.look import look
from pipeline.scout.visitor import Visitor
from tests.scout.layouts import NAMES

MOSCOW = ZoneInfo("Europe/Moscow")


def proposed(desk, url):
    """Look at a site as `add` does, write the proposal, and return what was found."""
    stranger = owners.stranger(desk.file.read_bytes(), str(desk.settings.sources), url, "site", "stranger")
    found = desk.at_work(lambda room: look(Visitor(room, stranger), url, kind="site", taken={"old"}))
    desk.write(found.id, found.block)
    return found


def facts(item):
    published = item.article.published
    day = f"{published.at.astimezone(MOSCOW):%Y-%m-%d}" if published else None
    return item.language.code, item.article.title, day


@pytest.mark.parametrize("site", SITE_IDS)
def test_a_proposal_collects_every_article_of_a_sample_site(desk, sites, site):
    found = proposed(desk, sites.addresses[site] + "/")
    items = desk.collected(found.id)
    gold = check.expected(json.loads(GOLD.read_text("utf-8"))).articles
    wanted = {
        at: (want["language"], want["title"], want["date"]) for at, want in gold.items() if at.startswith(f"{site}:")
    }
    assert len(wanted) >= 9
    got = {check.place(url, sites.addresses): facts(item) for url, item in items.items()}
    assert {at: one[:2] for at, one in got.items()} == {at: one[:2] for at, one in wanted.items()}
    assert {at: one[2] for at, one in got.items()} == {at: one[2] for at, one in wanted.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_proposal_collects_every_article_of_a_strange_layout(desk, serve, name):
    served = serve(name)
    found = proposed(desk, served.address + "/")
    items = desk.collected(found.id)
    assert {url.removeprefix(served.address): facts(item) for url, item in items.items()} == served.layout.gold()
    assert {one.listing.language for one in found.proposed} == {"ru", "en"}


def test_the_versions_of_the_bureau_are_a_swap_and_those_of_the_park_a_query(desk, sites):
    bureau = proposed(desk, sites.addresses["bureau"] + "/")
    assert bureau.block["versions"] == [{"swap": ["/en/news/", "/news/"]}]
    assert bureau.pair is not None
    park = proposed(desk, sites.addresses["science-park"] + "/news/?lang=l1")
    assert park.block["versions"] == [{"query": "lang", "ru": "l1", "en": "l2"}]


def test_no_version_rule_is_proposed_where_none_leads_to_an_article(desk, sites):
    found = proposed(desk, sites.addresses["instruments"] + "/")
    assert "versions" not in found.block


def test_a_feed_given_by_itself_becomes_a_feed_listing(desk, sites):
    url = sites.addresses["science-park"] + "/rss.php?lang=l2"
    found = proposed(desk, url)
    assert found.block["listings"] == [{"url": url, "language": "en", "kind": "feed"}]


def test_names_come_in_both_languages(desk, sites):
    found = proposed(desk, sites.addresses["bureau"] + "/")
    assert found.block["name"] == {"ru": "Невское конгресс-бюро", "en": "Neva Convention Bureau"}
    assert found.id == "neva-convention-bureau"


def test_robots_come_first_and_nothing_is_asked_twice(desk, serve):
    served = serve("tables")
    proposed(desk, served.address + "/")
    assert served.asked[0] == "/robots.txt"
    assert sorted(set(served.asked)) == sorted(served.asked)
    assert len(served.asked) <= 25


def test_what_robots_forbid_is_not_asked(desk, sites):
    found = proposed(desk, sites.addresses["bureau"] + "/")
    asked = {request.path for request in sites.requests if request.site == "bureau"}
    assert found.proposed
    assert not [path for path in asked if path.startswith(("/search/", "/partners/login/"))]
