"""An article added by its address: fetched politely by the server itself, read, paired, published, marked; or refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from demo.server import DemoSites
from pipeline import owners, sources
from pipeline.legwork import Legwork
from tests.review import building

pytestmark = pytest.mark.long


def filled_in(text):
    """Return a sources.yaml whose publisher is somebody; nobody is asked but this machine all the same."""
    return text.replace("news.example.org", "news.vestnik.spb.ru").replace("news@example.org", "news@vestnik.spb.ru")


@pytest.fixture
def room(tmp_path):
    """An empty installation that knows one of the sample sites, with the desk open."""
    with DemoSites(port=0) as sites:
        text = sites.sources_yaml()
        text = text[: text.index("\n  cluster-blog:")] + "\n"
        (tmp_path / "sources.yaml").write_text(filled_in(text), encoding="utf-8")
        opened = building.opened(tmp_path)
        settings = replace(opened.settings, allow=("127.0.0.1:*",))
        opened = replace(opened, settings=settings, legwork=Legwork(settings, opened.store, {}))
        yield opened, sites
        opened.close()
        opened.store.close()


def ended(room):
    """Wait until nothing is under way, and return what was asked for, the newest first."""
    for _ in range(600):
        found = room.store.errands.latest("add", room.now())
        if not any(one.open for one in found):
            return found
        time.sleep(0.1)
    raise AssertionError("an article is still being fetched")


def test_articles_are_added_by_their_addresses(room):
    room, sites = room
    desk = building.Desk(building.served(room))
    known, other = sites.articles("bureau")[0], sites.articles("cluster-blog")[0]
    refused = "http://10.0.0.1/news/1"
    for url in (sites.url(known), sites.url(other), refused, f"{sites.addresses['bureau']}/news/"):
        page = desk.post("/desk/add", {"url": url})
        assert page.status_code == 200
        assert url in page.text
    assert "Refresh" in page.headers
    assert desk.post("/desk/add", {"url": "not an address"}).status_code == 422
    listing, private, stranger, own = ended(room)
    assert (own.state, own.source, own.who) == ("done", "bureau", "ada")
    assert (stranger.state, stranger.source) == ("done", owners.ADDED), stranger.outcome
    assert (private.state, private.outcome["why"][:15]) == ("failed", "blocked-address")
    assert listing.state == "failed"
    for errand, article in ((own, known), (stranger, other)):
        page = desk.get(f"/desk/story/{errand.outcome['stories'][0]}").text
        assert article.title in page
        assert "added by hand" in page
        assert "asked for this address" in page
    (kept,) = room.store.features.items(stranger.outcome["articles"])
    assert kept.article.source == owners.ADDED
    feed = (room.feeds / "all.json").read_text()
    assert known.title.split()[0] in feed
    assert other.title.split()[0] in feed
    assert other.text.splitlines()[-1] not in feed, "of nobody's article no more than the defaults allow"
    page = desk.get("/desk/add")
    assert "Refresh" not in page.headers
    assert "blocked-address" in page.text


def test_an_article_is_asked_for_over_the_api(api):
    api.office.legwork.close()  # nothing goes out here
    file = api.office.settings.sources
    file.write_text(filled_in(file.read_text()))
    answer = api("POST", "/api/v1/additions", role="analyst", json={"url": "https://site.example/news/1"})
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["state"], told["source"], told["who"]) == ("asked", owners.ADDED, "analyst")
    assert api("GET", f"/api/v1/additions/{told['id']}", role="reader").json() == told
    assert api("POST", "/api/v1/additions", role="operator", json={"url": "javascript:alert(1)"}).status_code == 422


def test_an_address_belongs_to_the_source_that_lists_beside_it():
    config = sources.parse(building.SOURCES.read_bytes(), "sources.yaml")
    for url, owner in (
        ("https://www.bureau.example/news/1", "bureau"),
        ("http://bureau.example/anything/else", "bureau"),
        ("http://nobody.example/news/", None),
    ):
        found = owners.neighbour(config, url)
        assert (found.id if found else None) == owner
