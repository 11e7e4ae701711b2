"""The queue: the most doubtful first, one word each, at once in the store, shortly in the feeds, never lost."""

from __future__ import annotations

import json
import re

import pytest

from pipeline import analysts
from pipeline.store import Wish
from tests.review.building import NOW


def first(desk, path="/desk/"):
    """Return the address and the ids of the first pair of the queue."""
    found = re.search(r'href="(/desk/pair/(\w+)/(\w+)[^"]*)"', desk.get(path).text)
    return found[1].replace("&amp;", "&"), found[2], found[3]


def said(office, ru, en):
    return [one.kind for one in office.store.verdicts.of_pair(ru, en)]


def waiting(office, **wish):
    return office.store.queue.page(Wish(**wish), 500)


def test_the_most_doubtful_come_first_and_each_pair_once(office):
    rows = waiting(office)
    assert [row.place for row in rows] == sorted(row.place for row in rows)
    assert len({(row.ru.id, row.en.id) for row in rows}) == len(rows) == 30


def test_the_queue_goes_on_from_a_place_both_ways(office):
    rows = waiting(office)
    kept = office.store.queue
    assert kept.page(Wish(), 5, after=rows[4].place) == rows[5:10]
    assert kept.page(Wish(), 3, before=rows[4].place) == rows[1:4]
    assert kept.count(Wish(), 1000) == 30
    assert kept.count(Wish(), 7) == 7


def test_the_queue_is_narrowed(office):
    rows = waiting(office)
    some = [row for row in rows if "bureau" in (row.ru.source, row.en.source)]
    assert waiting(office, source="bureau") == some != []
    assert waiting(office, most=0.995) == [row for row in rows if row.probability <= 0.995] != rows
    assert waiting(office, state="linked") == rows
    assert (
        waiting(office, state="review") == waiting(office, state="proposed") == waiting(office, state="machine") == []
    )


@pytest.mark.parametrize(
    ("kind", "kept", "states"),
    [("confirm", "confirm", ["linked"]), ("related", "same-event", ["single", "single"])],
)
def test_a_word_is_kept_at_once_and_shortly_in_the_feeds(outside, office, kind, kept, states):
    outside.log_in("analyst")
    _, ru, en = first(outside)
    before = json.loads((office.feeds / "all.json").read_text())["items"]
    outside.follow = False
    answer = outside.post(f"/desk/pair/{ru}/{en}/verdict", {"kind": kind})
    assert answer.status_code == 303
    assert said(office, ru, en) == [kept]
    assert office.store.audit.latest(1)[0].what == "verdict"
    assert (ru, en) not in {(row.ru.id, row.en.id) for row in waiting(office)}
    turn = int(re.search(r"turn=(\d+)", answer.headers["location"])[1])
    assert office.press.wait(turn, 30)
    stories = office.store.stories.of_items(office.store.features.items([ru, en]))
    assert [one.state for one in stories] == states
    after = json.loads((office.feeds / "all.json").read_text())["items"]
    assert len(after) - len(before) == len(states) - 1


def test_what_a_word_changed_is_shown(desk, office):
    _, ru, en = first(desk)
    answer = desk.post(f"/desk/pair/{ru}/{en}/verdict", {"kind": "reject"})
    effects = desk.get(re.search(r'href="(/desk/effects/[^"]+)"', answer.text)[1].replace("&amp;", "&"))
    while "look again" in effects.text:
        effects = desk.get(effects.url.raw_path.decode())
    english = office.store.features.items([en])[0].article.title
    gone = re.search(r'class="gained">.*?</span> ([^:]+): (.*?)</li>', effects.text, re.DOTALL)
    assert "all" in gone[1].split(", ")
    assert gone[2] == english


