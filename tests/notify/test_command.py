"""The whole way: a pass finds that a source's pages changed, says so, tells it once, and tells when it is over."""

from __future__ import annotations

import json
import re

import pytest

from tests.end_to_end.conftest import NOW, Installation

pytestmark = pytest.mark.long

LATER = "2026-11-20T18:30:00+03:00"
NEXT_DAY, DAY_AFTER = "2026-11-21T12:30:00+03:00", "2026-11-21T13:30:00+03:00"


@pytest.fixture
def installation(tmp_path, sites, hook, monkeypatch):
    made = Installation(tmp_path, sites)
    notify = f"notify:\n  webhook: {{url: 'http://127.0.0.1:{hook.server_port}/hook', secret_env: HOOK_SECRET}}\n"
    made.command("check")
    (tmp_path / "sources.yaml").write_text(sites.sources_yaml() + notify, encoding="utf-8")
    monkeypatch.setenv("HOOK_SECRET", "secret")
    return made


def change(installation, old, new):
    file = installation.folder / "sources.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def touch(installation, word, site="bureau"):
    """Change two pages, so that asking for corrections reads them again, and the listing they stand on."""
    sites = installation.sites
    for article in [each for each in sites.articles(site) if each.language == "ru"][:2]:
        path = sites.url(article).removeprefix(sites.addresses[site])
        sites.edit(site, path, title=f"{article.title} ({word})")


def changes(hook):
    return [(one["state"], one["kind"], one["source"]) for _, body in hook.taken for one in json.loads(body)["changes"]]


def test_drift_from_the_pass_that_finds_it_to_its_end(installation, hook):
    assert installation.run("--source", "bureau", now=NOW)["alarms"] == []
    change(installation, '"div.column-15"', '"div.column-12"')
    touch(installation, "дополнено")
    found = installation.run("--source", "bureau", now=LATER, expect=3)
    assert found["sources"]["bureau"]["failure"]["kind"] == "drift"
    assert len(found["alarms"]) == 1
    assert re.search(r"the rule in sources.yaml matched nothing on (\d) of \1 new pages", found["alarms"][0])
    assert changes(hook) == [("open", "drift", "bureau")]
    status = json.loads(installation.call("status", "--json", now=LATER).stdout)
    assert [(one["kind"], one["state"], one["text"]) for one in status["alarms"]] == [
        ("drift", "open", found["alarms"][0])
    ]
    assert "Pages changed: bureau" in installation.call("status", now=LATER).stdout

    assert installation.run("--source", "bureau", now="2026-11-20T19:30:00+03:00")["alarms"] == [], (
        "it lasts, and is not told again"
    )
    change(installation, '"div.column-12"', '"div.column-15"')
    touch(installation, "исправлено")
    over = installation.run("--source", "bureau", now=NEXT_DAY)
    assert over["alarms"] == ["Pages changed: bureau — its pages can be read again"]
    assert installation.run("--source", "bureau", now=DAY_AFTER)["alarms"] == []
    assert changes(hook) == [("open", "drift", "bureau"), ("closed", "drift", "bureau")]
    assert "drift" not in "".join(path.read_text("utf-8") for path in installation.feeds.glob("*.rss"))


def test_a_listing_whose_links_are_gone_and_a_source_that_fails(installation, hook):
    installation.run(now=NOW)
    change(installation, '"div.post h2 a"', '"div.entry h2 a"')
    installation.sites.break_site("instruments", how="down")
    hours = [f"2026-11-20T{hour}:00:00+03:00" for hour in (14, 15, 16)]
    alarms = [installation.run("--source", "instruments", now=now, expect=3)["alarms"] for now in hours]
    assert [len(each) for each in alarms] == [0, 0, 1]
    assert alarms[2][0].startswith("Failing: instruments — 3 failures in a row")
    assert changes(hook) == [("open", "failing", "instruments")]
    touch(installation, "дополнено", "cluster-blog")
    lost = installation.run("--source", "cluster-blog", now=LATER, expect=3)
    assert lost["sources"]["cluster-blog"]["failure"]["kind"] == "no-links"
    assert re.search("Pages changed: cluster-blog — .* shows no link to an article", lost["alarms"][0])
    installation.sites.mend("instruments")
    change(installation, '"div.entry h2 a"', '"div.post h2 a"')
    installation.run(now=NEXT_DAY)
    assert sorted(changes(hook)[2:]) == [("closed", "drift", "cluster-blog"), ("closed", "failing", "instruments")]


def test_notify_test_says_how_it_went(installation, hook):
    assert installation.call("notify", "test").stdout == "webhook: taken\n"
    assert json.loads(hook.taken[0][1])["type"] == "test"
    hook.status = 410
    done = installation.call("notify", "test", expect=1)
    assert "webhook: failed" in done.stdout
    assert "status 410" in done.stdout
    assert json.loads(installation.call("notify", "test", "--json", expect=1).stdout)["webhook"]["taken"] is False


def test_notify_test_without_anybody_to_tell(tmp_path, sites):
    done = Installation(tmp_path, sites).call("notify", "test", expect=2)
    assert "write `webhook` or `smtp` under `notify`" in done.stderr


def test_a_webhook_that_fails_changes_nothing_else_and_hears_of_it_later(installation, hook):
    installation.run("--source", "bureau", now=NOW)
    hook.status = 500
    change(installation, '"div.column-15"', '"div.column-12"')
    touch(installation, "дополнено")
    installation.run("--source", "bureau", now=LATER, expect=3)
    installation.run("--source", "bureau", now="2026-11-20T19:30:00+03:00")
    hook.status = 200
    installation.run("--source", "bureau", now="2026-11-20T20:30:00+03:00")
    installation.run("--source", "bureau", now="2026-11-20T21:30:00+03:00")
    assert changes(hook) == [("open", "drift", "bureau")] * 3
    assert len({headers["webhook-id"] for headers, _ in hook.taken}) == 1
