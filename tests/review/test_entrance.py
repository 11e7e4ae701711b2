"""Who gets in: nobody but those who may, by any door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import Request

from pipeline.review import passwords, people
from pipeline.review.throttle import Throttle
from pipeline.review.visit import Visit
from tests import databases
from tests.review import building
from tests.review.building import NOW, PASSWORD, Desk

LOCAL = [
    "localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8080", "LOCALHOST:1",
]  # fmt: skip
ELSEWHERE = [
    "news.example.org", "localhost.example.org", "localhost:8080.example.org", "127.0.0.1.example.org", "127.0.0.2",
    "", "localhost:", "localhost:8080:1", "::1", "[::1", "0.0.0.0", "localhost ", "xlocalhost", "localhost\n",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_this_machine_needs_no_login(host):
    assert people.needs_no_login(loopback=True, hosts=[host], names=["host", "accept"])


@pytest.mark.parametrize("host", ELSEWHERE)
def test_another_host_name_needs_one(host):
    assert not people.needs_no_login(loopback=True, hosts=[host], names=["host"])


@pytest.mark.parametrize(
    "name", ["Forwarded", "forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "Via", "X-Real-IP"]
)
def test_a_proxy_needs_one(name):
    assert not people.needs_no_login(loopback=True, hosts=["localhost"], names=["host", name])


def test_a_server_that_listens_elsewhere_needs_one_and_so_do_two_hosts():
    assert not people.needs_no_login(loopback=False, hosts=["localhost"], names=["host"])
    assert not people.needs_no_login(loopback=True, hosts=["localhost", "localhost"], names=["host"])
    assert not people.needs_no_login(loopback=True, hosts=[], names=[])
    assert not people.needs_no_login(loopback=True, hosts=["localhost"], names=[], version="1.0")


def test_at_this_machine_one_is_an_operator(desk):
    assert desk.get("/desk/audit").status_code == 200


def test_a_stranger_is_sent_to_the_form_and_back(outside):
    outside.follow = False
    answer = outside.get("/desk/audit?after=")
    assert answer.headers["location"] == "/desk/login?next=%2Fdesk%2Faudit%3Fafter%3D"
    answer = outside.post("/desk/login", {"name": "operator", "password": PASSWORD, "next": "/desk/audit?after="})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/audit?after=")
    assert outside.get("/desk/audit").status_code == 200


@pytest.mark.parametrize(
    ("where", "there"),
    [("/desk/items?q=1", "/items?q=1"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("/deskx", "/"),
     ("/desk/\\evil", "/"), ("javascript:x", "/"), ("/feeds", "/"), ("/desk/\nx", "/"), ("", "/")],
)  # fmt: skip
def test_the_form_leads_nowhere_else(where, there):
    visit = Visit(Request({"type": "http", "root_path": "/desk", "headers": []}), None, people.STRANGER)
    assert visit.inner(where) == there


def test_without_users_the_desk_tells_the_remedy(outside, office):
    for user in office.store.users.every():
        office.store.users.remove(user.name)
    answer = outside.get("/desk/")
    assert answer.status_code == 403
    assert "nevawire users add" in answer.text


def test_the_session_cookie(outside):
    outside.follow = False
    answer = outside.post("/desk/login", {"name": "reader", "password": PASSWORD})
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("nevawire_session=")]
    assert {part.strip().lower() for part in cookie.split(";")[1:]} >= {
        "httponly",
        "secure",
        "samesite=lax",
        "path=/desk",
    }


def test_of_a_session_only_a_digest_is_kept(outside, office, folder):
    token = outside.log_in("reader").cookies["nevawire_session"]
    office.store._engine.dispose()
    assert token.encode() not in databases.held(folder / "store")


def test_a_session_runs_out(outside, folder):
    outside.log_in("operator")
    room = building.opened(folder)
    later = building.office.Office(
        building.settings(folder, NOW + timedelta(days=15)), room.store, room.config, room.press, loopback=True,
        local_name="ada", legwork=room.legwork,
    )  # fmt: skip
    outside.app, outside.follow = building.served(later), False
    assert outside.get("/desk/audit").headers["location"].startswith("/desk/login")
    room.store.close()


def test_logging_out_ends_the_session(outside):
    token = outside.log_in("operator").cookies["nevawire_session"]
    outside.post("/desk/logout")
    outside.cookies["nevawire_session"], outside.follow = token, False
    assert outside.get("/desk/audit").status_code == 303


def test_a_new_password_ends_every_session_and_token(outside, office, api):
    outside.log_in("operator")
    assert api("GET", "/api/v1/me", role="operator").status_code == 200
    office.store.users.set_password("operator", "x", NOW)
    outside.follow = False
    assert outside.get("/desk/audit").status_code == 303
    assert office.store.users.tokens("operator") == ()


def test_roles(outside, office):
    assert outside.log_in("analyst").get("/desk/audit").status_code == 403
    office.store.users.set_role("analyst", "operator", NOW)
    assert outside.get("/desk/audit").status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_told_alike(outside):
    wrong = outside.post("/desk/login", {"name": "reader", "password": "x"})
    unknown = outside.post("/desk/login", {"name": "nobody", "password": "x"})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace("reader", "nobody") == unknown.text


def test_guessing_is_slowed_down(outside):
    codes = [outside.post("/desk/login", {"name": "reader", "password": f"guess {n}"}).status_code for n in range(7)]
    assert codes == [401] * 5 + [429] * 2
    assert outside.post("/desk/login", {"name": "reader", "password": PASSWORD}).status_code == 429
    assert int(outside.post("/desk/login", {"name": "reader"}).headers["retry-after"]) > 0


def test_a_form_without_its_token_changes_nothing(desk):
    for token in ("", "0" * 64, "ы"):
        answer = desk.post("/desk/language", {"csrf": token, "language": "ru"})
        assert answer.status_code == 403
    assert "nevawire_language" not in desk.cookies


def test_the_token_of_another_browser_does_not_do(desk):
    other = Desk(desk.app).csrf()
    assert desk.post("/desk/language", {"csrf": other, "language": "ru"}).status_code == 403


def test_a_form_of_another_site_changes_nothing(desk):
    assert desk.post("/desk/language", {"language": "ru"}, origin="https://evil.example").status_code == 403
    assert desk.post("/desk/language", {"language": "ru"}, origin="null").status_code == 403
    assert desk.post("/desk/language", {"language": "ru"}, origin="http://localhost:8080").status_code == 200


def test_every_answer_forbids_what_we_do_not_use(desk, outside, api):
    for answer in (
        desk.get("/desk/audit"),
        outside.get("/desk/nowhere"),
        api("GET", "/api/v1/me"),
        outside.get("/desk/login"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_who_did_what_is_kept(outside, office):
    outside.log_in("analyst").post("/desk/logout")
    assert [(one.who, one.what) for one in office.store.audit.latest(5)] == [
        ("analyst", "logout"),
        ("analyst", "login"),
    ]


def test_the_api_takes_tokens_only(outside, api):
    outside.log_in("operator")
    assert outside.get("/api/v1/me").status_code == 401
    assert api("GET", "/api/v1/me").status_code == 401
    assert api("GET", "/api/v1/me", headers={"authorization": "Bearer x"}).status_code == 401
    assert api("GET", "/api/v1/me", role="analyst").json() == {"name": "analyst", "role": "analyst"}


def test_errors_of_the_api_are_problems(api):
    for path, role, status in (("/api/v1/me", "", 401), ("/api/v1/audit", "analyst", 403), ("/api/v1/no", "reader", 404),
                               ("/api/v1/audit?limit=x", "operator", 422), ("/api/v1/audit?after=x", "operator", 422)):  # fmt: skip
        answer = api("GET", path, role=role)
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_api_is_not_asked_too_often(api):
    codes = [api("GET", "/api/v1/me", role="reader").status_code for _ in range(4)]
    assert codes == [200] * 4
    for _ in range(496):
        api.office.calls.take(passwords.digest("token of reader"))
    answer = api("GET", "/api/v1/me", role="reader")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert api("GET", "/api/v1/me", role="analyst").status_code == 200


def test_a_bucket_fills_again():
    now = [0.0]
    bucket = Throttle(2, 60, clock=lambda: now[0])
    assert [bucket.take("a"), bucket.take("a"), bucket.take("b")] == [0, 0, 0]
    assert (bucket.take("a"), bucket.wait("a"), bucket.wait("b")) == (1.0, 1.0, 0)
    now[0] = 1.0
    assert (bucket.take("a"), bucket.take("a")) == (0, 1.0)
    bucket.forget("a")
    assert bucket.take("a") == 0
