"""What each feed does at each event of a story's life: one table, played against every feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import feedparser
import pytest

from tests.publish import validity
from tests.publish.press import GONE, HOME, Press

RU = ("https://bureau.example.com/news/1", "Порт открылся", "Новый морской порт открылся у реки. Его строили 12 лет.")
EN = (
    "https://bureau.example.com/en/news/1",
    "The port opened",
    "A new sea port has opened. It took 12 years to build.",
)
APART = ("https://bureau.example.com/en/news/7", "Quay news", "A quay welcomed its first vessel this week.")


@dataclass(frozen=True)
class Entry:
    published: str
    updated: str
    related: frozenset
    languages: tuple
    body: str


def snapshot(press: Press) -> dict[str, dict[str, Entry]]:
    """Every feed as its readers have it; the formats must say the same and break no rule."""
    found = {}
    for path in sorted(press.feeds.glob("*.json")):
        feed = path.stem
        items = press.items(feed)
        found[feed] = {
            one["id"]: Entry(
                one["date_published"], one["date_modified"],
                frozenset(x["url"] for x in one["_nevawire"]["links"] if x["rel"] == "related"),
                tuple(one["_nevawire"]["languages"]), one["content_html"],
            )
            for one in items
        }  # fmt: skip
        for ext, faults in (
            ("rss", validity.rss_faults),
            ("atom", validity.atom_faults),
            ("json", validity.json_faults),
        ):
            document = (press.feeds / f"{feed}.{ext}").read_bytes()
            assert faults(document, f"{HOME}{feed}.{ext}") == [], (feed, ext)
            if ext != "json":
                assert [one.id for one in feedparser.parse(document).entries] == [one["id"] for one in items]
    return found


def russian(press):
    press.arrive(*RU)


def english(press):
    press.arrive(*EN, other=RU[0])


def machine(press):
    press.translate(RU[0], "The port is open", "A new port opened near the river.")


def english_first(press):
    press.arrive(*EN)


def machine_russian(press):
    press.translate(EN[0], "Порт открыли", "У реки открыли новый порт.", "ru")


def replaced(press):
    press.arrive(*EN)
    press.replace_machine(EN[0])


def stranger(press):
    press.arrive(*APART)


def confirmed(press):
    press.verdict("confirm", press.ru, press.en)


def rejected(press):
    press.verdict("reject", press.ru, press.en)


def corrected(press):
    press.arrive(RU[0], RU[1], RU[2] + " Исправлено: 13 лет.")


def withdrawn(press):
    press.now += timedelta(minutes=1)
    press.store.removals.withdraw(press.store.removals.find(RU[0]), "по просьбе источника", press.now)


# What a feed may do; each takes the feed before and after, and its tombstones.
def nothing(before, after, gone):
    assert after == before
    assert gone == []


def new(before, after, gone):
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()
    assert gone == []


def linked(before, after, gone):
    kept(before, after, gone)
    assert all(before[one].related < after[one].related for one in after)


def unlinked(before, after, gone):
    kept(before, after, gone)
    assert all(before[one].related > after[one].related for one in after)


def kept(before, after, gone):
    assert after
    dates = {one: (entry.published, entry.updated) for one, entry in before.items()}
    assert {one: (entry.published, entry.updated) for one, entry in after.items()} == dates
    assert gone == []


def moved(before, after, gone):
    retold(before, after, gone)
    assert all(after[one].published == before[one].published for one in after)


def retold(before, after, gone):
    assert set(after) == set(before)
    assert all(after[one].updated > before[one].updated for one in after)
    assert [after[one].body for one in after] != [before[one].body for one in after]
    assert gone == []


def gains_english(before, after, gone):
    moved(before, after, gone)
    (entry,) = after.values()
    assert entry.languages == ("ru", "en")
    assert f'href="{RU[0]}"' in entry.body
    assert f'href="{EN[0]}"' in entry.body
    assert entry.body.count("<section lang=") == 2


def merged(before, after, gone):
    (older,) = after
    assert set(before) == {older, *gone}
    assert len(gone) == 1
    assert after[older].updated > before[older].updated
    assert after[older].languages == ("ru", "en")


def split(before, after, gone):
    (older,) = before
    assert len(after) == 2
    assert after[older].updated > before[older].updated
    assert sorted(entry.languages for entry in after.values()) == [("en",), ("ru",)]
    assert gone == []


def buried(before, after, gone):
    assert (len(before), after) == (1, {})
    assert gone == list(before)


def dropped(before, after, gone):
    assert (len(before), after) == (1, {})


def machine_entry(before, after, gone):
    (entry,) = after.values()
    assert entry.languages == ("en-t-ru-t0-und",)
    assert "Machine translation" in entry.body


def machine_russian_entry(before, after, gone):
    (entry,) = after.values()
    assert entry.languages == ("ru-t-en-t0-und",)
    assert "Машинный перевод" in entry.body


def both_with_machine_russian(before, after, gone):
    """The publisher's side leads, whatever the order of titles."""
    (entry,) = after.values()
    assert entry.languages == ("en", "ru-t-en-t0-und")


