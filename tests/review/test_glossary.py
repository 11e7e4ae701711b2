"""Names for the glossary at the desk: proposed out of confirmed pairs, taken in by operators, declined by analysts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline import pairing, pairs, sources
from pipeline.model import Verdict

RU, EN = "Полюстрово", "Polyustrovo Science Park"


@pytest.fixture
def confirmed(office):
    """An office whose pairs an analyst has all confirmed."""
    for number, story in enumerate(office.store.stories.each()):
        if {"ru", "en"} <= set(story.texts):
            ru, en = story.texts["ru"].lead, story.texts["en"].lead
            at = office.now() + timedelta(seconds=number)
            office.store.verdicts.record(
                Verdict("confirm", ru.id, en.id, "anna", at, (pairing.content(ru), pairing.content(en)))
            )
    pairs.pair_up(office.store, office.config(), office.now())
    return office


def proposed(api):
    return {(one["ru"], one["en"]) for one in api("GET", "/api/v1/glossary/proposed", role="reader").json()}


def test_names_of_confirmed_pairs_are_proposed_with_their_stories(desk, api, confirmed):
    assert (RU, EN) in proposed(api)
    page = desk.get("/desk/glossary").text
    assert f'<strong lang="en">{EN}</strong>' in page
    assert "/desk/story/" in page


def test_an_operator_takes_a_name_into_the_sources_file(desk, api, confirmed):
    assert desk.post("/desk/glossary/accept", {"ru": RU, "en": EN}).status_code == 200
    assert (RU, EN) in sources.load(confirmed.settings.sources).glossary
    assert (RU, EN) not in proposed(api)


def test_a_declined_name_is_proposed_no_more_and_analysts_take_none_in(outside, api, confirmed):
    outside.log_in("analyst")
    assert outside.post("/desk/glossary/accept", {"ru": RU, "en": EN}).status_code == 403
    assert outside.post("/desk/glossary/decline", {"ru": RU, "en": EN}).status_code == 200
    assert (RU, EN) not in proposed(api)


def test_a_name_in_one_language_is_refused(api, office):
    assert api("POST", "/api/v1/glossary", role="operator", json={"ru": " ", "en": EN}).status_code == 422
