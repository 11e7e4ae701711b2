"""Items in a real Chromium, with scripts and without: found, narrowed down, taken along, saved; and the feed that comes of it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from urllib.parse import urlsplit

import pytest

from pipeline.review import app
from pipeline.web import searches
from pipeline.web.shelf import Shelf
from tests.review.building import NOW
from tests.review.test_browser import follow, page_at
from tests.web.servers import ask, serving

pytestmark = pytest.mark.long


@pytest.fixture
def served(office, folder):
    """The desk, and private searches beside it, on one server."""
    private = searches.part(office.store.private.get, lambda: office.store.private.secret(NOW), Shelf(folder / "feeds"))
    with serving(folder / "feeds", [app.part(office), private]) as port:
        yield port


def narrowed(page, port):
    """Search for clusters, choose a language and the tag that is on one of what is found; return its title."""
    page.goto(f"http://127.0.0.1:{port}/desk/items")
    page.fill("input[name=q]", "cluster")
    follow(page, "main button.main")
    follow(page, "aside a:has-text('English')")
    follow(page, "p.title a >> nth=0")
    page.fill("input[name=tags]", "for the mayor")
    follow(page, "section#marks button:has-text('Add')")
    page.go_back()
    page.go_back()
    page.reload()
    follow(page, "aside a:has-text('for the mayor')")
    assert page.inner_text("#count").startswith("1 story")
    return page.locator("p.title[lang=en] a").first.inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_what_is_found_is_taken_along_and_becomes_a_feed(office, served, browser, scripts):
    with page_at(browser, f"http://127.0.0.1:{served}/desk/", java_script_enabled=scripts, locale="en") as page:
        title = narrowed(page, served)
        taken = {}
        for form in ("CSV", "Excel", "JSON Lines", "Parquet", "WARC"):
            with page.expect_download() as download:
                page.click(f".take a:text-is('{form}')")
            taken[download.value.suggested_filename.partition(".")[2]] = download.value.path().read_bytes()
        rows = [json.loads(line) for line in taken["jsonl"].splitlines()]
        assert [one["title"] for one in rows] == [title]
        assert [one["title"] for one in csv.DictReader(io.StringIO(taken["csv"].decode("utf-8-sig")))] == [title]
        assert title.split()[0] in zipfile.ZipFile(io.BytesIO(taken["xlsx"])).read("xl/worksheets/sheet1.xml").decode()
        assert taken["parquet"].startswith(b"PAR1")
        assert taken["warc.gz"].startswith(b"\x1f\x8b")
        page.click("summary:has-text('Save this search')")
        page.fill(".save input[name=title]", "Mayor")
        follow(page, ".save button")
        page.wait_for_selector("h2:has-text('Mayor')")
        where = page.locator("section:has(h2:has-text('Mayor')) a[href*='.json']").get_attribute("href")
    turn = office.press.ask()
    assert office.press.wait(turn, 60)
    parts = urlsplit(where)
    name = parts.path.rpartition("/")[2]
    feed = ask(served, "GET", f"/{name}?{parts.query}")
    assert feed.status == 200
    assert [title in one["title"] for one in json.loads(feed.body)["items"]] == [True]
    assert ask(served, "GET", f"/{name}").status in (403, 404), "without its token it is nobody's"
    assert re.search(r"mayor:\s+query: .*tag:", office.settings.sources.read_text("utf-8"))
