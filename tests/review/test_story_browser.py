"""Whatever is stored of a story, nothing of it runs on its page or in the page as fetched, and nobody else is asked."""

from __future__ import annotations

import http.server
import os
import threading
from html import escape

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from pipeline import editing
from pipeline.collect.browser import find
from pipeline.errors import ConfigError
from pipeline.store.engine import writing
from pipeline.store.tables import articles, revisions, stories
from tests.publish import newsroom
from tests.publish.browser import _LATENT, _TRAP
from tests.review.building import NOW
from tests.review.test_story import captured

pytestmark = pytest.mark.long
PAYLOADS = newsroom.cases("payloads.json")


@pytest.fixture(scope="module")
def chrome():
    """A real Chromium that may ask this machine, and nobody else."""
    try:
        path = find(os.environ)
    except ConfigError as missing:
        pytest.skip(str(missing))
    quiet = [
        "--no-sandbox",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=quiet)
        yield made
        made.close()


@pytest.fixture
def elsewhere():
    """A site of somebody else on this machine: its address, and what it was asked."""
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def poisoned(office, elsewhere):
    """A story of which everything that can hold text holds payloads; and the number of a page made of them."""
    address, _ = elsewhere
    every = "\n".join(PAYLOADS)
    story = next(one for one in office.store.stories.each() if len(one.texts) == 2)
    marks = office.store.marks
    for payload in PAYLOADS:
        marks.tag(story.id, payload[:60], payload[:30], NOW)
        marks.note(story.id, payload, payload[:30], NOW)
    ru, en = (story.texts[one].lead.id for one in ("ru", "en"))
    html = f'<p title="{escape(every)}">{every}<a href="{address}/a">x</a><img src="{address}/i"></p>'
    picture = {
        "url": f"{address}/picture.png",
        "alt": '"><script>alert(1)</script>',
        "width": None,
        "height": None,
        "type": "",
    }
    values = {
        "title": every[:2000],
        "text": every,
        "html": html,
        "dropped": ["<img src=x onerror=alert(1)>"],
        "images": [picture],
    }
    spoilt = {
        "title": "<b onclick=alert(1)>",
        "text": "x <script>alert(2)</script>",
        "published_evidence": "",
        "language": "ru",
    }
    with writing(office.store._engine) as connection:
        connection.execute(articles.update().where(articles.c.id.in_([ru, en])).values(**values))
        reasons = ["<svg onload=alert(1)>"]
        connection.execute(stories.update().where(stories.c.id == story.id).values(reasons=reasons))
        of_ru = revisions.c.article == ru
        connection.execute(revisions.update().where(of_ru).values(title=every[:500], text=every))
        for row in connection.execute(select(revisions).where(of_ru)).mappings().all():
            again = {name: value for name, value in row.items() if name != "id"}
            connection.execute(revisions.insert().values(**{**again, **spoilt}))
    (fresh,) = office.store.stories.load([story.id])
    for payload in PAYLOADS:
        editing.edit(office.store, office.config(), fresh.texts["ru"], "title", payload[:300], payload[:30], NOW)
    editing.edit(office.store, office.config(), fresh.texts["en"], "summary", PAYLOADS[0][:300], "x", NOW)
    asking = "".join(
        f'<link rel="{rel}" href="{address}/{rel}">' for rel in ("stylesheet", "preload", "prefetch", "dns-prefetch", "preconnect", "icon")
    )  # fmt: skip
    page = (
        f'<html><head>{asking}<base href="{address}/"><meta http-equiv="refresh" content="0;url={address}/refresh">'
        f"<style>@import '{address}/import.css'; body{{background:url({address}/background)}}</style></head><body>"
        f'<img src="{address}/image"><img srcset="{address}/set 2x"><video src="{address}/video" poster="{address}/poster"></video>'
        f'<iframe src="{address}/frame"></iframe><script src="{address}/script"></script><object data="{address}/object"></object>'
        f'<form action="{address}/form"><button autofocus>x</button></form><a href="{address}/link">a link</a>'
        f'<p style="background:url({address}/style)">Слова</p>{every}</body></html>'
    )  # fmt: skip
    return story, captured(office, story, page.encode(errors="replace"))


def test_nothing_runs_and_nobody_is_asked(live, chrome, poisoned, elsewhere):
    story, number = poisoned
    _, asked = elsewhere
    context = chrome.new_context()
    context.add_init_script(_TRAP)
    page, foreign, ran = context.new_page(), [], []
    page.on("request", lambda one: foreign.append(one.url) if not one.url.startswith(live.url) else None)
    page.on("dialog", lambda one: (ran.append(one.message), one.dismiss()))
    page.on("popup", lambda one: ran.append(one.url))
    for path in (
        f"/desk/story/{story.id}",
        f"/desk/story/{story.id}/captured?page={number}",
        f"/desk/captured/{number}",
    ):
        page.goto(live.url + path, wait_until="load")
        page.wait_for_timeout(400)
        assert page.url == live.url + path
        ran += page.evaluate("window.__ran || []")
        for frame in page.frames[1:]:
            assert frame.url == f"{live.url}/desk/captured/{number}"
            assert frame.locator("text=Слова").count()
    assert (ran, foreign, asked) == ([], [], [])
    page.goto(f"{live.url}/desk/captured/{number}")
    assert page.evaluate(_LATENT) == []
    page.goto(f"{live.url}/desk/story/{story.id}?images=1")
    page.locator(".pictures img").first.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    assert set(asked) == {"/picture.png"}, "pictures are asked for where the reader wants them, and nothing else"
    assert page.evaluate("window.__ran || []") == []
    context.close()


def test_keys_do_what_they_say(live, chrome, office):
    story = next(one for one in office.store.stories.each() if len(one.texts) == 2)
    context = chrome.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{live.url}/desk/story/{story.id}")
    page.keyboard.press("e")
    page.wait_for_function("document.activeElement.name === 'title'")  # what is opened is told of a moment later
    page.keyboard.press("Control+a")
    page.keyboard.type("Typed by hand")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Kept; the feeds follow")
    assert page.locator("h1").inner_text() == "Typed by hand"
    page.keyboard.press("t")
    page.keyboard.type("port")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tag >> text=port")
    page.keyboard.press("f")
    page.wait_for_selector(".star.on")
    page.keyboard.press("n")
    page.wait_for_function("document.activeElement.name === 'text'")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")
    page.wait_for_selector("iframe.captured")
    page.keyboard.press("b")
    page.wait_for_selector("#timeline")
    page.keyboard.press("v")
    page.wait_for_url("**/desk/pair/**")
    context.close()
