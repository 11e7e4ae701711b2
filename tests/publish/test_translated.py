"""What every format says of a machine's text: engine, version, date, whether it was edited, whom its model's licence names."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from pipeline import publish
from pipeline.model import Text, Translated
from tests.publish.newsroom import config, stories, urn

ATOM = "{http://www.w3.org/2005/Atom}"
CREDIT = "OPUS-MT ru-en (Helsinki-NLP), CC-BY-4.0"


def half(translated: Translated | None, origin: str = "machine"):
    """Return the stories with one of them given an English side that a machine wrote, and the instant to publish at."""
    every = stories()
    one = next(story for story in every if set(story.texts) == {"ru"})
    lead = one.texts["ru"].lead
    made = replace(lead, id="a" + "0" * 14 + "9", article=replace(lead.article, title="The port opened", authors=()))
    text = Text(urn("machine"), "en", (made,), origin, translated)
    both = replace(one, texts={**one.texts, "en": text})
    now = max(story.updated for story in every) + timedelta(days=1)
    return [both if story.id == one.id else story for story in every], now, lead


def documents(translated=None, origin="machine", rights=None):
    every, now, lead = half(translated, origin)
    rules = config(**{lead.article.source: rights or {"translate": "full"}})
    return publish.publish(every, rules, now).documents


def how(lead_at, **more):
    return Translated("urn:x", "argos+person", "translate-ru_en", "1.9", lead_at, "full", 14, 2, **more)


@pytest.fixture
def at():
    return max(story.updated for story in stories())


def test_json_tells_engine_version_and_date_as_data(at):
    made = documents(how(at, credit=CREDIT))
    entry = next(one for one in json.loads(made["en-mt.json"])["items"] if one["_nevawire"]["origin"] == "machine")
    assert entry["_nevawire"]["translation"] == {
        "engine": "argos", "model": "translate-ru_en", "version": "1.9", "date": at.isoformat(), "scope": "full",
        "sentences": 14, "untranslated": 2, "credit": CREDIT,
    }  # fmt: skip


def test_every_format_says_it_where_people_read(at):
    made = documents(how(at, edited=at + timedelta(hours=1)), "edited")
    said = "Machine translation: Argos Translate translate-ru_en 1.9, "
    for ext in ("html", "json", "rss", "atom"):
        assert said in made[f"en-mt.{ext}"].decode(), ext
        assert "edited on" in made[f"en-mt.{ext}"].decode()
    entry = next(one for one in json.loads(made["all-mt.json"])["items"] if one["_nevawire"]["origin"] == "edited")
    assert entry["_nevawire"]["translation"]["edited"] == (at + timedelta(hours=1)).isoformat()


def test_the_model_s_licence_is_named_once_in_every_feed_that_shows_its_text(at):
    made = documents(how(at, credit=f"{CREDIT}; {CREDIT}"))
    said = f"Machine translation: {CREDIT}"
    assert etree.fromstring(made["en-mt.atom"]).findtext(f"{ATOM}rights") == said
    assert etree.fromstring(made["en-mt.rss"]).findtext("channel/copyright") == said
    assert json.loads(made["en-mt.json"])["_nevawire"] == {"credit": said}
    footer = made["en-mt.html"].decode().rpartition("<footer>")[2]
    assert footer.count(CREDIT) == 1
    assert made["all-mt.html"].decode().rpartition("<footer>")[2].count(CREDIT) == 1


def test_no_other_feed_says_anything_of_it(at):
    made, without = documents(how(at, credit=CREDIT)), documents(None)
    shown = {name for name, body in made.items() if CREDIT.encode() in body}
    assert {name.partition(".")[0] for name in shown} == {"en-mt", "all-mt"}
    plain = [name for name in made if "-mt." not in name and name not in ("index.html", "feeds.opml")]
    assert len(plain) > 20
    assert [name for name in plain if made[name] != without[name]] == []


def test_who_edited_and_from_whose_memory_is_nobody_s_business(at):
    made = documents(how(at, credit=CREDIT))
    assert not [name for name, body in made.items() if b"argos+person" in body]


def test_where_nothing_is_known_of_a_translation_nothing_is_made_up(at):
    entry = next(
        one for one in json.loads(documents()["en-mt.json"])["items"] if one["_nevawire"]["origin"] == "machine"
    )
    assert "translation" not in entry["_nevawire"]
