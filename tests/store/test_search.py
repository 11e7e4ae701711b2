"""Search: whatever an article says is found in any form, nothing else is; and nothing that was purged."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import edits, otherwords, publish, query, stems
from pipeline.model import Config, Edit, Language, Profile, Publisher, PublishRules, Search
from pipeline.store import Asked, Outcome, open_store
from pipeline.store.engine import writing
from pipeline.store.tables import articles, labels, stories, text_items, texts
from tests import databases
from tests.store.conftest import NOW, RUSSIAN, SOURCE, article, fetch, link

CASES = json.loads((Path(__file__).parent.parent / "data/store/search.json").read_text(encoding="utf-8"))
KINDS = {SOURCE.id: SOURCE.kind}
NUMBERS = {name: number for number, name in enumerate(CASES["articles"], start=1)}


def put(store, number, title, text, *, at=NOW, language=RUSSIAN):
    one = link(number)
    store.collected.add(SOURCE, [one], NOW, history=False)
    due = next(due for due in store.collected.due(SOURCE, NOW) if due.url == one.url)
    waiting = store.collected.record_fetch("run", SOURCE, due, fetch(one.url), NOW)
    made = article(number, title=title, text=text, at=at)
    store.articles.record(SOURCE, [Outcome(waiting, made, language)], [], Profile(SOURCE.id), NOW)
    return next(item.id for item in store.articles.each() if item.article.url == one.url)


def join(store, story, **sides):
    """Make one story of articles, given by language."""
    with writing(store._engine) as connection:
        connection.execute(stories.insert().values(
            id=story, state="linked", first_seen=NOW, updated=NOW, match_ru="", match_en="", reasons=[],
        ))  # fmt: skip
        for language, one in sides.items():
            connection.execute(
                texts.insert().values(id=f"{story}-{language}", story=story, language=language, origin="publisher")
            )
            connection.execute(text_items.insert().values(article=one, text=f"{story}-{language}", rank=0))


def asked(text, **more):
    parsed = query.parse(text)
    return Asked(parsed.words, parsed.not_words, **more)


def ids(found):
    return [hit.article for hit in found.hits]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("library"))
    store.own = {name: put(store, NUMBERS[name], *words) for name, words in CASES["articles"].items()}
    yield store
    store.close()


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["about"])
def test_what_is_found(library, case):
    found = library.search.find(asked(case["query"]), KINDS)
    assert sorted(ids(found)) == sorted(library.own[name] for name in case["found"])
    assert (found.stories, found.articles, found.waiting) == (len(case["found"]), len(case["found"]), 0)


@given(st.sampled_from(sorted(CASES["articles"])), st.data())
def test_every_word_and_every_beginning_of_it_finds_its_article(library, name, data):
    word = data.draw(st.sampled_from(stems.words(" ".join(CASES["articles"][name]))))
    begun = word[: data.draw(st.integers(1, len(word)))]
    for sought in (word, word.upper(), f"{begun}*"):
        assert library.own[name] in ids(library.search.find(Asked((sought,)), KINDS)), sought


@given(st.sampled_from(sorted(CASES["articles"])), st.data())
def test_words_in_a_row_are_a_phrase_and_in_no_other_row(library, name, data):
    words = stems.words(CASES["articles"][name][1])
    start = data.draw(st.integers(0, len(words) - 3))
    row = words[start : start + 3]
    assert library.own[name] in ids(library.search.find(Asked((" ".join(row),)), KINDS))
    turned = [stems.stem(word) for word in row[::-1]]
    body = list(map(stems.stem, words))
    there = any(body[at : at + 3] == turned for at in range(len(body)))
    assert (library.own[name] in ids(library.search.find(Asked((" ".join(row[::-1]),)), KINDS))) == there


@given(st.lists(st.text(max_size=30), max_size=4), st.lists(st.text(max_size=30), max_size=3), st.text(max_size=20))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_is_asked_for_breaks_it(library, words, without, after):
    found = library.search.find(Asked(tuple(words), tuple(without)), KINDS, after=after)
    assert found.articles <= len(library.own)


def test_a_saved_search_and_the_list_go_by_the_same_words(library):
    for case in CASES["cases"]:
        parsed = query.parse(case["query"])
        for name, (title, text) in CASES["articles"].items():
            wording = stems.Wording(f"{title}\n{text}")
            fits = all(map(wording.has, parsed.words)) and not any(map(wording.has, parsed.not_words))
            assert fits == (name in case["found"]), (case["about"], name)


@pytest.mark.parametrize(
    "text", ["терминал", "passengers", "морской ferry", "терм*", "пассажиры -паром", "пассажиры -terminal"]
)
def test_the_feed_of_a_saved_search_has_what_the_list_finds_in_either_language(library, text):
    also = otherwords.shipped()
    listed = set(ids(library.search.find(asked(text), KINDS, also)))
    config = Config(Publisher({}, "", ""), PublishRules(), (), searches=(Search("one", query.parse(text)),))
    for name, words in CASES["articles"].items():
        one = article(NUMBERS[name], title=words[0], text=words[1])
        assert bool(publish.labels(one, config, also=also)) == (library.own[name] in listed), name
    own = set(ids(library.search.find(asked(text), KINDS)))
    assert own < listed or "*" in text


def test_titles_first_then_texts_then_the_other_language(library):
    other = {stems.part("терминал"): (stems.part("terminal"),)}
    found = library.search.find(asked("терминал", best=True), KINDS, lambda part: other.get(part, ()))
    own = library.own
    assert [(hit.article, hit.where) for hit in found.hits] == [
        (own["terminal"], "title"), (own["congress"], "text"), (own["ferry"], "translation"),
    ]  # fmt: skip


def test_pages_follow_each_other_though_articles_come_and_go(store):
    own = [
        put(store, number, f"Порт {number}", "Текст о порте.", at=NOW - timedelta(hours=number))
        for number in range(1, 8)
    ]
    first = store.search.find(asked("порт"), KINDS, size=3)
    assert ids(first) == own[:3]
    store.removals.purge([own[2], own[4]], "asked", NOW)
    new = put(store, 20, "Новый порт", "Открыт.", at=NOW + timedelta(hours=1))
    second = store.search.find(asked("порт"), KINDS, size=3, after=first.after)
    assert ids(second) == [own[3], own[5], own[6]]
    assert second.after == ""
    assert new in ids(store.search.find(asked("порт"), KINDS))
    best = store.search.find(asked("порт", best=True), KINDS, size=2)
    rest = store.search.find(asked("порт", best=True), KINDS, size=9, after=best.after)
    assert sorted([*ids(best), *ids(rest)]) == sorted({new, *own} - {own[2], own[4]})


def test_what_is_purged_is_gone_from_search_and_from_the_file(store, tmp_path):
    words = "Ледокол Чайковский пришвартовался"
    one = put(store, 1, words, "Его встречали хризантемами.")
    put(store, 2, "Порт", "Тихо.")
    assert ids(store.search.find(asked("хризантема"), KINDS)) == [one]
    store.removals.purge([one], "asked", NOW)
    assert store.search.find(asked("хризантема"), KINDS).hits == ()
    assert [*store.search.articles(Asked(), KINDS)] == [item.id for item in store.articles.each()]
    store.close()
    data = databases.held(tmp_path / "store")
    for stem in stems.stems(f"{words} хризантемами"):
        assert stem.encode() not in data, stem


def test_changed_words_are_found_and_the_old_ones_no_more(store):
    one = put(store, 1, "Порт открыт", "Текст.")
    assert ids(store.search.find(asked("порт"), KINDS)) == [one]
    made_for = edits.digest("title", "Порт открыт", "Текст.")
    store.edits.record(Edit(one, "title", "Гавань работает", made_for, "anna", NOW), shown=True)
    found = store.search.find(asked("гавани"), KINDS)
    assert ids(found) == [one]
    assert found.facets["origin"] == {"edited": 1}
    with writing(store._engine) as connection:
        connection.execute(articles.update().values(title="Порт закрыт"))
    assert store.search.find(asked("закрытый"), KINDS).facets["origin"] == {"publisher": 1}, "it gave way"


def test_facets_count_stories_under_everything_but_themselves(store):
    english = Language("en", 0.99, ())
    ru = put(store, 1, "Порт открыт", "Текст о порте на Невском проспекте.")
    en = put(store, 2, "The port opens", "Text of the port.", language=english)
    alone = put(store, 3, "Порт закрыт", "Комитет по инвестициям против.")
    join(store, "urn:uuid:1", ru=ru, en=en)
    with writing(store._engine) as connection:
        connection.execute(labels.insert().values(article=ru, label="topic:sea"))
        connection.execute(labels.insert().values(article=ru, label="query:search-x"))
    everything = store.search.find(Asked(), KINDS)
    assert (everything.stories, everything.articles) == (2, 3)
    assert everything.facets == {
        "source": {"bureau": 2}, "kind": {"bureau": 2}, "language": {"ru": 2, "en": 1}, "topic": {"sea": 1},
        "state": {"linked": 1, "new": 1}, "origin": {"publisher": 2}, "tag": {}, "star": {},
        "organisation": {"committee-for-investments-of-saint-petersburg": 1}, "place": {"nevsky-prospekt": 1},
    }  # fmt: skip
    english_only = store.search.find(Asked(wanted={"language": ("en",)}), KINDS)
    assert ids(english_only) == [en]
    assert english_only.facets["language"] == {"ru": 2, "en": 1}
    assert english_only.facets["state"] == {"linked": 1}
    assert ids(store.search.find(Asked(wanted={"state": ("new",)}), KINDS)) == [alone]
    assert ids(store.search.find(Asked(unwanted={"topic": ("sea",)}, wanted={"language": ("ru",)}), KINDS)) == [alone]
    assert ids(store.search.find(Asked(wanted={"kind": ("venue",)}), KINDS)) == []


def test_an_old_store_becomes_searchable_bit_by_bit_and_by_a_pass_at_once(store):
    own = [put(store, number, f"Порт {number}", "Текст.") for number in range(1, 61)]
    found = store.search.find(asked("порт"), KINDS, size=100)
    assert 0 < len(found.hits) < len(own)
    assert found.waiting > 0
    assert store.search.catch_up() == found.waiting
    done = store.search.find(asked("порт"), KINDS, size=100)
    assert (len(done.hits), done.waiting) == (len(own), 0)


def test_days_bound_what_is_found(store):
    own = [put(store, day, f"Порт {day}", "Текст.", at=NOW - timedelta(days=day)) for day in range(1, 6)]
    found = store.search.find(Asked(since=NOW - timedelta(days=4), until=NOW - timedelta(days=2)), KINDS)
    assert ids(found) == own[2:4]
