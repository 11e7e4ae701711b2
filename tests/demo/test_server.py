"""The sample sites over HTTP: everything answers as a real site would, and breaks when told."""

from __future__ import annotations

import socket
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest
from bs4 import BeautifulSoup
from protego import Protego

from demo.gold import gold
from demo.server import DemoSites
from demo.site import SITE_IDS, load_site

HELD = "/en/news/1431/"
BLOG_POST = "/posts/sovet-klastera-itogi"


def test_every_article_is_served_as_its_site_would(served, client):
    for site in SITE_IDS:
        facts = load_site(site)
        for article in served.articles(site):
            answer = client.get(served.url(article))
            assert answer.status_code == 200, article.key
            assert answer.headers["Content-Type"] == (
                "text/html" if site == "instruments" else "text/html; charset=utf-8"
            )
            soup = BeautifulSoup(answer.content.decode(facts.charset), "lxml")
            assert soup.h1.get_text() == article.title
            shown = " ".join(soup.body.get_text(" ").split())
            for paragraph in article.text.splitlines():
                assert paragraph in shown, article.key


def test_the_gold_stands_where_it_says(served, client):
    for article in gold()["articles"]:
        site, _, path = article["at"].partition(":")
        assert client.get(served.addresses[site] + path).status_code == (404 if article["held"] else 200), article["at"]


def walk(client, start, following="a.next"):
    """Yield the pages of a listing, from the first to the last."""
    while start:
        soup = BeautifulSoup(client.get(start).content, "lxml")
        yield soup
        more = soup.select_one(following)
        start = urljoin(start, more["href"]) if more else None


ROWS = {
    "bureau": "a.event-image",
    "cluster-blog": "div.post h2 a",
    "instruments": "p.item a",
    "science-park": "div.card a",
}


@pytest.mark.parametrize("site", SITE_IDS)
def test_listings_list_every_article_and_no_other(served, client, site):
    listed = []
    for edition in load_site(site).editions.values():
        start = served.addresses[site] + edition.listing
        listed += [urljoin(start, link["href"]) for soup in walk(client, start) for link in soup.select(ROWS[site])]
    assert sorted(listed) == sorted(served.url(article) for article in served.articles(site))


def test_a_page_past_the_end_repeats_known_links(served, client):
    bureau = served.addresses["bureau"]
    assert client.get(f"{bureau}/news/?page=3").content != client.get(f"{bureau}/news/").content
    assert client.get(f"{bureau}/news/?page=99").content == client.get(f"{bureau}/news/").content
    assert client.get(f"{served.addresses['cluster-blog']}/posts/year/2026/99").status_code == 404


@pytest.mark.parametrize("site", SITE_IDS)
def test_links_inside_lead_somewhere_but_for_the_broken_ones_known(served, client, site):
    base, facts = served.addresses[site], load_site(site)
    waiting = [base + edition.home for edition in facts.editions.values()]
    seen, dead = set(waiting), set()
    while waiting:
        answer = client.get(waiting.pop())
        if answer.status_code != 200:
            dead.add(str(answer.url).removeprefix(base))
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        soup = BeautifulSoup(answer.content, "lxml", from_encoding=facts.charset)
        found = {
            urljoin(str(answer.url), tag.get("href") or tag.get("src")).partition("#")[0]
            for tag in soup.select("[href], [src]")
        }
        new = {url for url in found if url.startswith(base)} - seen
        seen |= new
        waiting += sorted(new)
    assert dead == set(facts.broken_links)
    assert {served.url(article) for article in served.articles(site)} <= seen


