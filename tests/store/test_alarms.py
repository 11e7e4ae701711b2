"""Alarms in the store: one open of a kind, every change told once a channel; and what a source's record holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.model import Refusal
from pipeline.store import Outcome
from tests.store.conftest import LISTING, NOW, RUSSIAN, SOURCE, article, fetch, link, page

HOUR = timedelta(hours=1)
FACTS = {"causes": [{"cause": "rule", "missed": 1, "of": 1}]}


def keys(changes):
    return [(change.alarm.kind, change.state) for change in changes]


def test_an_alarm_is_raised_once_and_closed_once(store):
    assert keys(store.alarms.settle("bureau", {"drift": FACTS, "silence": None}, NOW)) == [("drift", "open")]
    assert store.alarms.settle("bureau", {"drift": FACTS}, NOW + HOUR) == ()
    assert store.alarms.settle("bureau", {}, NOW + HOUR) == (), "what cannot be judged stays"
    assert [one.since for one in store.alarms.shown(NOW + HOUR)] == [NOW]
    assert keys(store.alarms.settle("bureau", {"drift": None}, NOW + 2 * HOUR)) == [("drift", "closed")]
    assert store.alarms.settle("bureau", {"drift": None}, NOW + 3 * HOUR) == ()
    assert [one.closed for one in store.alarms.shown(NOW + 3 * HOUR)] == [NOW + 2 * HOUR]
    assert store.alarms.shown(NOW + timedelta(days=8)) == ()


def test_facts_follow_what_is_found_without_a_new_alarm(store):
    store.alarms.settle("bureau", {"drift": FACTS}, NOW)
    worse = {"causes": [{"cause": "rule", "missed": 5, "of": 5}]}
    assert store.alarms.settle("bureau", {"drift": worse}, NOW + HOUR) == ()
    assert [(one.since, one.facts) for one in store.alarms.shown(NOW)] == [(NOW, worse)]


def test_open_alarms_stand_before_closed_ones(store):
    store.alarms.settle("bureau", {"drift": FACTS}, NOW)
    store.alarms.settle("cluster", {"silence": {"last": "x"}}, NOW - HOUR)
    store.alarms.settle("bureau", {"drift": None}, NOW + HOUR)
    store.alarms.settle("bureau", {"shrink": {"listings": []}}, NOW + HOUR)
    assert [one.kind for one in store.alarms.shown(NOW + HOUR)] == ["shrink", "silence", "drift"]


def test_each_change_is_told_once_on_each_channel(store):
    store.alarms.settle("bureau", {"drift": FACTS}, NOW)
    waiting = store.alarms.untold("smtp", NOW)
    assert keys(waiting) == [("drift", "open")]
    assert [one.key for one in store.alarms.untold("smtp", NOW + HOUR)] == [one.key for one in waiting]
    store.alarms.mark_told("smtp", waiting, NOW)
    store.alarms.mark_told("smtp", waiting, NOW)
    assert store.alarms.untold("smtp", NOW + timedelta(days=90)) == ()
    assert keys(store.alarms.untold("webhook", NOW)) == [("drift", "open")]
    store.alarms.settle("bureau", {"drift": None}, NOW + HOUR)
    assert keys(store.alarms.untold("smtp", NOW + HOUR)) == [("drift", "closed")]
    assert keys(store.alarms.untold("webhook", NOW + HOUR)) == [("drift", "open"), ("drift", "closed")]
    assert store.alarms.untold("webhook", NOW + timedelta(days=4)) == (), "what is long over is no news"


def test_sources_no_longer_collected_have_no_alarms(store):
    store.alarms.settle("bureau", {"drift": FACTS}, NOW)
    store.alarms.settle("", {"publish": {"refused": {"all.rss": "empty"}}}, NOW)
    assert keys(store.alarms.retire({"cluster"}, NOW)) == [("drift", "closed")]
    assert [one.kind for one in store.alarms.shown(NOW) if one.closed is None] == ["publish"]


def keep(store, number, *, at=NOW, published=None, made_by="rule 1", history=False, refused=""):
    """Bring one page into the store, the way a pass does."""
    one = link(number)
    store.collected.add(SOURCE, [one], at, history=history)
    due = next(due for due in store.collected.due(SOURCE, at) if due.url == one.url)
    answer = replace(page(one.url, f"<p>{number}</p>"), fetched_at=at)
    waiting = store.collected.record_fetch("r", SOURCE, due, fetch(one.url, answer=answer), at)
    result = Refusal(one.url, refused) if refused else replace(article(number, at=published), made_by=made_by)
    language = None if refused else RUSSIAN
    store.articles.record(SOURCE, [Outcome(waiting, result, language)], [], store.articles.profile("bureau"), at)


def test_a_record_tells_when_a_source_published(store):
    midnight = NOW - timedelta(hours=12)
    keep(store, 1, published=NOW - timedelta(days=10), history=True)  # the day only: noon is as good as any
    keep(store, 2, history=True)  # undated, from a backlog: says nothing
    keep(store, 3, published=midnight)  # seen on its day: first sight is the better time
    keep(store, 4, at=NOW + HOUR)  # undated: first sight
    keep(store, 5, published=NOW + timedelta(days=30), at=NOW + 2 * HOUR)  # dated into the future
    record = store.alarms.record("bureau")
    noon = NOW - timedelta(days=10) + timedelta(hours=12)
    assert record.dates == (noon, NOW, NOW + HOUR, NOW + 2 * HOUR)
    assert record.latest == NOW + 2 * HOUR


def test_a_record_tells_how_pages_were_read(store):
    keep(store, 1, made_by="rule 1")
    keep(store, 2, at=NOW + HOUR, made_by="trafilatura; rule 1 matched nothing")
    keep(store, 3, at=NOW + 2 * HOUR, refused="no-text")
    reads = store.alarms.record("bureau").reads
    assert [read.at for read in reads] == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert [read.made_by for read in reads] == ["rule 1", "trafilatura; rule 1 matched nothing", "no-text"]
    assert [bool(read.length) for read in reads] == [True, True, False]


def test_a_record_tells_what_listings_showed(store):
    def walk(*walked, links, at):
        store.collected.record_walk("r", SOURCE, LISTING, walked, links, whole=True, good=True, now=at)

    walk(fetch(LISTING), fetch(LISTING + "?page=2"), links=[link(1), link(2)], at=NOW)
    walk(fetch(LISTING, "not-modified"), links=[], at=NOW + HOUR)
    walk(fetch(LISTING), links=[link(1)], at=NOW + 2 * HOUR)
    visits = store.alarms.record("bureau").visits
    assert [(one.listing, one.at, one.pages, one.links) for one in visits] == [
        (LISTING, NOW, 2, 2), (LISTING, NOW + 2 * HOUR, 1, 1),
    ]  # fmt: skip
