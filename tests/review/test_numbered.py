"""A number that no row can have is not found, whichever database would have to be asked for it."""

from __future__ import annotations

import pytest

from pipeline.review import app, paging

#: The first that four bytes do not hold, and one that eight do not.
BEYOND = (2**31, 2**63, -(2**63))
PAGES = (
    "/selection/digests/{}", "/selection/digests/{}/preview", "/selection/digests/{}/html", "/captured/{}",
    "/captured/{}/source",
)  # fmt: skip


def calls(document, story):
    """Return every call of the API that has a number in its address, with a place for it."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            numbers = [
                one["name"] for one in operation.get("parameters", ())
                if one["in"] == "path" and one["schema"].get("type") == "integer" and one["name"] != "turn"
            ]  # fmt: skip
            for name in numbers:
                around = path.replace("{name}", story).replace("{form}", "txt")
                yield method.upper(), f"/api/v1{around.replace(f'{{{name}}}', '{}')}"


@pytest.fixture
def story(office):
    return next(iter(office.store.stories.each())).id


@pytest.mark.parametrize("number", BEYOND)
def test_no_call_of_the_api_finds_it(office, api, story, number):
    every = list(calls(app.api(office).openapi(), story))
    assert len(every) >= 8
    body = {"version": 1, "title": "x", "stories": []}
    answers = {
        (method, path): api(method, path.format(number), role="operator", json=body if method == "PUT" else None)
        for method, path in every
    }
    assert {key: one.status_code for key, one in answers.items()} == dict.fromkeys(every, 404)
    assert {one.headers["content-type"] for one in answers.values()} == {"application/problem+json"}


@pytest.mark.parametrize("number", BEYOND)
def test_no_page_and_no_form_finds_it(desk, story, number):
    for page in PAGES:
        assert desk.get(f"/desk{page.format(number)}").status_code == 404, page
    note = {"text": "A note", "number": str(number)}
    for form, given in {
        f"/selection/digests/{number}": {"version": "1"}, f"/errands/{number}/apply": {},
        f"/story/{story}/notes": note, f"/story/{story}/notes/off": note,
        "/bulk/undo": {"words": f"1-{str(abs(number))[:15]}"},
    }.items():  # fmt: skip
        assert desk.post(f"/desk{form}", given).status_code == 404, form


def test_the_last_that_a_row_can_have_is_looked_for(desk, api):
    assert desk.get(f"/desk/captured/{2**31 - 1}").status_code == 404
    assert api("GET", f"/api/v1/digests/{2**31 - 1}", role="reader").json()["detail"] == f"no digest {2**31 - 1}"
    assert api("GET", f"/api/v1/turns/{2**53}", role="reader").json()["done"] is False  # no row's: no database is asked


@pytest.mark.parametrize("number", BEYOND)
def test_no_list_goes_on_behind_it(api, number):
    answer = api("GET", f"/api/v1/audit?after={paging.cursor((number,))}", role="operator")
    assert answer.status_code == 422
