"""A real Chromium that sees only what a test gives it; every request, dialog and navigation of a page is noted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from pipeline.collect.browser import find
from pipeline.errors import ConfigError

SITE = "http://feeds.test/"
# What payloads call; whoever runs is noted, whatever it wanted.
_TRAP = """window.__ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch'])
    window[name] = (...words) => { window.__ran.push(name + '(' + words + ')') };"""


@dataclass
class Shown:
    """What a page did while it was shown."""

    ran: list[str] = field(default_factory=list)  #: calls of its scripts, dialogs, other pages it went to
    asked: list[tuple[str, str]] = field(default_factory=list)  #: (kind, address) of each request but its own


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; the test is skipped where there is none."""
    try:
        path = find(os.environ)
    except ConfigError as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"]  # fmt: skip
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, documents: Mapping[str, bytes], shown: Shown, **options) -> Iterator[Page]:
    """Yield a page that finds these documents under SITE, and nothing else anywhere."""
    context = browser.new_context(**options)
    context.add_init_script(_TRAP)
    page = context.new_page()

    def answer(route, request):
        name = request.url.removeprefix(SITE).partition("#")[0]
        if request.is_navigation_request() and name in documents and request.frame == page.main_frame:
            route.fulfill(body=documents[name], content_type="text/html; charset=utf-8")
        else:
            shown.asked.append((request.resource_type, request.url))
            route.abort()

    def refuse(dialog):
        shown.ran.append(f"dialog {dialog.message}")
        dialog.dismiss()

    context.route("**/*", answer)
    page.on("dialog", refuse)
    page.on("popup", lambda other: shown.ran.append(f"popup {other.url}"))
    page.on(
        "framenavigated",
        lambda frame: shown.ran.append(f"went to {frame.url}") if not frame.url.startswith(SITE) else None,
    )
    yield page
    context.close()


def show(browser: Browser, name: str, documents: Mapping[str, bytes]) -> Shown:
    """Show a document, wait until its scripts and pictures had their chance, and say what it did."""
    shown = Shown()
    with page_of(browser, documents, shown) as page:
        try:
            page.goto(SITE + name, wait_until="load")
            page.evaluate("() => new Promise(done => setTimeout(done, 60))")
            shown.ran += page.evaluate("window.__ran || []")
            shown.ran += page.evaluate(_LATENT)
        except Error as gone:  # the page went elsewhere under our hands
            shown.ran.append(str(gone))
    return shown


# What would run at a click or a touch: handlers, other schemes, elements that load or send.
_LATENT = r"""() => [...(document.body || document.documentElement).querySelectorAll('*')].flatMap(element => [
    ...[...element.attributes].filter(a => /^on/i.test(a.name) || /^\s*(java|vb)script:|^\s*data:/i.test(a.value)
        && ['href', 'src', 'action', 'formaction', 'srcdoc', 'xlink:href'].includes(a.name)).map(a => a.name + '=' + a.value),
    ...(/^(script|iframe|object|embed|form|svg|math|base|link|meta|frame|frameset|template)$/i.test(element.localName)
        ? ['<' + element.localName + '>'] : [])])"""
