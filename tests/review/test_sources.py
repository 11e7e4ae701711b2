"""Sources at the desk: health at a glance, pauses, and work that goes out of the house with its outcome shown."""

from __future__ import annotations

import hashlib

import pytest

from pipeline.sources import edit


@pytest.fixture
def source(office):
    return office.config().sources[0].id


def ended(office, kind, source, outcome, *, good=True):
    """An errand that came to an end."""
    errand = office.store.errands.ask(kind, source, "anna", office.now())
    office.store.errands.end(errand.id, outcome, office.now(), good=good)
    return errand


def test_every_source_is_there_with_what_came_and_what_is_wrong(desk, office, source):
    office.store.ledger.record_pass(source, new=0, failure=("dns", "no such <host>"), now=office.now(), trouble=1)
    office.store.alarms.settle(
        source, {"silence": {"last": "2026-11-10T09:00:00+00:00", "normal_hours": 30}}, office.now()
    )
    page = desk.get("/desk/sources").text
    assert page.count('class="spark"') == len(office.config().sources)
    assert "no such &lt;host&gt;" in page
    assert "nothing new since" in page
    assert page.index(f"/sources/{source}") < min(
        page.index(f"/sources/{one.id}") for one in office.config().sources[1:]
    )


def test_a_pause_is_made_and_ended_and_kept_in_the_audit(desk, office, source):
    assert "it moves house" in desk.post(f"/desk/sources/{source}/pause", {"reason": "it moves house"}).text
    assert office.store.pauses.every()[source].who == "ada"
    desk.post(f"/desk/sources/{source}/resume")
    assert office.store.pauses.every() == {}
    assert [one.what for one in office.store.audit.latest(2)] == ["source resumed", "source paused"]
    assert desk.post("/desk/sources/nobody/pause").status_code == 404


def test_what_is_asked_of_sources_is_for_operators(outside, office, source):
    outside.log_in("analyst")
    assert outside.get(f"/desk/sources/{source}").status_code == 200
    for path, form in (("pause", {}), ("resume", {}), ("errands", {"kind": "run"})):
        assert outside.post(f"/desk/sources/{source}/{path}", form).status_code == 403
    assert outside.post("/desk/errands/1/apply").status_code == 403
    assert outside.get("/desk/users").status_code == 403
    assert office.store.errands.of("", office.now()) == []


def test_what_came_of_errands_is_shown(desk, office, source):
    sample = {
        "url": "http://x.example/1", "outcome": "ok", "problem": "", "title": "Новость <i>дня</i>", "text_chars": 7,
        "first_lines": ["Первая"], "language": "ru", "made_by": "rule", "published": None, "published_evidence": "",
        "dropped": [], "versions": [],
    }  # fmt: skip
    listing = {
        "url": "http://x.example/",
        "links": [{"url": "javascript:alert(1)", "title": "x"}],
        "selector": "",
        "group": "g",
        "problem": "",
    }
    ended(office, "probe", source, {"robots": "allows", "requests": 2, "listings": [listing], "articles": [sample]})
    ended(office, "run", source, {"why": "dns: no such host"}, good=False)
    page = desk.get(f"/desk/sources/{source}").text
    assert "Новость &lt;i&gt;дня&lt;/i&gt;" in page
    assert "javascript:" not in page
    assert "dns: no such host" in page
    told = desk.get(f"/desk/sources/{source}", accept="application/json").json()
    assert told["open"] is False
    assert "Новость" in told["html"]


def test_the_doctors_proposal_is_shown_and_written_once_as_it_was_shown(desk, office, source):
    file = office.settings.sources
    before = file.read_bytes()
    outcome = {"complaints": ["the selector matches nothing"], "unmended": [], "links": {}, "until": "2026-11-19",
               "rule": {"title": "h1.new"}, "file": hashlib.sha256(before).hexdigest()}  # fmt: skip
    after = edit.mended(before, source, str(file), rule=outcome["rule"], until=outcome["until"], links={})
    errand = ended(office, "doctor", source, outcome | {"diff": edit.difference(before, after, "sources.yaml")})
    page = desk.get(f"/desk/sources/{source}").text
    assert "<ins>+" in page
    assert "h1.new" in page
    assert desk.post(f"/desk/errands/{errand.id}/apply").status_code == 200
    assert file.read_bytes() == after
    assert desk.post(f"/desk/errands/{errand.id}/apply").status_code == 409, "the file is another now"
    assert "h1.new" in office.store.audit.latest(1)[0].facts["difference"]


def test_the_api_says_the_same(api):
    source = api.office.config().sources[0].id
    rows = api("GET", "/api/v1/sources", role="reader").json()
    assert {one["id"] for one in rows} == {one.id for one in api.office.config().sources}
    assert api("POST", f"/api/v1/sources/{source}/pause", role="analyst", json={}).status_code == 403
    assert api("POST", f"/api/v1/sources/{source}/pause", role="operator", json={"reason": "why"}).status_code == 204
    about = api("GET", f"/api/v1/sources/{source}", role="reader").json()
    assert about["paused"]["reason"] == "why"
    assert sum(about["days"]) == about["articles"] > 0
    assert api("GET", f"/api/v1/sources/{source}/fetches?limit=3", role="reader").json()[0]["kind"] == "ok"
    assert api("GET", "/api/v1/errands/99999999999999999999", role="reader").status_code == 404
    status = api("GET", "/api/v1/status", role="reader").json()
    assert status["articles"] == 77
    assert {one["name"] for one in api("GET", "/api/v1/users", role="operator").json()} == {
        "reader",
        "analyst",
        "operator",
    }


def test_the_status_page_tells_a_wrong_sources_file(desk, office):
    office.config()
    office.settings.sources.write_text("sources: [", encoding="utf-8")
    page = desk.get("/desk/status")
    assert page.status_code == 200
    assert "the old one stays in force" in page.text


def test_alarms_are_a_feed_behind_the_login(desk, outside, office, source):
    office.store.alarms.settle(
        source, {"silence": {"last": "2026-11-10T09:00:00+00:00", "normal_hours": 30}}, office.now()
    )
    feed = desk.get("/desk/ops.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert "Silence" in feed.text
    outside.follow = False
    assert outside.get("/desk/ops.atom").status_code == 303
