"""How a source's pages are fetched: one after the other, each into the store while the next is on its way."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace

import pytest

from pipeline import gather
from pipeline.clock import frozen
from pipeline.errors import StoreError
from pipeline.report import SourceReport
from pipeline.store import open_store
from tests.store.conftest import NOW, SOURCE, fetch, link, page

#: Seconds that a page waits for the next request before it gives up.
PATIENCE = 5


class Site:
    """Answers for the network: what was asked, and whether ever two requests were under way."""

    def __init__(self, then=lambda _number: None):
        self.asked = []
        self.hosts = SimpleNamespace(is_held=lambda _url: False)
        self._then = then
        self._busy = False

    async def fetch(self, url, *, source, validators, role):
        assert not self._busy, "one request at a time"
        self._busy = True
        self.asked.append(url)
        await asyncio.sleep(0)
        self._then(len(self.asked))
        self._busy = False
        return fetch(url, answer=page(url, f"<p>{url}</p>"))


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store")
    opened.collected.add(SOURCE, [link(number) for number in (1, 2, 3)], NOW, history=False)
    yield opened
    opened.close()


def fetch_pages(store, site, stopping=lambda: False):
    """Fetch what is due, as a worker does who reads nothing."""
    room = SimpleNamespace(
        store=store, fetcher=site, clock=frozen(NOW), tell=lambda *_: None, stopping=stopping,
        orders=SimpleNamespace(recheck=False),
    )  # fmt: skip
    return asyncio.run(gather.fetch_pages(room, "r1", SOURCE, SourceReport(SOURCE.id), set()))


def kept(store):
    """Return the addresses whose pages are archived and noted."""
    return [one.link.url for one in store.collected.waiting(SOURCE)]


def test_the_next_page_is_asked_for_while_one_is_archived(store, monkeypatch):
    asked, keep, waited = threading.Event(), store.archive.keep, []

    def slowly(body, digest):
        if link(3).url.encode() not in body:  # after the last one none is asked for
            waited.append(asked.wait(PATIENCE))
            asked.clear()
        return keep(body, digest)

    monkeypatch.setattr(store.archive, "keep", slowly)
    site = Site(then=lambda number: asked.set() if number > 1 else None)
    report = fetch_pages(store, site)
    assert waited == [True, True]
    assert (report.asked, report.fetched, report.failed) == (3, 3, 0)
    assert kept(store) == site.asked == [link(number).url for number in (1, 2, 3)]


def test_a_page_is_archived_beside_the_one_before_it_and_both_are_noted_in_their_order(store, monkeypatch):
    second, keep, waited, noted = threading.Event(), store.archive.keep, [], []

    def first_last(body, digest):
        if link(1).url.encode() in body:
            waited.append(second.wait(PATIENCE))
        made = keep(body, digest)
        if link(2).url.encode() in body:
            second.set()
        return made

    monkeypatch.setattr(store.archive, "keep", first_last)
    fetch_pages(store, site := Site(then=lambda _number: noted.append(kept(store))))
    assert waited == [True]
    assert noted[:2] == [[], []]
    assert noted[2][0] == link(1).url, "the third is asked for when the first is noted"
    assert kept(store) == site.asked


@pytest.mark.parametrize("why", ["stopping", "held"])
def test_after_an_answer_that_asks_for_quiet_or_an_end_there_is_no_further_request(store, why):
    said = []
    site = Site(then=said.append)
    site.hosts.is_held = lambda _url: why == "held" and bool(said)
    report = fetch_pages(store, site, stopping=lambda: why == "stopping" and bool(said))
    assert site.asked == kept(store) == [link(1).url]
    assert report.fetched == 1


def test_a_page_that_cannot_be_archived_ends_the_turn_and_leaves_no_row(store, monkeypatch):
    def broken(_body, _digest):
        raise StoreError("the disk does not serve")

    monkeypatch.setattr(store.archive, "keep", broken)
    site = Site()
    with pytest.raises(StoreError, match="does not serve"):
        fetch_pages(store, site)
    assert len(site.asked) == 2, "the one that was on its way is the last"
    assert store.collected.counts() == {"new": 3}


def test_a_request_that_breaks_off_takes_the_page_before_along_and_the_next_pass_has_both(store):
    def defect(number):
        if number == 2:
            raise ZeroDivisionError("a defect")

    with pytest.raises(ZeroDivisionError):
        fetch_pages(store, Site(then=defect))
    fetch_pages(store, site := Site())
    assert set(site.asked) >= {link(2).url, link(3).url}
    assert sorted(kept(store)) == [link(number).url for number in (1, 2, 3)]