def test_conditional_requests(served, client):
    for url in (served.addresses["bureau"] + "/news/", served.url(served.articles("instruments")[0])):
        first = client.get(url)
        by_tag = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        by_date = client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert (by_tag.status_code, by_date.status_code) == (304, 304)
        assert by_tag.headers["ETag"] == first.headers["ETag"]
        assert client.get(url, headers={"If-None-Match": '"another"'}).status_code == 200
        assert client.get(url, headers={"If-Modified-Since": "Sat, 01 Aug 2020 00:00:00 GMT"}).status_code == 200
        assert client.get(url, headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_gzip_only_for_those_who_take_it(served, client):
    url = served.url(served.articles("instruments")[0])
    zipped = client.get(url)
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert zipped.content == plain.content
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert int(zipped.headers["Content-Length"]) < len(plain.content)


def test_head_has_no_body(served, client):
    answer = client.head(served.addresses["cluster-blog"] + BLOG_POST)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("site", SITE_IDS)
def test_robots_let_articles_be_read_and_forbid_something(served, client, site):
    rules = Protego.parse(client.get(served.addresses[site] + "/robots.txt").text)
    assert all(rules.can_fetch(served.url(article), "Nevawire") for article in served.articles(site))
    forbidden = {
        "bureau": "/search/x",
        "cluster-blog": "/admin/",
        "instruments": "/cgi-bin/a",
        "science-park": "/search.php?q=1",
    }
    assert not rules.can_fetch(served.addresses[site] + forbidden[site], "Nevawire")
    assert not rules.crawl_delay("Nevawire")


def test_the_feed_has_the_newest_and_the_sitemap_all(served, client):
    base = served.addresses["science-park"]
    articles = served.articles("science-park")
    for language, code in (("ru", "l1"), ("en", "l2")):
        read = feedparser.parse(client.get(f"{base}/rss.php?lang={code}").content)
        own = [served.url(article) for article in articles if article.language == language]
        assert not read.bozo
        assert [entry.link for entry in read.entries] == own[:5] != own
    tree = ET.fromstring(client.get(f"{base}/sitemap.xml").content)
    assert [element.text for element in tree.findall(".//{*}loc")] == [served.url(article) for article in articles]


def test_pictures_are_pictures_of_the_size_declared(served, client):
    article = next(each for each in served.articles("bureau") if each.picture)
    tag = BeautifulSoup(client.get(served.url(article)).content, "lxml").select_one("div.fotorama img")
    content = client.get(served.addresses["bureau"] + tag["src"]).content
    assert content.startswith(b"\x89PNG")
    assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == (
        int(tag["width"]),
        int(tag["height"]),
    )


def test_pages_are_the_same_bytes_every_time():
    def pages():
        with DemoSites(port=0) as sites, httpx.Client(trust_env=False) as client:
            for site, base in sites.addresses.items():
                for article in sites.articles(site)[:3]:
                    yield client.get(sites.url(article)).content.replace(base.encode(), b"")

    assert list(pages()) == list(pages())


# ── changes while they run ──────────────────────────────────────────────────────────────────
def test_what_is_held_back_appears_when_released(sites, client):
    bureau = sites.addresses["bureau"]
    listing = client.get(f"{bureau}/en/news/")
    russian = client.get(f"{bureau}/news/1431/")
    assert client.get(bureau + HELD).status_code == 404
    assert HELD not in listing.text + russian.text
    released = sites.release("bureau/1431.en")
    assert sites.url(released) == bureau + HELD
    assert client.get(bureau + HELD).status_code == 200
    fresh = client.get(
        f"{bureau}/en/news/",
        headers={"If-None-Match": listing.headers["ETag"], "If-Modified-Since": listing.headers["Last-Modified"]},
    )
    assert (fresh.status_code, HELD in fresh.text) == (200, True)
    assert (
        client.get(f"{bureau}/en/news/", headers={"If-Modified-Since": listing.headers["Last-Modified"]}).status_code
        == 200
    )
    with pytest.raises(KeyError):
        sites.release("bureau/1431.en")


def test_a_correction_changes_the_page_and_its_validators(sites, client):
    url = sites.addresses["cluster-blog"] + BLOG_POST
    before = client.get(url)
    other = client.get(sites.addresses["cluster-blog"] + "/about")
    sites.edit(
        "cluster-blog",
        BLOG_POST,
        title="Совет кластера: уточнение",
        paragraphs=["Первый абзац.", "## Второй", "- раз", "- два"],
    )
    after = client.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert '<h1 class="post-title">Совет кластера: уточнение</h1>' in after.text
    assert "<p>Первый абзац.</p>\n<h2>Второй</h2>\n<ul><li>раз</li><li>два</li></ul>" in after.text
    assert client.get(url, headers={"If-Modified-Since": before.headers["Last-Modified"]}).status_code == 200
    assert client.get(other.url, headers={"If-Modified-Since": other.headers["Last-Modified"]}).status_code == 304
    with pytest.raises(KeyError):
        sites.edit("cluster-blog", "/posts/none", title="Нет такой")


def test_a_withdrawn_article_is_gone(sites, client):
    base = sites.addresses["cluster-blog"]
    sites.remove("cluster-blog", BLOG_POST)
    assert client.get(base + BLOG_POST).status_code == 410
    assert all(f'href="{BLOG_POST}"' not in str(soup) for soup in walk(client, f"{base}/posts"))


def test_a_site_that_is_down_refuses_and_comes_back_where_it_was(sites, client):
    url = sites.addresses["cluster-blog"] + "/posts"
    assert client.get(url).status_code == 200
    sites.break_site("cluster-blog", how="down")
    with pytest.raises(httpx.TransportError):
        client.get(url)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    assert client.get(sites.addresses["bureau"] + "/").status_code == 200
    sites.mend("cluster-blog")
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(("how", "status"), [("garbage", 200), ("busy", 503)])
def test_a_site_that_misbehaves(sites, client, how, status):
    url = sites.addresses["science-park"] + "/sitemap.xml"
    good = client.get(url).content
    sites.break_site("science-park", how=how)
    answer = client.get(url)
    assert (answer.status_code, answer.content == good) == (status, False)
    assert (answer.headers.get("Retry-After") == "60") == (how == "busy")
    sites.mend("science-park")
    assert client.get(url).content == good


def test_an_unknown_way_to_break_is_refused(sites):
    with pytest.raises(ValueError, match="down, garbage, busy"):
        sites.break_site("bureau", how="slowly")


def test_the_log_keeps_what_was_asked(sites, client):
    url = sites.addresses["bureau"] + "/news/"
    tag = client.get(url).headers["ETag"]
    client.get(url, headers={"If-None-Match": tag})
    client.get(f"{url}0/")
    asked = [(each.site, each.method, each.path, each.conditional, each.status) for each in sites.requests]
    assert asked == [
        ("bureau", "GET", "/news/", {}, 200),
        ("bureau", "GET", "/news/", {"If-None-Match": tag}, 304),
        ("bureau", "GET", "/news/0/", {}, 404),
    ]
    assert sites.requests[0].at <= sites.requests[1].at


def test_a_busy_port_moves_the_whole_block():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        try:
            with DemoSites(port=port - 2) as sites:
                ports = [int(host.rpartition(":")[2]) for host in sites.hosts]
        except OverflowError:
            pytest.skip("the system gave a port at the very end of the range")
    assert port not in ports
    assert ports == list(range(ports[0], ports[0] + 4))
    assert (ports[0] - (port - 2)) % 10 == 0


def test_sources_yaml_names_the_sites_of_this_run(served):
    text = served.sources_yaml()
    for site, address in served.addresses.items():
        assert f"http://{site}.example" not in text
        assert address in text
