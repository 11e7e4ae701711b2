"""What tests of the desk stand on. How to use it:

    def test_x(desk): …              a browser without scripts on this machine, no login: an operator
    def test_x(outside): …           the same from elsewhere: outside.log_in("reader" | "analyst" | "operator")
    def test_x(office): …            the office behind both; office.store is a store of the test's own,
                                     filled with the 77 articles of the sample sites, paired and published
    def test_x(api): …               api("GET", "/api/v1/me", role="analyst") → httpx.Response
    def test_x(live, browser): …     long: a real server on loopback at live.url, and a real Chromium:
                                     page = browser.new_page(); page.goto(live.url + "/desk/")

Every test gets a copy of one installation, which is built once a session (some seconds).
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipeline.review import app, passwords
from pipeline.store import Store
from tests import databases
from tests.publish.browser import chromium
from tests.review import building
from tests.web.servers import serving


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of an installation that nobody may change."""
    folder = tmp_path_factory.mktemp("desk")
    building.build(folder)
    return folder


@pytest.fixture
def folder(built, tmp_path):
    """The folder of an installation of the test's own."""
    return databases.copied(built, tmp_path / "installation")


@pytest.fixture
def office(folder):
    room = building.opened(folder)
    yield room
    room.close()
    room.store.close()


@pytest.fixture
def desk(office):
    return building.Desk(building.served(office))


@pytest.fixture
def outside(office):
    """A browser that comes through a proxy."""
    return building.Desk(
        building.served(office), "https://news.example.org", {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}
    )  # fmt: skip


@pytest.fixture
def api(office):
    """Call the API with the token of a role; without one, as a stranger."""
    made = building.served(office)

    def call(method, path, role="", **more):
        headers = dict(more.pop("headers", {}))
        if role:
            token = f"token of {role}"
            office.store.users.add_token(role, "test", passwords.digest(token), building.NOW)
            headers["authorization"] = f"Bearer {token}"
        return building.run(made, method, f"https://news.example.org{path}", headers=headers, **more)

    call.office = office
    return call


@dataclass
class Live:
    url: str
    store: Store


@pytest.fixture
def live(office, folder):
    with serving(folder / "feeds", [app.part(office)]) as port:
        yield Live(f"http://127.0.0.1:{port}", office.store)


@pytest.fixture(scope="module")
def browser():
    """A Chromium a module: Playwright's loop runs for as long, and other modules have loops of their own."""
    with chromium() as made:
        yield made
