"""The selection at the desk: stories move by plain forms and by the API, digests are composed, shown as mail and sent."""

from __future__ import annotations

import json
import re

import pytest

SELECTION = "/desk/selection"


def ids(office, size=4):
    return [one.story for one in office.store.selections.page("new", size)]


@pytest.fixture
def selected(office):
    chosen = ids(office)
    office.store.selections.move(chosen, "selected", "anna", office.now())
    return chosen


def test_stories_move_by_forms_and_the_audit_knows(desk, office):
    chosen = ids(office, 2)
    answer = desk.post(SELECTION, {"to": "selected", "story": chosen, "back": f"{SELECTION}?state=new"})
    assert "2 stories moved." in answer.text
    assert {office.store.selections.of(chosen)[one].state for one in chosen} == {"selected"}
    assert [one.what for one in office.store.audit.latest(2)] == ["selected", "selected"]
    assert desk.get(f"{SELECTION}?state=selected").text.count('class="teaser"') == 2
    assert "Nothing was moved" in desk.post(SELECTION, {"to": "selected"}).text


def test_an_ignored_story_leaves_the_feeds_and_comes_back(desk, office):
    story = next(one for one in office.store.stories.load(ids(office)) if "ru" in one.texts)
    title = story.texts["ru"].lead.article.title
    feed = office.feeds / "ru.json"
    shown = lambda: title in {one["title"] for one in json.loads(feed.read_text())["items"]}  # noqa: E731
    assert shown()
    desk.post(SELECTION, {"to": "ignored", "story": story.id})
    assert office.press.wait(office.press.ask(), 60)
    assert not shown()
    desk.post(SELECTION, {"to": "new", "story": story.id})
    assert office.press.wait(office.press.ask(), 60)
    assert shown()


def test_readers_change_nothing(outside, office):
    outside.log_in("reader")
    assert outside.post(SELECTION, {"to": "selected", "story": ids(office)}).status_code == 403
    assert outside.post("/desk/selection/digests", {"language": "ru"}).status_code == 403
    assert office.store.selections.counts()["selected"] == 0


def test_every_page_of_a_list_has_other_stories(api):
    seen, after = [], ""
    while after is not None:
        page = api("GET", f"/api/v1/selection?state=new&limit=30&after={after}", role="reader").json()
        seen += [one["story"] for one in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == api("GET", "/api/v1/selection/counts", role="reader").json()["new"]
    assert api("GET", "/api/v1/selection?after=WyIyMDI2IiwieCJd", role="reader").status_code == 422


def test_the_api_moves_and_tells_the_way(api):
    story = ids(api.office, 1)[0]
    wanted = {"stories": [story, "urn:uuid:none"], "to": "reviewed", "reason": "read it"}
    done = api("POST", "/api/v1/selection/moves", role="analyst", json=wanted).json()
    assert (done["moved"], done["unknown"]) == ([story], ["urn:uuid:none"])
    refused = api("POST", "/api/v1/selection/moves", role="analyst", json=wanted | {"to": "archived"}).json()["refused"]
    assert [(one["story"], one["state"], one["who"]) for one in refused] == [(story, "reviewed", "analyst")]
    way = api("GET", f"/api/v1/selection/{story}", role="reader").json()
    assert (way["state"], way["history"][0]["reason"]) == ("reviewed", "read it")
    assert api("GET", "/api/v1/selection/urn:uuid:none", role="reader").status_code == 404


def test_a_digest_is_composed_by_forms_alone_and_sent_once(desk, office, selected):
    page = desk.post("/desk/selection/digests", {"language": "both"})
    number = int(re.search(r"/selection/digests/(\d+)/preview", page.text)[1])
    here = f"/desk/selection/digests/{number}"
    first, *rest, last = office.store.drafts.get(number).stories
    form = {
        "version": "1",
        "title": "Неделя <b>у реки</b>",
        "intro-ru": "Добрый день",
        "out": rest[0],
        f"place-{last}": "0",
    }
    page = desk.post(here, form | {"do": "save"})
    draft = office.store.drafts.get(number)
    assert (draft.stories, draft.intro, draft.version) == ((last, first, *rest[1:]), {"ru": "Добрый день"}, 2)
    assert "&lt;b&gt;" in page.text
    desk.post(here, {"version": "2", "title": draft.title, "intro-ru": "Добрый день", "do": f"down:{last}"})
    assert office.store.drafts.get(number).stories[:2] == (first, last)
    assert desk.post(here, {"version": "2", "do": "save"}).status_code == 409, "somebody was faster"
    mail = desk.get(f"{here}/preview")
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "Добрый день" in mail.text
    desk.post(here, {"version": "3", "title": draft.title, "intro-ru": "Добрый день", "do": "publish"})
    (issue,) = office.store.issues.all()
    assert (office.feeds / "digest" / f"{issue.name}.html").exists()
    assert office.store.selections.of([first])[first].state == "published"
    assert "Добрый день" in desk.get(f"{here}/txt").text
    assert f"{issue.name}.txt" in desk.get(f"{here}/txt").headers["content-disposition"]
    assert desk.post(here, {"version": "4", "do": "publish"}).status_code == 409


def test_a_digest_by_the_api(api, selected):
    begun = api("POST", "/api/v1/digests", role="analyst", json={"language": "ru", "title": "Вода"}).json()
    assert sorted(begun["stories"]) == sorted(selected)
    wanted = {"version": 1, "title": "Вода", "intro": {"ru": "Да"}, "stories": selected[:2]}
    assert api("PUT", f"/api/v1/digests/{begun['id']}", role="analyst", json=wanted).json()["version"] == 2
    assert api("PUT", f"/api/v1/digests/{begun['id']}", role="analyst", json=wanted).status_code == 409
    look = api("GET", f"/api/v1/digests/{begun['id']}", role="reader").json()
    assert len(look["ready"]) + len(look["left"]) == 2
    campaign = api("GET", f"/api/v1/digests/{begun['id']}/documents/campaign.json", role="reader").json()
    assert campaign["subject"] == "Вода"
    assert api("POST", f"/api/v1/digests/{begun['id']}/publish", role="reader").status_code == 403
    assert api("POST", f"/api/v1/digests/{begun['id']}/publish", role="analyst").json()["issue"]
    assert api("DELETE", f"/api/v1/digests/{begun['id']}", role="analyst").status_code == 409
    assert [one["title"] for one in api("GET", "/api/v1/digests/sent", role="reader").json()] == ["Вода"]
    again = api("POST", "/api/v1/digests", role="analyst", json={"language": "ru"}).json()["id"]
    assert api("DELETE", f"/api/v1/digests/{again}", role="analyst").status_code == 204
    assert api("GET", f"/api/v1/digests/{again}", role="reader").status_code == 404
