"""An entry is made into elements, lines and passages once; no document shows that."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, timedelta

import pytest

from pipeline import publish
from pipeline.publish import once


@pytest.fixture(autouse=True)
def _forgotten():
    yield
    publish.let_go()


def alone(galley):
    publish.let_go()
    return publish.render(galley)


def test_documents_are_the_same_after_others_of_the_same_entries(edition):
    apart = {galley.name: alone(galley) for galley in edition.galleys}
    publish.let_go()
    for galley in (*edition.galleys, *reversed(edition.galleys)):
        assert publish.render(galley) == apart[galley.name]


def test_what_is_called_the_same_and_reads_otherwise_is_made_otherwise(edition):
    galley = next(one for one in edition.galleys if one.name == "all")
    (first, *rest) = galley.rows
    for other in (replace(first, title="Другое"), replace(first, updated=first.updated + timedelta(seconds=1))):
        changed = replace(galley, rows=[other, *rest])
        apart = alone(changed)
        publish.let_go()
        publish.render(galley)
        assert publish.render(changed) == apart
        assert publish.packed(other) != publish.packed(first)
        assert {name for name, body in apart.items() if body != publish.render(galley)[name]} >= {
            "all.atom",
            "all.json",
        }


def test_an_instant_is_written_in_the_zone_of_each_entry_that_has_it(edition):
    galley = next(one for one in edition.galleys if one.name == "all")
    elsewhere = [replace(row, published=row.published.astimezone(UTC)) for row in galley.rows]
    moved = replace(galley, rows=elsewhere)
    assert elsewhere == list(galley.rows)
    apart, lines = alone(moved), [publish.packed(row) for row in elsewhere]
    publish.let_go()
    own = publish.render(galley)
    assert [publish.packed(row) for row in galley.rows] != lines
    assert publish.render(moved) == apart
    assert [publish.packed(row) for row in elsewhere] == lines
    assert {name for name, body in apart.items() if body != own[name]} >= {"all.rss", "all.atom", "all.json"}


def test_equal_entries_have_one_hash(edition):
    entry = edition.galleys[0].rows[0]
    twin = replace(entry)
    assert twin is not entry
    assert twin == entry
    assert hash(twin) == hash(entry)
    assert entry != replace(entry, **{fields(entry)[1].name: "Другое"})


def test_what_was_made_is_kept_until_it_is_let_go(edition):
    made = []
    noted = once.once(lambda entry: made.append(entry.id) or entry.title)
    one, other = edition.galleys[0].rows[:2]
    assert [noted(one), noted(other), noted(one)] == [one.title, other.title, one.title]
    assert made == [one.id, other.id]
    publish.let_go()
    assert noted(one) == one.title
    assert made == [one.id, other.id, one.id]
