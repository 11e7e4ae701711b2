"""The analysts' verbs: what was paired and why, a word on it, and what comes of it."""

from __future__ import annotations

import json

import pytest
from lxml import etree
from sqlalchemy import delete
from typer.testing import CliRunner

from pipeline import analysts, pairing, pairs, vocabulary
from pipeline.cli import app
from pipeline.errors import NevawireError
from pipeline.model import Config, Publisher, PublishRules
from pipeline.store import open_store
from pipeline.store.engine import writing
from pipeline.store.tables import articles, features
from tests.pairing.season import NOW
from tests.pairing.test_stories import EN, OTHER, RU

CONFIG = Config(Publisher({}, "https://news.example.org/", ""), PublishRules(), ())
SOURCES = """
publisher: {title: {en: Neva}, home: https://news.example.org/, contact: news@example.org}
sources:
  press:
    name: {en: Press}
    kind: press
    listings: [{url: http://127.0.0.1:1/news/}]
"""


def put(store, *items):
    empty = dict.fromkeys(("html", "zone", "precision", "digest", "made_by", "version", "event_date"), "")
    lists = {
        name: []
        for name in (
            "language_evidence",
            "images",
            "alternates",
            "authors",
            "dropped",
            "robots",
            "sections",
            "attachments",
        )
    }
    for item in items:
        row = {**empty, **lists} | {
            "id": item.id, "source": item.article.source, "url": item.article.url, "title": item.article.title,
            "text": item.article.text, "language": item.language.code, "confidence": 1.0,
            "published": item.article.published.at, "published_evidence": "rule", "declared": {},
            "first_seen": item.first_seen, "updated": item.updated, "dated": item.article.published.at, "place": 0,
            "history": False, "paired": False,
        }  # fmt: skip
        known = {name: value for name, value in row.items() if name in articles.c}
        with writing(store._engine) as connection:
            connection.execute(articles.insert().values(**known))


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    monkeypatch.setenv("NEVAWIRE_SOURCES", str(tmp_path / "sources.yaml"))
    monkeypatch.setenv("NEVAWIRE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("NEVAWIRE_NOW", NOW.isoformat())
    store = open_store(tmp_path / "store")
    put(store, RU, EN, OTHER)
    pairs.pair_up(store, CONFIG, NOW)
    store.close()
    return tmp_path


def ask(*words):
    done = CliRunner().invoke(app, ["pairs", *words, "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)


def test_linked_pairs_are_listed_with_their_reasons(place):
    (row,) = ask("list", "--state", "linked")["pairs"]
    assert (row["ru"]["url"], row["en"]["url"]) == (RU.article.url, EN.article.url)
    assert row["probability"] > 0.9
    assert any("Гусаров–Gusarov" in reason for reason in row["reasons"])
    assert ask("list")["pairs"] == []


def test_a_rejected_pair_comes_apart_at_once_and_stays_apart(place):
    told = ask("reject", RU.article.url, EN.article.url, "--who", "Anna")
    assert [story["state"] for story in told["stories"]] == ["single", "single"]
    (row,) = ask("list", "--state", "rejected")["pairs"]
    assert (row["verdict"], row["who"], row["en"]["title"]) == ("reject", "Anna", EN.article.title)
    store = open_store(place / "store")
    assert store.features.fresh() == ()
    store.features.free([RU.id, EN.id])
    pairs.pair_up(store, CONFIG, NOW)
    assert {story.state for story in store.stories.each()} == {"single"}
    assert [verdict.kind for verdict in store.verdicts.every()] == ["reject"]
    store.close()


def test_a_confirmed_pair_is_shown_with_who_said_so_and_when(place):
    first = ask("show", RU.id)
    ask("confirm", first["id"], "--who", "Anna")
    shown = ask("show", EN.article.url)
    assert shown["id"] == first["id"]
    assert shown["pair"]["reasons"][0] == "confirmed by an analyst"
    assert [(one["kind"], one["who"], one["at"]) for one in shown["verdicts"]] == [("confirm", "Anna", NOW.isoformat())]


def test_two_articles_of_one_event_stand_beside_each_other(place):
    told = ask("related", RU.id, EN.id)
    assert [story["related"][0]["url"] for story in told["stories"]] == [
        story["texts"][0]["articles"][0]["url"] for story in reversed(told["stories"])
    ]
    store = open_store(place / "store")
    store.removals.purge([EN.id], "asked", NOW)
    assert all(story.related == () for story in store.stories.each())
    store.close()


def test_a_split_story_keeps_its_id_on_the_older_side(place):
    before = ask("show", RU.article.url)["id"]
    told = ask("split", before)
    assert [story["state"] for story in told["stories"]] == ["single", "single"]
    assert ask("show", RU.article.url)["id"] == before


def test_an_explanation_reads_as_a_person_would_give_it(place):
    done = CliRunner().invoke(app, ["pairs", "explain", RU.article.url, EN.article.url])
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"“{RU.article.title}” and “{EN.article.title}”: one story with probability over 0.99.")
    assert lines[1] == "That is enough to link them (from 0.90 on)."
    assert "Лев–Lev" in lines[2]
    assert any(line.startswith("For it: ") and "no other article comes as near" in line for line in lines)
    data = ask("explain", RU.article.url, OTHER.article.url)
    assert data["probability"] < 0.1
    assert data["clues"]["words"]["worth"] <= 0


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((RU.id, RU.id), "a pair is two articles, each Russian or English; these are: ru"),
        (("https://nowhere.example/", EN.id), "https://nowhere.example/: no article"),
        (("urn:uuid:none",), "no story urn:uuid:none"),
        ((OTHER.article.url,), "has no likely counterpart; name two articles"),
        ((RU.id, EN.id, OTHER.id), "a pair is two articles, not 3"),
    ],
)
def test_what_is_no_pair_is_said_plainly(place, names, message):
    store = open_store(place / "store")
    with pytest.raises(NevawireError, match=message.replace("(", r"\(")):
        analysts.find(store, names)
    store.close()


