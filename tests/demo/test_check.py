"""The demo's own checks: silent on a perfect run, and each kind of fault is told."""

from __future__ import annotations

from copy import deepcopy

import pytest

from demo import check
from demo.gold import gold

ADDRESSES = {
    "bureau": "http://127.0.0.1:1",
    "cluster-blog": "http://127.0.0.1:2",
    "instruments": "http://127.0.0.1:3",
    "science-park": "http://127.0.0.1:4",
}
GOLD = gold()
HELD = next(article["at"] for article in GOLD["articles"] if article["held"])


def url(at):
    site, _, path = at.partition(":")
    return ADDRESSES[site] + path


def perfect_articles(expected):
    return [
        {
            "url": url(at),
            "language": article["language"],
            "title": article["title"],
            "published": f"{article['date'] or '2026-11-20'}T09:00:00+03:00",
            "published_evidence": article["evidence"],
        }
        for at, article in expected.articles.items()
    ]


def side(places):
    if not places:
        return None
    told = [{"id": at, "url": url(at)} for at in places]
    return {**told[0], "articles": told}


def perfect_stories(expected):
    return [
        {"id": f"urn:{story['story']}", "ru": side(story["ru"]), "en": side(story["en"])} for story in expected.stories
    ]


@pytest.mark.parametrize("released", [(), (HELD,)])
def test_a_perfect_run_has_no_complaint(released):
    expected = check.expected(GOLD, released)
    assert check.articles(perfect_articles(expected), expected, ADDRESSES) == []
    assert check.stories(perfect_stories(expected), expected, ADDRESSES) == []
    assert (HELD in expected.articles) == bool(released)
    assert check.found_pairs(perfect_stories(expected), expected, ADDRESSES) == {
        "declared": len(expected.pairs("declared")),
        "undeclared": len(expected.pairs("undeclared")),
    }


def test_the_held_article_is_no_pair_until_released():
    count = [len(check.expected(GOLD, released).pairs("declared")) for released in ((), (HELD,))]
    assert count[1] == count[0] + 1


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lambda rows: rows.pop(), "not found: "),
        (
            lambda rows: rows.append({**rows[0], "url": url("bureau:/about/")}),
            "no article of the sites: bureau:/about/",
        ),
        (lambda rows: rows.append(rows[0]), "1 articles are there twice"),
        (lambda rows: rows[0].update(language="en"), "language is 'en', should be 'ru'"),
        (lambda rows: rows[0].update(title="Новости"), "title is 'Новости'"),
        (lambda rows: rows[0].update(published="2009-01-01T00:00:00+03:00"), "date is '2009-01-01'"),
        (lambda rows: rows[0].update(published_evidence="url"), "evidence of the date is 'url', should be 'rule'"),
    ],
)
def test_a_fault_in_the_articles_is_told(harm, complaint):
    expected = check.expected(GOLD)
    rows = sorted(perfect_articles(expected), key=lambda row: row["language"] != "ru")
    harm(rows)
    told = check.articles(rows, expected, ADDRESSES)
    assert len(told) == 1
    assert complaint in told[0]


def story_with(rows, at):
    return next(
        row
        for row in rows
        if any(row[name] and url(at) in {each["url"] for each in row[name]["articles"]} for name in ("ru", "en"))
    )


def split(rows, at):
    row = story_with(rows, at)
    rows.remove(row)
    rows.extend(({**row, "ru": None}, {**row, "en": None}))


def test_a_declared_pair_left_apart_is_told():
    expected = check.expected(GOLD)
    rows = perfect_stories(expected)
    split(rows, "bureau:/news/1364/")
    assert check.stories(rows, expected, ADDRESSES) == ["declared pair not found: hydrology-2028"]


