"""Articles: one for each address reached, changed only where visible text changes."""

from __future__ import annotations

from datetime import timedelta

from pipeline import address
from pipeline.model import Layout, Profile, Refusal, Shelved
from pipeline.store import Outcome
from tests.store.conftest import NOW, RUSSIAN, SOURCE, article, fetch, link
from tests.store.test_collected import walk

PROFILE = Profile(
    source=SOURCE.id, pages={"k": ("aa", "bb")}, title_suffix={"— Бюро": 2},
    layouts=(Layout("main", "main>div.text", ("p", "ul>li"), ("div.tags",), 9, 1, 3, 200, 4000, 0.1, ("cc",)),),
)  # fmt: skip


def read(store, number, made, *, now=NOW):
    """Let an address be announced (if it was not), fetched and read."""
    walk(store, [link(number)])
    due = next(due for due in store.collected.due(SOURCE, now) if due.url == link(number).url)
    waiting = store.collected.record_fetch("r1", SOURCE, due, fetch(due.url), now)
    language = None if isinstance(made, Refusal) else RUSSIAN
    return store.articles.record(SOURCE, [Outcome(waiting, made, language)], [], PROFILE, now)


def items(store):
    return list(store.articles.each())


def test_an_article_comes_back_as_it_went_in(store):
    made = article(1, at=NOW - timedelta(days=3))
    assert read(store, 1, made).new == 1
    (item,) = items(store)
    assert item.article == made
    assert (item.first_seen, item.updated, item.language) == (NOW, NOW - timedelta(days=3), RUSSIAN)
    assert store.articles.profile(SOURCE.id) == PROFILE


def test_updated_moves_only_with_visible_text(store):
    day = NOW - timedelta(days=3)
    read(store, 1, article(1, at=day))
    later = NOW + timedelta(hours=7)
    assert read(store, 1, article(1, at=day), now=later).changed == 0
    assert items(store)[0].updated == day
    later += timedelta(days=1)
    assert read(store, 1, article(1, at=day, text="Первый абзац.\nИсправлено."), now=later).changed == 1
    assert items(store)[0].updated == later
    assert items(store)[0].first_seen == NOW


def test_what_pairing_keeps_comes_with_an_article_that_is_new_or_changed(store):
    def take(made, *, now=NOW):
        walk(store, [link(1)])
        due = next(due for due in store.collected.due(SOURCE, now) if due.url == link(1).url)
        waiting = store.collected.record_fetch("r1", SOURCE, due, fetch(due.url), now)
        name = address.article_id(made.url)
        kept = Shelved(name, made.text, "1", made.url, (), (), b"s", "{}")
        store.articles.record(SOURCE, [Outcome(waiting, made, RUSSIAN, shelved=kept)], [], PROFILE, now)
        return store.features.current([name], "1")[name]

    assert take(article(1))[0] == article(1).text
    store.features.keep_hubs({address.article_id(article(1).url): 0.5})
    later = NOW + timedelta(hours=7)
    take(article(1), now=later)
    (seen,) = store.features.window([NOW], timedelta(days=9), "1").rows
    assert seen.hub == 0.5  # nothing changed, so nothing was written
    assert take(article(1, text="Исправлено."), now=later + timedelta(days=1))[0] == "Исправлено."


def test_the_first_date_stands(store):
    read(store, 1, article(1, at=NOW - timedelta(days=3)))
    read(store, 1, article(1, at=NOW - timedelta(days=1)), now=NOW + timedelta(hours=7))
    assert items(store)[0].article.published.at == NOW - timedelta(days=3)


def test_a_page_that_stops_being_an_article_does_not_take_the_article_with_it(store):
    read(store, 1, article(1))
    read(store, 1, Refusal(link(1).url, "not-article"), now=NOW + timedelta(hours=7))
    assert len(items(store)) == 1
    assert store.collected.counts() == {"article": 1}


def test_an_address_that_leads_elsewhere_is_an_alias(store):
    read(store, 1, article(url=link(9).url))
    assert [item.article.url for item in items(store)] == [link(9).url]
    assert store.collected.counts() == {"alias": 1, "article": 1}
    assert store.collected.unknown([link(9).url]) == frozenset()


def test_corrections_are_asked_for_when_due(store):
    read(store, 1, article(1))
    assert store.collected.due(SOURCE, NOW + timedelta(hours=5)) == ()
    (due,) = store.collected.due(SOURCE, NOW + timedelta(hours=6))
    assert due.known
    assert due.validators.digest
    store.collected.record_fetch("r1", SOURCE, due, fetch(due.url, "not-modified"), NOW + timedelta(hours=6))
    assert store.collected.due(SOURCE, NOW + timedelta(hours=23)) == ()
    assert len(store.collected.due(SOURCE, NOW + timedelta(days=1))) == 1


def test_text_no_document_may_carry_is_cleaned_at_the_door(store):
    read(store, 1, article(1, title="Форум\x08 \ud800открылся\ufffe"))
    assert items(store)[0].article.title == "Форум открылся"