def test_too_little_to_learn_from_is_said(place):
    store = open_store(place / "store")
    with pytest.raises(NevawireError, match="at least 30 certain pairs and 30 that are near and no pairs; there are 0"):
        analysts.fit(store, CONFIG, NOW)
    assert store.verdicts.learned(pairs.WEIGHTS) is None
    store.close()


def test_of_two_words_within_one_instant_the_last_one_holds(place):
    for word, state in (("confirm", "linked"), ("split", "single"), ("confirm", "linked"), ("reject", "single")):
        told = ask(word, RU.id, EN.id)
        assert {story["state"] for story in told["stories"]} == {state}, word


def test_an_explanation_names_what_is_shared_and_what_is_known_of_site_and_day(place):
    told = CliRunner().invoke(app, ["pairs", "explain", RU.id, EN.id]).stdout
    assert "What they share: 2 names: " in told
    assert "margin" not in told
    assert "On one site; English 2 days later: that makes it more likely." in told
    stranger = CliRunner().invoke(app, ["pairs", "explain", RU.id, OTHER.id]).stdout
    assert "They share no name, number or title word." in stranger
    assert "rival" not in stranger


def test_learned_weights_are_used_and_those_of_other_clues_are_not(place):
    store = open_store(place / "store")
    window = pairs.Window(store, CONFIG)
    value = {"bias": -1.0, "clues": dict.fromkeys(window.weights.clues, 0.0), "pairs": 40}
    store.verdicts.keep_learned(pairs.WEIGHTS, value, NOW)
    assert pairs.Window(store, CONFIG).weights.bias == -1.0
    store.verdicts.keep_learned(pairs.WEIGHTS, value | {"clues": {"other": 1.0}}, NOW)
    assert pairs.Window(store, CONFIG).weights == window.weights
    store.close()


def test_certain_pairs_teach_words_where_enough_have_gathered(place, monkeypatch):
    assert ask("learned") == {"pairs": 0, "words": []}
    ask("confirm", RU.id, EN.id)
    assert ask("learned")["pairs"] == 0
    store = open_store(place / "store")
    assert store.verdicts.learned(vocabulary.WAITING) == {"pairs": [[RU.id, EN.id]]}
    store.close()
    monkeypatch.setattr(vocabulary, "ENOUGH", 1)
    for word in ("split", "confirm"):
        ask(word, RU.id, EN.id)
    told = CliRunner().invoke(app, ["pairs", "learned"]).stdout
    assert told.splitlines()[0] == "0 words from 1 certain pairs"
    store = open_store(place / "store")
    store.removals.purge([EN.id], "asked", NOW)
    assert vocabulary.known(store).pairs == ()
    store.close()


def test_confirmed_pairs_become_a_translation_memory(place):
    out = place / "memory.tmx"
    run = CliRunner().invoke
    assert run(app, ["export", "pairs", "--format", "tmx", "--output", str(out)]).exit_code == 0
    assert etree.parse(out).findall(".//tu") == []
    ask("confirm", RU.id, EN.id)
    run(app, ["export", "pairs", "--format", "tmx", "--output", str(out)])
    tree = etree.parse(out)
    assert tree.docinfo.doctype == '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
    assert tree.getroot().get("version") == "1.4"
    units = tree.findall(".//tu")
    assert [seg.text for seg in units[0].iter("seg")] == [RU.article.title, EN.article.title]
    assert [tuv.get("{http://www.w3.org/XML/1998/namespace}lang") for tuv in units[0].iter("tuv")] == ["ru", "en"]
    rows = [json.loads(line) for line in run(app, ["export", "pairs"]).stdout.splitlines()]
    assert [(row["ru_url"], row["confirmed"]) for row in rows] == [(RU.article.url, True)]


@pytest.mark.parametrize("other", [EN, OTHER], ids=["a version", "a stranger"])
def test_a_pair_is_explained_without_reading_all_that_was_never_paired(place, monkeypatch, other):
    store = open_store(place / "store")
    with writing(store._engine) as connection:
        connection.execute(delete(features))
    with monkeypatch.context() as patched:
        patched.setattr(pairs, "_UNREAD", 0)
        told = ask("explain", RU.id, other.id)
        said = CliRunner().invoke(app, ["pairs", "explain", RU.id, other.id]).stdout
    assert told["unread"] == 1
    assert said.rstrip().endswith("1 article of these days is not read yet: with it in sight this may change.")
    version = pairing.version(pairing.lexicon_digest())
    assert set(store.features.current([RU.id, EN.id, OTHER.id], version)) == {RU.id, other.id}
    assert ask("explain", RU.id, other.id)["unread"] == 0
    store.close()
