"""Whatever stands in titles, texts, source names, notes of errors and questions: nothing of it runs at the desk."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from pipeline.store import Wish
from pipeline.store.engine import writing
from pipeline.store.tables import articles
from tests.publish.browser import _TRAP
from tests.review import building

pytestmark = pytest.mark.long
#: What would run at a click or a touch, and what the policy had to stop.
_LATENT = r"""() => [...window.__stopped, ...window.__ran, ...[...document.querySelectorAll('*')].flatMap(element =>
    [...element.attributes].filter(a => /^on/i.test(a.name) || (/^\s*(java|vb)script:|^\s*data:/i.test(a.value)
        && ['href', 'src', 'action', 'formaction', 'srcdoc', 'xlink:href'].includes(a.name))).map(a => a.name + '=' + a.value))]"""
_WATCH = "window.__stopped = []; addEventListener('securitypolicyviolation', e => __stopped.push(e.violatedDirective + ' ' + e.blockedURI));"
OWN = json.loads((building.SOURCES.parents[1] / "tests/data/publish/payloads.json").read_text("utf-8"))


def put(store, payloads, start):
    """Let every article of the queue say payloads, a title each, from a place in their list on."""
    rows = store.queue.page(Wish(), 30)
    with writing(store._engine) as connection:
        for number, id_ in enumerate(id_ for row in rows for id_ in (row.ru.id, row.en.id)):
            bad = payloads[(start + number) % len(payloads)]
            values = {
                "title": bad,
                "text": f"{bad}\n{bad}",
                "html": f'<p>{bad}</p><a href="{bad}">x</a>',
                "dropped": [bad],
                "url": bad,
            }
            connection.execute(articles.update().where(articles.c.id == id_).values(**values))
    return rows


def visited(page, addresses):
    """Visit pages and return what they did that they should not."""
    wrong = []
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on(
        "request", lambda one: wrong.append(one.url) if not one.url.startswith(("http://127.0.0.1:", "data:")) else None
    )
    for address in addresses:
        page.goto(address)
        wrong += [f"{address}: {one}" for one in page.evaluate(_LATENT)]
    return wrong


def try_all(live, browser, payloads):
    context = browser.new_context()
    context.add_init_script(_TRAP.replace("'fetch'", "'stop'") + _WATCH)
    page = context.new_page()
    wrong = []
    for start in range(0, len(payloads), 60):
        rows = put(live.store, payloads, start)
        pairs = [f"{live.url}/desk/pair/{row.ru.id}/{row.en.id}" for row in rows[::6]]
        wrong += visited(page, [f"{live.url}/desk/", *pairs, f"{pairs[0]}/partner", f"{pairs[1]}/why"])
    for payload in payloads[:: max(1, len(payloads) // 12)]:
        word = quote(payload[:150], safe="")
        wrong += visited(
            page,
            [
                f"{pairs[0]}/partner?q={word}",
                f"{live.url}/desk/?source={word[:90]}",
                f"{live.url}/desk/login?next={word}",
            ],
        )
    context.close()
    return wrong


def test_our_own_payloads_do_nothing(live, browser):
    assert try_all(live, browser, OWN) == []


def test_published_payloads_do_nothing(live, browser, shared):
    every = json.loads((shared / "corpora/xss_payloads.json").read_text("utf-8"))["payloads"]
    payloads = [one["html"] for one in every]
    assert len(payloads) > 300
    assert try_all(live, browser, payloads) == []


def test_source_names_and_errors_do_nothing(live, browser, folder):
    bad = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    file = folder / "sources.yaml"
    named = file.read_text("utf-8").replace("en: Neva Convention Bureau", f"en: {json.dumps(bad)}")
    assert named != file.read_text("utf-8")
    file.write_text(named, "utf-8")
    live.store.ledger.record_pass("bureau", new=0, failure=("dns", bad), now=building.NOW)
    live.store.audit.note(bad, bad, bad, building.NOW, fact=bad)
    context = browser.new_context()
    context.add_init_script(_TRAP.replace("'fetch'", "'stop'") + _WATCH)
    addresses = [
        f"{live.url}/desk{path}"
        for path in ("/", "/items", "/sources", "/sources/bureau", "/audit", "/measures", "/selection")
    ]
    assert visited(context.new_page(), addresses) == []
    context.close()