def test_a_word_leads_to_the_next_pair_and_the_queue_ends(desk, office):
    rows = waiting(office)
    ticked = [f"{row.ru.id} {row.en.id}" for row in rows[:-3]]
    desk.post("/desk/bulk", {"kind": "confirm", "pair": ticked})
    titles = [office.store.features.items([row.ru.id])[0].article.title for row in rows[-3:]]
    for row, title in zip(rows[-3:], [*titles[1:], "Queue"], strict=True):
        answer = desk.post(f"/desk/pair/{row.ru.id}/{row.en.id}/verdict", {"kind": "confirm"})
        assert title in re.sub("<.*?>", "", re.search("<h1.*?</h1>", answer.text, re.DOTALL)[0])
    assert waiting(office) == []
    assert "Nothing waits for a word." in desk.get("/desk/").text
    assert len(waiting(office, spoken=True)) == 30


def test_undo_brings_back_what_was(desk, office):
    _, ru, en = first(desk)
    before = office.store.stories.of_items(office.store.features.items([ru, en]))[0]
    for kind in ("confirm", "split"):
        desk.post(f"/desk/pair/{ru}/{en}/verdict", {"kind": kind})
        desk.post(f"/desk/pair/{ru}/{en}/undo")
        assert office.press.wait(office.press.ask(), 30)
        (after,) = office.store.stories.of_items(office.store.features.items([ru, en]))
        assert (after.id, after.state) == (before.id, before.state)
        assert (after.match.ru, after.match.en) == (ru, en)
        # Where the press was quick to heed the word, the pair is judged anew, beside what it is beside now.
        assert after.match.probability == pytest.approx(before.match.probability, abs=0.05)
    assert said(office, ru, en) == ["confirm", "undo", "split", "undo"]
    assert (ru, en) in {(row.ru.id, row.en.id) for row in waiting(office)}


def test_undo_of_the_second_word_leaves_the_first(desk, office):
    _, ru, en = first(desk)
    for step in ("verdict", "verdict", "undo"):
        desk.post(f"/desk/pair/{ru}/{en}/{step}", {"kind": "reject" if not said(office, ru, en) else "confirm"})
    assert [one.kind for one in analysts.spoken(office.store, ru, en)] == ["reject"]
    assert desk.post(f"/desk/pair/{ru}/{en}/undo").status_code == 200
    assert desk.post(f"/desk/pair/{ru}/{en}/undo").status_code == 409


def test_a_reader_looks_and_says_nothing(outside, office):
    outside.log_in("reader")
    path, ru, en = first(outside)
    assert 'value="confirm"' not in outside.get(path).text
    assert outside.post(f"/desk/pair/{ru}/{en}/verdict", {"kind": "confirm"}).status_code == 403
    assert said(office, ru, en) == []


def test_one_word_for_many(desk, office):
    rows = waiting(office)
    ticked = [f"{row.ru.id} {row.en.id}" for row in rows[:3]]
    answer = desk.post("/desk/bulk", {"kind": "confirm", "pair": ticked})
    assert "3 pairs: your word is kept." in answer.text
    assert waiting(office) == rows[3:]
    desk.post("/desk/bulk?source=bureau", {"kind": "related", "every": "1"})
    assert {one.ru.source for one in waiting(office)} | {one.en.source for one in waiting(office)} == {
        source for row in rows[3:] if "bureau" not in (row.ru.source, row.en.source)
        for source in (row.ru.source, row.en.source)
    }  # fmt: skip
    assert desk.post("/desk/bulk", {"kind": "confirm"}).status_code == 200
    assert desk.post("/desk/bulk/undo", {"words": "x"}).status_code == 422


def test_one_word_for_many_is_taken_back_at_once(desk, outside, office):
    rows = waiting(office)
    page = desk.post("/desk/bulk", {"kind": "reject", "pair": [f"{row.ru.id} {row.en.id}" for row in rows[:3]]}).text
    numbers = re.search(r'name="words" value="(\d+-\d+)"', page)[1]
    desk.post(
        f"/desk/pair/{rows[0].ru.id}/{rows[0].en.id}/verdict", {"kind": "confirm"}
    )  # another word since, which stays
    outside.log_in("analyst")
    assert "Nothing changed." in outside.post("/desk/bulk/undo", {"words": numbers}).text, "they are somebody else's"
    assert "2 pairs: taken back." in desk.post("/desk/bulk/undo", {"words": numbers}).text
    said = [[one.kind for one in office.store.verdicts.of_pair(row.ru.id, row.en.id)] for row in rows[:3]]
    assert said == [["reject", "confirm"], ["reject", "undo"], ["reject", "undo"]]


