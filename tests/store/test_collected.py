"""Addresses: announced once, asked when due, never lost by a crash between two rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.store.asking import ATTEMPTS, passing
from tests.store.conftest import LISTING, NOW, SOURCE, fetch, link, page


def walk(store, links, *, good=True, whole=None, answer=None, now=NOW):
    first = fetch(LISTING, answer=answer or page(LISTING, etag='"a"'))
    return store.collected.record_walk(
        "r1", SOURCE, LISTING, [first], links, whole=good if whole is None else whole, good=good, now=now
    )


def test_a_link_is_new_once(store):
    assert walk(store, [link(0), link(1)]) == 2
    assert walk(store, [link(1), link(2)]) == 1
    assert [due.url for due in store.collected.due(SOURCE, NOW)] == [link(0).url, link(1).url, link(2).url]


def test_two_forms_of_one_address_are_one(store):
    other_form = link(1).url.rstrip("/") + "?utm_source=mail"
    walk(store, [link(1)])
    assert store.collected.unknown([other_form, link(2).url]) == {link(2).url}


def test_many_links_are_noted_together(store):
    many = [link(number) for number in range(1_200)]
    assert walk(store, many[:700]) == 700
    assert walk(store, [*many, many[0], many[1_199]]) == 500  # one that stands there twice counts once
    assert {due.url for due in store.collected.due(SOURCE, NOW)} == {one.url for one in many}
    assert store.collected.due(SOURCE, NOW)[1_199].link == many[1_199]


def test_a_listing_that_failed_leaves_its_links_but_no_validators(store):
    walk(store, [link(0)], good=False)
    assert store.collected.validators(LISTING) is None
    assert len(store.collected.due(SOURCE, NOW)) == 1
    walk(store, [link(0)])
    assert store.collected.validators(LISTING).etag == '"a"'
    walk(store, [link(1)], good=False)
    assert store.collected.validators(LISTING) is None


def test_what_came_with_the_first_reading_of_a_listing_is_history(store):
    walk(store, [link(0)])
    walk(store, [link(1)])
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT url, history FROM addresses ORDER BY url").all()
    assert rows == [(link(0).url, 1), (link(1).url, 0)]


def test_a_page_that_came_waits_to_be_read_and_is_not_asked_again(store):
    walk(store, [link(0)])
    (due,) = store.collected.due(SOURCE, NOW)
    waiting = store.collected.record_fetch("r1", SOURCE, due, fetch(due.url), NOW)
    assert waiting.page.body == "<p>Ёлка</p>".encode()
    assert store.collected.due(SOURCE, NOW) == ()
    assert [one.page for one in store.collected.waiting(SOURCE)] == [waiting.page]


@pytest.mark.parametrize(
    ("kind", "again"),
    [("timeout", True), ("reset", True), ("status-503", True), ("status-429", True), ("status-404", False),
     ("not-html", False), ("blocked-address", False)],
)  # fmt: skip
def test_what_failed_for_now_is_asked_again(store, kind, again):
    walk(store, [link(0)])
    (due,) = store.collected.due(SOURCE, NOW)
    assert store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, kind), NOW) is None
    assert bool(store.collected.due(SOURCE, NOW)) is again
    assert passing(kind) is again


def test_an_address_is_given_up_after_so_many_attempts(store):
    walk(store, [link(0)])
    for _ in range(ATTEMPTS):
        (due,) = store.collected.due(SOURCE, NOW)
        store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "timeout"), NOW)
    assert store.collected.due(SOURCE, NOW) == ()
    assert store.collected.counts() == {"failed": 1}


def test_every_request_is_a_row(store):
    walk(store, [link(0)])
    (due,) = store.collected.due(SOURCE, NOW)
    store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "timeout", detail="30 s"), NOW)
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT role, kind, detail FROM fetches ORDER BY id").all()
    assert rows == [("listing", "ok", ""), ("article", "timeout", "30 s")]


def test_robots_files_are_kept_for_later(store):
    store.collected.record_robots("r1", [], [("http://a", "User-agent: *", 200, NOW)])
    store.collected.record_robots(
        "r1", [], [("http://a", "", 404, NOW), ("http://b", "", 200, NOW - timedelta(days=2))]
    )
    assert store.collected.robots(NOW - timedelta(days=1)) == {"http://a": ("", 404, NOW)}


def test_a_listing_that_shows_too_little_is_read_anew_but_its_next_links_are_news(store):
    walk(store, [link(0)], good=False, whole=True)
    assert store.collected.validators(LISTING) is None
    walk(store, [link(1)])
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT history FROM addresses ORDER BY url").scalars().all() == [1, 0]


def test_an_address_is_left_alone_for_as_long_as_it_asked(store):
    walk(store, [link(0), link(1)])
    due = store.collected.due(SOURCE, NOW)[0]
    store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "status-429", retry_after=600.0), NOW)
    assert [one.url for one in store.collected.due(SOURCE, NOW + timedelta(seconds=599))] == [link(1).url]
    assert len(store.collected.due(SOURCE, NOW + timedelta(seconds=600))) == 2


def test_a_wrong_guess_is_remembered_until_a_listing_announces_it(store):
    store.collected.add(SOURCE, [link(3, by="version")], NOW, history=False)
    (due,) = store.collected.due(SOURCE, NOW)
    store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "status-404"), NOW)
    assert store.collected.add(SOURCE, [link(3, by="version")], NOW, history=False) == 0
    assert store.collected.due(SOURCE, NOW) == ()
    assert walk(store, [link(3)]) == 1
    assert [one.url for one in store.collected.due(SOURCE, NOW)] == [link(3).url]


def test_hosts_that_asked_for_quiet_are_remembered(store):
    store.collected.record_holds({"a.example": NOW + timedelta(hours=1), "b.example": NOW - timedelta(hours=1)})
    assert store.collected.holds(NOW) == {"a.example": NOW + timedelta(hours=1)}


def test_when_the_next_address_waits(store):
    assert store.collected.next_due(SOURCE.id) is None
    walk(store, [link(0)])
    assert store.collected.next_due(SOURCE.id) < NOW
    (due,) = store.collected.due(SOURCE, NOW)
    store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "status-503", retry_after=3600), NOW)
    assert store.collected.next_due(SOURCE.id) == NOW + timedelta(hours=1)
    assert store.collected.next_due("another") is None
    (due,) = store.collected.due(SOURCE, NOW + timedelta(hours=2))
    store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "status-404"), NOW)
    assert store.collected.next_due(SOURCE.id) is None
