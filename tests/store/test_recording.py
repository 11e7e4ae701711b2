"""Recording: a batch of pages becomes what its pages become one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import address
from pipeline.model import Refusal, Shelved, Validators
from pipeline.store import Due, Outcome, open_store
from pipeline.store.tables import absent_pages, addresses, articles, revisions
from tests.store.conftest import NOW, RUSSIAN, SOURCE, article, fetch, link, page
from tests.store.test_articles import PROFILE, read
from tests.store.test_collected import walk

LATER = NOW + timedelta(days=2)


def url(number):
    return link(number).url


def asked(store, number, now, kind="ok"):
    """Let an address be announced (if it was not) and asked; return the page that waits to be read."""
    walk(store, [link(number)])
    answer = page(url(number), f"<p>{number} {now}</p>") if kind == "ok" else None
    due = Due(url(number), link(number), Validators(), known=False)
    return store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, kind, answer=answer), now)


def told(waiting, made):
    """Return what came of a page: an article, or why there is none."""
    if isinstance(made, str):
        return Outcome(waiting, Refusal(waiting.page.url, made, "for the test"), None, "1")
    made = replace(made, digest=waiting.page.digest)
    kept = Shelved(address.article_id(made.url), made.text, "1", made.url, (), (), b"s", "{}")
    return Outcome(waiting, made, RUSSIAN, "1", kept)


#: Each case: what the pages become that come first, and what those become that come two days later, in their order.
CASES = {
    "each at its own address": ([(1, article(1)), (2, article(2)), (3, "too-short")], [(1, article(1, text="Новое.")), (3, article(3))]),
    "two texts of one page": ([(1, article(1)), (1, article(1, url=address.of_part(url(1), "en"))), (2, article(2))], [(1, article(1))]),
    "one leads to what another is asked at": ([(1, article(1, url=url(2))), (2, article(2, url=url(3))), (3, article(3, url=url(4)))], [(3, article(3))]),
    "one leads to another before it": ([(2, article(2)), (1, article(1, url=url(2))), (3, "not-article")], [(2, "replaced"), (1, article(1, url=url(2)))]),
    "one replaced and one corrected": ([(1, article(1)), (2, article(2))], [(1, article(1, text="Новое.")), (2, "replaced"), (1, "replaced")]),
    "a page that was none becomes one": ([(1, "no-text"), (2, article(2))], [(1, article(1)), (2, "no-text")]),
}  # fmt: skip


def rows(store):
    """Return what stands in the tables that recording writes, but for the numbers of revisions."""
    with store._engine.connect() as connection:
        return [
            [row._asdict() for row in connection.execute(select(*columns).order_by(*columns[:2]))]
            for columns in (
                addresses.c,
                articles.c,
                [column for column in revisions.c if column.name != "id"],
            )
        ]


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_a_batch_becomes_what_its_pages_become_one_by_one(case, anew, store, tmp_path):
    apart = open_store(tmp_path / "apart")
    for now, made in zip((NOW, LATER), CASES[case], strict=True):
        numbers = dict.fromkeys(number for number, _ in made)
        waiting, again = ({number: asked(one, number, now) for number in numbers} for one in (store, apart))
        batch = [told(waiting[number], one) for number, one in made]
        whole = store.articles.record(SOURCE, batch, [], PROFILE, now, anew=anew)
        single = [
            apart.articles.record(SOURCE, [told(again[number], one)], [], PROFILE, now, anew=anew)
            for number, one in made
        ]
        for name in ("new", "changed", "refused"):
            assert getattr(whole, name) == sum(getattr(one, name) for one in single)
        assert rows(store) == rows(apart)
    assert any(row["article"] for row in rows(store)[0])
    apart.close()


def test_what_leads_to_an_article_of_the_batch_is_told_after_it(store):
    leading, also = told(asked(store, 2, NOW), article(2)), told(asked(store, 1, NOW), article(1, url=url(2)))
    assert store.articles.record(SOURCE, [leading], [also], PROFILE, NOW).new == 1
    states = {row["url"]: (row["state"], row["article"]) for row in rows(store)[0]}
    name = address.article_id(url(2))
    assert states == {url(1): ("alias", name), url(2): ("article", name)}


def test_a_page_that_answers_again_is_missing_no_more(store):
    read(store, 1, article(1))
    for kind, lost in (("status-410", [url(1)]), ("ok", [])):
        asked(store, 1, LATER, kind)
        assert [one.url for one in store.missing.all()] == lost


def test_a_page_there_was_no_room_for_is_absent_until_it_is_archived(store):
    for limit, absent in ((0, 1), (100, 0)):
        store.archive.limit = limit
        assert asked(store, 1, NOW).held == (not absent)
        with store._engine.connect() as connection:
            assert len(connection.execute(select(absent_pages)).all()) == absent
