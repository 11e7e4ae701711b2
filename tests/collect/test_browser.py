"""Pages as a browser shows them: every request of theirs goes our way, and none of them takes for ever."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.collect import Guard, parse_allowance
from pipeline.collect.browser import MAX_PARTS, find
from pipeline.errors import ConfigError
from pipeline.model import Fetch, Source, Validators

from .hostile import Answer, Names, Recorder, Request, Site, fetcher, reply, source

SHOWN = replace(source(timeout=30), render="browser")


@pytest.fixture(scope="module", autouse=True)
def chromium() -> None:
    try:
        find(os.environ)
    except ConfigError as missing:
        pytest.skip(str(missing))


def page(script: str, body: str = "<div id=app></div>") -> bytes:
    return reply(
        body=f"<html><head><title>Лента</title></head><body>{body}<script>{script}</script></body></html>".encode()
    )


SHOW = "document.getElementById('app').innerHTML = "
FILLED = f"""fetch('/api/news').then(answer => answer.json()).then(all => {{
    {SHOW} all.map(one => `<a href="/news/${{one.id}}/">${{one.title}}</a>`).join('')}})"""
NEWS = reply(body='[{"id": 7, "title": "Форум открылся"}]'.encode(), content_type="application/json")


def shown(
    routes: dict[str, Answer | list[Answer]], recorder: Recorder | None = None, validators: Validators | None = None,
    role: str = "listing", source: Source = SHOWN,
) -> tuple[Fetch, Site]:  # fmt: skip
    async def scenario() -> tuple[Fetch, Site]:
        guard = Guard([parse_allowance("127.0.0.1:*")])
        async with Site(routes) as site, fetcher(recorder, Names({}), guard=guard, environment=os.environ) as client:
            return await client.fetch(site.url("/"), source=source, validators=validators, role=role), site

    return asyncio.run(asyncio.wait_for(scenario(), 60))


def text(fetch: Fetch) -> str:
    assert fetch.page is not None, (fetch.kind, fetch.detail)
    return fetch.page.body.decode()


def test_a_page_is_read_as_its_scripts_leave_it() -> None:
    routes: dict[str, Answer | list[Answer]] = {"/": page(FILLED), "/api/news": NEWS}
    fetch, site = shown(routes)

    assert '<a href="/news/7/">Форум открылся</a>' in text(fetch)
    assert site.asked() == ["/", "/api/news"]
    assert site.most_at_once == 1
    assert {request.headers["user-agent"].partition("/")[0] for request in site.log} == {"Nevawire"}
    assert fetch.page is not None
    same, _ = shown(routes, validators=Validators(etag='"1"', digest=fetch.page.digest), role="article")
    assert (same.kind, same.conditional) == ("same-digest", False)


def test_nothing_is_connected_to_but_what_the_guard_allows() -> None:
    script = """for (const url of ['http://10.0.0.7/', 'http://169.254.169.254/latest/', 'http://[::1]:80/',
        'http://inside.test/', 'https://public.test/x.js', 'file:///etc/passwd', 'ftp://127.0.0.1/']) {
            fetch(url).then(a => a.text()).then(t => document.body.append('LE' + 'AK')).catch(() => 0);
            const s = document.createElement('script'); s.src = url; document.head.append(s);
            new Image().src = url; navigator.sendBeacon && navigator.sendBeacon(url);
            const f = document.createElement('iframe'); f.src = url; document.body.append(f)}
        try { new WebSocket('ws://10.0.0.7/') } catch (e) {}
        try { new RTCPeerConnection({iceServers: [{urls: 'stun:10.0.0.7'}]}).createDataChannel('x') } catch (e) {}
        navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => 0);
        fetch('/post', {method: 'POST', body: 'x'}).catch(() => 0);
        window.open('/elsewhere');
        document.getElementById('app').innerHTML = 'готово'"""
    recorder = Recorder()

    fetch, site = shown({"/": page(script)}, recorder)

    assert "готово" in text(fetch)
    assert "LEAK" not in text(fetch)
    assert {host for host, _ in recorder.addresses} == {"127.0.0.1"}
    assert site.asked() == ["/"]


def test_robots_txt_holds_for_what_scripts_ask_for() -> None:
    fetch, site = shown(
        {"/": page(FILLED), "/api/news": NEWS, "/robots.txt": reply(body=b"User-agent: *\nDisallow: /api/")}
    )

    assert "Форум" not in text(fetch)
    assert site.asked() == ["/"]


def test_a_page_makes_only_so_many_requests() -> None:
    asks = f"(async () => {{ for (let i = 0; i < {MAX_PARTS * 2}; i++) await fetch('/api/' + i).catch(() => 0); {SHOW}'всё' }})()"

    fetch, site = shown({"/": page(asks), **{f"/api/{n}": reply() for n in range(MAX_PARTS * 2)}})

    assert "всё" in text(fetch)
    assert len(site.asked()) == 1 + MAX_PARTS


def test_a_page_that_never_stops_asking_is_read_all_the_same() -> None:
    fetch, site = shown({"/": page(f"{SHOW}'всё'; setInterval(() => fetch('/api/news'), 20)"), "/api/news": NEWS})

    assert "всё" in text(fetch)
    assert len(site.asked()) == 1 + MAX_PARTS


@pytest.mark.parametrize(
    ("script", "kind"),
    [("for (;;) {}", "timeout"), (f"document.body.hidden = true; {SHOW}'x'.repeat(9 << 20)", "too-large"),
     ("document.title='Just a moment...'; window._cf_chl_opt = 1; document.body.innerHTML='<p>_cf_chl_opt'", "challenge")],
)  # fmt: skip
def test_a_page_that_comes_to_no_good_end_has_its_kind(script: str, kind: str) -> None:
    hurried = replace(SHOWN, timeout=timedelta(seconds=6))

    fetch, _ = shown({"/": page(script), "/api/news": NEWS}, source=hurried if kind == "timeout" else SHOWN)

    assert fetch.kind == kind, fetch.detail


def test_what_is_no_html_needs_no_browser() -> None:
    async def never(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(404))

    feed, site = shown({"/": reply(body=b"<rss></rss>", content_type="application/rss+xml"), "/favicon.ico": never})
    gone, _ = shown({"/": reply(404)})

    assert (feed.kind, text(feed)) == ("ok", "<rss></rss>")
    assert gone.kind == "status-404"
    assert site.asked() == ["/"]