def test_paragraphs_stand_side_by_side_with_what_they_share(desk):
    page = desk.get(first(desk)[0]).text
    assert page.count('<div class="ru reading" lang="ru">') == page.count('<div class="en reading" lang="en">') > 2
    assert "<mark>17</mark>" in page
    assert '<mark class="odd">2 октября</mark>' in page


def test_the_clues_are_weighed(desk):
    page = desk.get(first(desk)[0] + "/why").text
    assert "numbers and days" in page
    assert re.search(r"<td class=\"figure\">[+-]\d+\.\d</td>", page)


def test_the_right_partner_is_found_and_confirmed(desk, office):
    store = office.store
    store.search.catch_up()
    _, ru, en = first(desk)
    other = next(row.en.id for row in waiting(office)[1:])
    title = store.features.items([other])[0].article.title
    page = desk.get(f"/desk/pair/{ru}/{en}/partner?side=en&q={title.split()[0]}").text
    assert f'action="/desk/pair/{ru}/{other}/verdict"' in page
    desk.post(f"/desk/pair/{ru}/{other}/verdict", {"kind": "confirm"})
    assert office.press.wait(office.press.ask(), 30)
    (story,) = store.stories.of_items(store.features.items([ru, other]))
    assert story.texts["en"].lead.id == other


def test_what_is_no_pair_is_not_there(desk, office):
    _, ru, en = first(desk)
    for path in (f"/desk/pair/{en}/{ru}", f"/desk/pair/{ru}/{ru}", f"/desk/pair/{ru}/a0", "/desk/pair/x/y"):
        assert desk.get(path).status_code == 404
    assert desk.post(f"/desk/pair/{ru}/{en}/verdict", {"kind": "maybe"}).status_code == 422


def test_the_same_over_the_api(api, office):
    page = api("GET", "/api/v1/pairs?limit=2", role="reader").json()
    more = api("GET", f"/api/v1/pairs?limit=2&after={page['next']}", role="reader").json()
    ids = [(one["ru"]["id"], one["en"]["id"]) for one in (*page["items"], *more["items"])]
    assert ids == [(row.ru.id, row.en.id) for row in waiting(office)[:4]]
    ru, en = ids[0]
    where = f"/api/v1/pairs/{ru}/{en}/verdicts"
    assert api("POST", where, role="reader", json={"kind": "reject"}).status_code == 403
    assert api("POST", where, role="analyst", json={"kind": "undo"}).status_code == 409
    assert api("POST", where, role="analyst", json={"kind": "maybe"}).status_code == 422
    kept = api("POST", where, role="analyst", json={"kind": "reject"})
    assert (kept.status_code, said(office, ru, en)) == (201, ["reject"])
    assert office.press.wait(kept.json()["turn"], 30)
    told = api("GET", f"/api/v1/turns/{kept.json()['turn']}?about={ru}%20{en}", role="reader").json()
    assert told["done"]
    assert "gained" in {one["kind"] for one in told["effects"]}
    whole = api("GET", f"/api/v1/pairs/{ru}/{en}", role="reader").json()
    assert (whole["state"], [one["kind"] for one in whole["verdicts"]]) == ("apart", ["reject"])


def test_a_pass_that_did_not_hear_a_word_does_not_lose_it(office):
    store, config = office.store, office.config()
    row = waiting(office)[0]
    pair = analysts.Pair(*(store.features.items([one])[0] for one in (row.ru.id, row.en.id)))
    _, heard = store.verdicts.heard()
    stories = store.stories.of_items([pair.ru, pair.en])
    analysts.say(store, [(pair, "reject")], "ada", NOW)
    store.stories.record(stories, [], [pair.ru, pair.en], NOW, heard=heard)  # what another process made of it before
    analysts.pairs.pair_up(store, config, NOW)
    assert [one.state for one in store.stories.of_items([pair.ru, pair.en])] == ["single", "single"]