def test_undeclared_pairs_may_be_missed_now_and_then():
    expected = check.expected(GOLD)
    rows = perfect_stories(expected)
    pairs = [story for story in expected.pairs("undeclared") if len(story["ru"]) == 1]
    for story in pairs[:2]:
        split(rows, story["ru"][0])
    assert check.stories(rows, expected, ADDRESSES) == []
    split(rows, pairs[2]["ru"][0])
    assert check.stories(rows, expected, ADDRESSES)[0].startswith("3 of 12 undeclared pairs not found")


@pytest.mark.parametrize("decoy", GOLD["decoys"], ids=lambda decoy: decoy["why"])
def test_each_decoy_taken_is_told_with_its_reason(decoy):
    expected = check.expected(GOLD)
    rows = perfect_stories(expected)
    first, second = (deepcopy(story_with(rows, at)) for at in decoy["articles"])
    rows.append({"id": "x", "ru": first["ru"], "en": second["en"] or second["ru"]})
    told = check.stories(rows, expected, ADDRESSES)
    assert len(told) == 1
    assert told[0].startswith("joined, though not one story")
    assert decoy["why"] in told[0]


def test_a_reprint_left_alone_is_told():
    expected = check.expected(GOLD)
    rows = perfect_stories(expected)
    row = next(row for row in rows if row["en"] and len(row["en"]["articles"]) > 1)
    rows.append({"id": "y", "ru": None, "en": side([check.place(row["en"]["articles"].pop()["url"], ADDRESSES)])})
    assert [told.partition(":")[0] for told in check.stories(rows, expected, ADDRESSES)] == [
        "the same text on two sites not told as one"
    ]


def test_late_translation():
    russian = "bureau:/news/1431/"
    before, after = (perfect_stories(check.expected(GOLD, released)) for released in ((), (HELD,)))
    assert check.late(before, after, russian, ADDRESSES) == []
    apart = deepcopy(after)
    split(apart, russian)
    assert check.late(before, apart, russian, ADDRESSES) == [
        "the story has not got both languages",
        "there were 45 stories, now there are 46",
    ]
    story_with(after, russian)["id"] = "urn:other"
    assert check.late(before, after, russian, ADDRESSES) == [
        "the story's id changed from urn:congress-grants to urn:other"
    ]
    assert check.late([], after, russian, ADDRESSES) == [f"{russian} stands in 0 stories before and 1 after"]


ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><title>Новости</title>
<updated>2026-11-20T09:00:00Z</updated>{}</feed>"""
ENTRY = "<entry><id>urn:{0}</id><title>Новость {0}</title><updated>2026-11-20T09:00:00Z</updated></entry>"


@pytest.fixture
def folder(tmp_path):
    for name, count in (("all", 3), ("ru", 2), ("en", 2)):
        for form in ("atom", "rss"):  # feedparser tells a feed's form by its content
            (tmp_path / f"{name}.{form}").write_text(
                ATOM.format("".join(ENTRY.format(n) for n in range(count))), "utf-8"
            )
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("ru.atom", ATOM.format(ENTRY.format(0)), "ru.atom: 1 entries, should be 2"),
        ("en.rss", ATOM.format(ENTRY.format(0) * 2), "en.rss: 2 entries, 1 ids"),
        (
            "all.atom",
            ATOM.format(ENTRY.format(0) + ENTRY.format(1) + ENTRY.format(2)).replace("</feed>", ""),
            "all.atom: ",
        ),
        ("kind-bureau.rss", ATOM.format(""), "kind-bureau.rss: 0 entries, 0 ids"),
    ],
)
def test_a_fault_in_a_feed_is_told(folder, name, content, complaint):
    assert check.feeds(folder, 3, {"ru": 2, "en": 2}) == []
    (folder / name).write_text(content, "utf-8")
    told = check.feeds(folder, 3, {"ru": 2, "en": 2})
    assert [each for each in told if each.startswith(complaint)] == told
    assert told


def test_a_feed_that_is_not_there_is_told(folder):
    (folder / "all.rss").unlink()
    assert check.feeds(folder, 3, {"ru": 2, "en": 2}) == ["no feed all.rss"]
