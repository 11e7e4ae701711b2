"""The operator's feed: valid Atom, an entry an alarm, changed when its state does and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from pipeline import alarm
from pipeline.model import Alarm, Config, Listing, Notify, Publisher, PublishRules, Source
from tests.publish import validity

ADDRESS = "https://desk.example/ops.atom"
SINCE = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SOURCE = Source("bureau", {"ru": "Бюро <&>", "en": "Bureau"}, "bureau", (Listing("https://bureau.example/news/"),))
CONFIG = Config(Publisher({"ru": "Вести", "en": "News"}, "https://news.example/feeds/", ""), PublishRules(), (SOURCE,))
SILENCE = Alarm(1, "bureau", "silence", SINCE, {"last": "2026-03-01T06:00:00+00:00", "normal_hours": 50.0})
EVERY = (
    SILENCE,
    Alarm(
        2, "bureau", "drift", SINCE, {"causes": [{"cause": "links", "how": "gone", "listing": "https://b.example/"}]}
    ),
    Alarm(3, "bureau", "paused", SINCE, {"failures": 12}),
    Alarm(4, "gone-source", "failing", SINCE, {"failures": 3, "kind": "dns", "url": "https://x.example/\x0b"}),
    Alarm(5, "", "publish", SINCE, {"refused": {"ru.rss": "no entries, had 50"}}),
    replace(SILENCE, id=6, since=SINCE - timedelta(days=9), closed=SINCE),
)


def entries(document: bytes) -> list[dict[str, str]]:
    found = etree.fromstring(document).findall("{http://www.w3.org/2005/Atom}entry")
    return [{child.tag.partition("}")[2]: child.text or "" for child in one} for one in found]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_is_valid_atom(language: str) -> None:
    config = replace(CONFIG, notify=Notify(language))
    for alarms in (EVERY, ()):
        faults = validity.atom_faults(alarm.atom(alarms, config, ADDRESS), ADDRESS)
        assert [one for one in faults if not one.startswith("source without")] == []
    assert len(entries(alarm.atom(EVERY, config, ADDRESS))) == len(EVERY)


def test_it_says_what_is_wrong_and_where() -> None:
    first = entries(alarm.atom((SILENCE,), CONFIG, ADDRESS))[0]
    assert first["title"].startswith("Silence: Bureau — nothing new since 1 March 2026")
    assert "https://bureau.example/news/" in first["content"]
    russian = entries(alarm.atom((SILENCE,), replace(CONFIG, notify=Notify("ru")), ADDRESS))[0]
    assert russian["title"].startswith("Тишина: Бюро <&> — ничего нового с 1 марта 2026")


def test_an_entry_keeps_its_id_and_moves_when_its_state_changes() -> None:
    before = entries(alarm.atom((SILENCE,), CONFIG, ADDRESS))[0]
    over = entries(alarm.atom((replace(SILENCE, id=77, closed=SINCE + timedelta(days=2)),), CONFIG, ADDRESS))[0]
    assert before["id"] == over["id"]
    assert before["published"] == over["published"] == SINCE.isoformat()
    assert (before["updated"][:10], over["updated"][:10]) == ("2026-03-12", "2026-03-14")
    assert "again" in over["title"]


def test_the_same_alarms_give_the_same_bytes_in_whatever_order() -> None:
    assert alarm.atom(EVERY, CONFIG, ADDRESS) == alarm.atom(EVERY[::-1], CONFIG, ADDRESS)
    assert b"2000-01-01" in alarm.atom((), CONFIG, ADDRESS)
