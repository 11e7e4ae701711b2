"""What holds for every call of the API: tokens, pages of lists, how often, and what errors look like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.review import app, passwords
from pipeline.review.throttle import Throttle
from tests.review import building


@pytest.fixture
def document(office):
    return app.api(office).openapi()


def lists(document):
    """Return the calls that are paged, each with the most rows it gives at once."""
    for path, item in document["paths"].items():
        named = {one["name"]: one for one in item.get("get", {}).get("parameters", [])}
        if {"after", "limit"} <= set(named) and "{" not in path:
            yield path, named["limit"]["schema"]["maximum"]


def test_every_call_needs_a_token_and_says_so(api, document):
    for path, item in document["paths"].items():
        for method in item:
            answer = api(method.upper(), "/api/v1" + path.replace("{", "").replace("}", ""))
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"


def test_readers_change_nothing_by_any_call(api, document):
    changes = [(method, path) for path, item in document["paths"].items() for method in item if method != "get"]
    assert len(changes) > 8
    for method, path in changes:
        answer = api(method.upper(), "/api/v1" + path.replace("{", "").replace("}", ""), role="reader")
        assert answer.status_code == 403, (method, path)


def test_every_list_goes_on_where_it_stopped_and_refuses_what_is_no_place(api, document):
    paged = list(lists(document))
    assert len(paged) >= 3
    for path, most in paged:
        whole = api("GET", f"/api/v1{path}?limit={most}", role="operator").json()["items"]
        first = api("GET", f"/api/v1{path}?limit=1", role="operator").json()
        assert first["items"] == whole[:1], path
        assert (first["next"] is not None) is (len(whole) > 1), path
        if first["next"]:
            second = api("GET", f"/api/v1{path}?limit=1&after={first['next']}", role="operator").json()
            assert second["items"] == whole[1:2], path
        for wrong in ("x", "W10", "bnVsbA", "WzEsMiwzLDQsNSw2XQ"):
            assert api("GET", f"/api/v1{path}?after={wrong}", role="operator").status_code == 422, (path, wrong)
        assert api("GET", f"/api/v1{path}?limit=0", role="operator").status_code == 422
        assert api("GET", f"/api/v1{path}?limit={most + 1}", role="operator").status_code == 422


def test_who_calls_too_often_is_told_how_long_to_wait(office):
    office.store.users.add_token("reader", "test", passwords.digest("one"), building.NOW)
    office.store.users.add_token("analyst", "test", passwords.digest("two"), building.NOW)
    served = building.served(replace(office, calls=Throttle(3, 1, clock=lambda: 0.0)))

    def call(token):
        headers = {"authorization": f"Bearer {token}"}
        return building.run(served, "GET", "https://news.example.org/api/v1/me", headers=headers)

    assert [call("one").status_code for _ in range(4)] == [200, 200, 200, 429]
    told = call("one")
    assert int(told.headers["retry-after"]) > 0
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["status"] == 429
    assert call("two").status_code == 200, "another token is not held up by it"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/", "/api/v1/pairs/%0a/x%0ay", "/api/v1/sources/%00"])
def test_what_is_not_there_is_a_problem(api, path):
    answer = api("GET", path, role="reader")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
