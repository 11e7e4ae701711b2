"""What happened to a story, in one order: nothing missing, nothing told twice, quiet requests told once."""

from __future__ import annotations

from datetime import timedelta

from pipeline import dossier, editing, timeline
from pipeline.model import Fetch
from tests.publish.press import START, Press, configured, source

RU = ("https://bureau.example.com/news/1", "Порт открылся", "Ледокол «Чайка» первым вошёл в порт. Его строили 12 лет.")
EN = ("https://bureau.example.com/en/news/1", "The port opened", "The icebreaker Chayka was the first to enter.")


def told(press):
    (story,) = press.store.stories.each()
    return timeline.events(dossier.read(press.store, story, press.now))


def test_a_life_of_a_story(tmp_path):
    press = Press(tmp_path, configured(source()))
    press.arrive(*RU)
    press.go()
    press.arrive(*EN, other=RU[0])
    press.go()
    (story,) = press.store.stories.each()
    press.store.marks.tag(story.id, "порт", "Анна", press.now)
    press.store.marks.untag(story.id, "порт", "Борис", press.now + timedelta(minutes=1))
    editing.edit(press.store, press.config, story.texts["ru"], "title", "В порт вошли", "Анна", press.now)
    press.arrive(RU[0], "Открытие порта отложено", RU[2])
    press.go()
    ru, en = (story.texts[one].lead.id for one in ("ru", "en"))
    press.verdict("confirm", ru, en)
    press.store.selections.move([story.id], "reviewed", "Вера", press.now)
    press.store.removals.withdraw([en], "asked to", press.now + timedelta(hours=1))
    events = told(press)
    assert [one.at for one in events] == sorted(one.at for one in events)
    assert events[0].at == START
    kinds = [one.kind for one in events]
    for kind, times in {
        "found": 2, "fetched": 3, "read": 2, "revised": 1, "tagged": 1, "untagged": 1, "edited": 1, "verdict": 1, "moved": 1, "withdrawn": 1,
    }.items():  # fmt: skip
        assert kinds.count(kind) == times, kind
    assert kinds.index("found") < kinds.index("fetched") < kinds.index("read") < kinds.index("shown")
    revised = next(one for one in events if one.kind == "revised")
    assert (revised.article, revised.facts["changed"], revised.facts["number"]) == (ru, ["title"], 2)
    verdict = next(one for one in events if one.kind == "verdict")
    assert (verdict.who, verdict.facts["verdict"], verdict.facts["title"]) == ("Анна", "confirm", EN[1])
    shown = [one.facts["where"] for one in events if one.kind == "shown" and one.facts["entry"] == story.id]
    assert shown == [["all", "kind-bureau", "source-bureau"]]
    fetched = [one for one in events if one.kind == "fetched"]
    assert all(one.facts["capture"] and len(one.facts["digest"]) == 64 for one in fetched)
    press.close()


def test_requests_that_found_nothing_new_are_told_once(tmp_path):
    press = Press(tmp_path, configured(source()))
    press.arrive(*RU)
    press.go()
    own = press.config.sources[0]
    for hour, kind in enumerate(["not-modified", "same-digest", "not-modified", "status-500", "not-modified"], start=1):
        (due,) = press.store.collected.recheckable(own, START - timedelta(days=1))
        at = press.now + timedelta(hours=hour)
        press.store.collected.record_fetch("r", own, due, Fetch(own.id, RU[0], kind, at), at)
    events = [one for one in told(press) if one.kind in ("unchanged", "failed")]
    assert [(one.kind, one.facts.get("times"), one.facts.get("why")) for one in events] == [
        ("unchanged", 3, None),
        ("failed", None, "status-500"),
        ("unchanged", 1, None),
    ]
    assert events[0].facts["since"] == (press.now + timedelta(hours=1)).isoformat()
    press.close()