def both_with_machine(before, after, gone):
    (entry,) = after.values()
    assert entry.languages == ("ru", "en-t-ru-t0-und")


# event: what came before, the event, and what each feed does; feeds not named do nothing.
TABLE = {
    "RU arrives": ([], russian, {"ru": new, "all": new, "newsletter-ru": new}),
    "publisher's EN arrives later": ([russian], english, {
        "ru": linked, "en": new, "all": gains_english, "newsletter-ru": linked, "newsletter-en": new}),
    "machine EN made": ([russian], machine, {
        "en-mt": machine_entry, "all-mt": both_with_machine, "newsletter-en-mt": machine_entry}),
    "machine RU made": ([english_first], machine_russian, {
        "ru-mt": machine_russian_entry, "all-mt": both_with_machine_russian, "newsletter-ru-mt": machine_russian_entry}),
    "withdrawn with its machine text": ([russian, machine], withdrawn, {
        "ru": buried, "all": buried, "newsletter-ru": dropped, "en-mt": buried, "all-mt": buried, "newsletter-en-mt": dropped}),
    "publisher's EN replaces machine EN": ([russian, machine], replaced, {
        "ru": linked, "en": new, "all": gains_english, "en-mt": retold, "all-mt": gains_english,
        "newsletter-ru": linked, "newsletter-en": new, "newsletter-en-mt": kept}),
    "two published stories turn out to be one": ([russian, stranger], confirmed, {
        "ru": linked, "en": linked, "all": merged, "newsletter-ru": linked, "newsletter-en": linked}),
    "pair rejected at the desk": ([russian, english], rejected, {
        "ru": unlinked, "en": unlinked, "all": split, "newsletter-ru": unlinked, "newsletter-en": unlinked}),
    "source text corrected": ([russian], corrected, {"ru": moved, "all": moved, "newsletter-ru": kept}),
    "item withdrawn": ([russian], withdrawn, {"ru": buried, "all": buried, "newsletter-ru": dropped}),
    "one side withdrawn": ([russian, english], withdrawn, {
        "ru": buried, "en": unlinked, "all": retold, "newsletter-ru": dropped, "newsletter-en": unlinked}),
}  # fmt: skip
#: Bilingual feeds that hold the same story.
LIKE_ALL = ("kind-bureau", "source-bureau")


def play(press: Press, event) -> None:
    event(press)
    articles = {one.article.url: one.id for one in press.store.articles.each()}
    press.ru = articles.get(RU[0])
    press.en = articles.get(EN[0]) or articles.get(APART[0])
    result = press.go(hours=1, pair=event not in (machine, replaced))
    assert not result.refused


@pytest.mark.parametrize("event", TABLE)
def test_event(event, tmp_path):
    before_it, it, expected = TABLE[event]
    press = Press(tmp_path)
    press.go()
    for earlier in before_it:
        play(press, earlier)
    before = snapshot(press)

    play(press, it)

    after = snapshot(press)
    expected = expected | dict.fromkeys(LIKE_ALL, expected.get("all", nothing))
    assert set(expected) <= set(after)
    for feed in after:
        expected.get(feed, nothing)(before.get(feed, {}), after[feed], press.tombstones(feed))
    assert_aliases_lead_on(press)
    assert press.go().written == (), "and once is enough"
    press.close()


def assert_aliases_lead_on(press):
    """Whoever kept the id of a story that went into another finds it there: in the store, and said in the tombstone."""
    stories = {one.id: one for one in press.store.stories.each()}
    for deleted in press.atom("all").findall(GONE):
        into = [one.id for one in stories.values() if deleted.get("ref") in one.aliases]
        assert [f"merged into {one}" for one in into] or [deleted[0].text] == ["withdrawn"]
        assert deleted[0].text in {"withdrawn", *(f"merged into {one}" for one in into)}


def test_ids_of_machine_text_are_taken_over(tmp_path):
    press = Press(tmp_path)
    play(press, russian)
    play(press, machine)
    (before,) = press.ids("en-mt")
    assert press.ids("all-mt") == press.ids("all")

    play(press, replaced)

    assert press.ids("en") == press.ids("en-mt") == press.ids("newsletter-en") == [before]
    press.close()


def test_a_newsletter_is_dated_by_when_a_text_came_and_tells_the_source_s_date(tmp_path):
    press = Press(tmp_path)
    play(press, russian)
    (item,) = press.items("newsletter-ru")
    rss = feedparser.parse((press.feeds / "newsletter-ru.rss").read_bytes())

    assert item["date_published"] == item["date_modified"] == press.now.isoformat()
    assert item["_nevawire"]["date"]["created"] == "2026-05-20T12:00:00+03:00"
    assert rss.entries[0].published_parsed[:5] == press.now.timetuple()[:5]
    assert b"<dcterms:created>2026-05-20T12:00:00+03:00<" in (press.feeds / "newsletter-ru.rss").read_bytes()
    assert b"dcterms" not in (press.feeds / "ru.rss").read_bytes()
    press.close()
