"""Drift, shrink and failing: told in the pass that finds them, kept while they last, over when they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alarm import Trouble, Visit, judge
from pipeline.model import Alarm, Listing, ListingVisit, PageRead, Rule, Source, SourceRecord

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEWS, EVENTS = "https://site.test/news/", "https://site.test/events/"
PLAIN = Source(id="bureau", name={"ru": "Бюро"}, kind="bureau", listings=(Listing(NEWS), Listing(EVENTS)))
RULED = replace(PLAIN, rules=(Rule(text="div.text"),))
HIT, MISS = "rule 1", "trafilatura; rule 1 matched nothing"
VISIT = Visit(NOW, NOW)


def reads(*made, before=timedelta(days=1), length=1500):
    """Pages read one an hour, the last of them `before` this pass."""
    start = NOW - before - timedelta(hours=len(made))
    return tuple(PageRead(start + timedelta(hours=number), how, length) for number, how in enumerate(made))


def fresh(*made, length=1500):
    return tuple(PageRead(NOW, how, length) for how in made)


def causes(source, pages, visit=VISIT, **more):
    said = judge(source, SourceRecord("bureau", reads=pages, **more), visit)["drift"]
    return [cause["cause"] for cause in said["causes"]] if said else []


def drifting(*open_causes, since=NOW - timedelta(hours=2)):
    return {"drift": Alarm(1, "bureau", "drift", since, {"causes": list(open_causes)})}


def test_one_page_tells_that_a_rule_which_always_matched_does_not():
    assert causes(RULED, reads(*[HIT] * 25) + fresh(HIT)) == []
    assert causes(RULED, reads(*[HIT] * 25) + fresh(MISS)) == ["rule"]
    assert causes(PLAIN, reads(*[HIT] * 25) + fresh(MISS)) == [], "a source without rules has none to miss"


@pytest.mark.parametrize(
    ("earlier", "newest", "told"),
    [
        ([HIT] * 5, [MISS], False),  # too little is known to believe one page
        ([HIT] * 5, [MISS] * 2, True),
        ([HIT, HIT, MISS] * 10, [MISS] * 2, False),  # a third of its pages look otherwise
        ([HIT, HIT, MISS] * 10, [MISS] * 6, True),
        ([MISS] * 30, [MISS] * 10, False),  # it never matched: a wrong rule, but no change
        ([HIT] * 40, [HIT, HIT, HIT, MISS], False),
        ([HIT] * 40 + [MISS] * 2, [MISS], True),  # the third in a row
    ],
)
def test_misses_count_by_what_is_usual(earlier, newest, told):
    assert causes(RULED, reads(*earlier) + fresh(*newest)) == (["rule"] if told else [])


def test_a_rule_alarm_lasts_until_the_rule_matches_again():
    before = drifting({"cause": "rule", "missed": 1, "of": 1})
    earlier = (*reads(*[HIT] * 25), PageRead(NOW - timedelta(hours=2), MISS, 1500))
    assert causes(RULED, earlier, open=before) == ["rule"], "nothing was read: nothing is known"
    assert causes(RULED, earlier + fresh(MISS), open=before) == ["rule"]
    assert causes(RULED, earlier + fresh(HIT), open=before) == []


def test_misses_do_not_become_usual_while_they_last():
    before = drifting({"cause": "rule", "missed": 1, "of": 1}, since=NOW - timedelta(days=30))
    earlier = reads(*[HIT] * 25, before=timedelta(days=31)) + reads(*[MISS] * 50)
    assert causes(RULED, earlier + fresh(MISS), open=before) == ["rule"]


def test_texts_that_are_suddenly_short():
    assert causes(PLAIN, reads(*["trafilatura"] * 12) + fresh("trafilatura", "trafilatura", length=700)) == ["text"]
    assert causes(PLAIN, reads(*["trafilatura"] * 12) + fresh("trafilatura", "trafilatura", length=800)) == []
    assert causes(PLAIN, reads(*["trafilatura"] * 12) + fresh("trafilatura", length=90)) == [], "one short page is one"
    assert causes(PLAIN, reads(*["trafilatura"] * 60) + fresh("trafilatura", length=90)) == ["text"]
    assert causes(PLAIN, reads(*["trafilatura"] * 12) + fresh("no-text", "no-text", "no-text", length=0)) == ["text"]


def test_a_source_of_short_notes_may_write_short_notes():
    notes = tuple(replace(read, length=60 if number % 4 else 2000) for number, read in enumerate(reads(*["x"] * 40)))
    assert causes(PLAIN, notes + fresh("x", "x", "x", length=50)) == []


def test_a_text_alarm_lasts_until_texts_are_whole_again():
    before = drifting({"cause": "text", "missed": 2, "of": 2, "now": 90, "usual": 1500, "bound": 750})
    earlier = reads(*["x"] * 12) + tuple(PageRead(NOW - timedelta(hours=2), "x", 90) for _ in range(2))
    assert causes(PLAIN, earlier, open=before) == ["text"]
    assert causes(PLAIN, earlier + fresh("x", length=100), open=before) == ["text"]
    assert causes(PLAIN, earlier + fresh("x"), open=before) == []


def test_links_that_went_elsewhere_are_believed_once_they_bring_news():
    lost = Visit(NOW, NOW, (Trouble("drift", NEWS),), Trouble("drift", NEWS))
    assert causes(PLAIN, (), lost) == ["links"]
    since = NOW - timedelta(hours=2)
    before = drifting({"cause": "links", "listing": NEWS, "how": "drift"})
    assert causes(PLAIN, (), open=before, latest=since) == ["links"], "the news came with the change"
    assert causes(PLAIN, (), open=before, latest=since + timedelta(minutes=1)) == []
    assert causes(PLAIN, (), lost, open=before, latest=NOW) == ["links"]


def test_a_listing_without_links_has_drifted_only_if_it_had_some():
    empty = Visit(NOW, NOW, (Trouble("no-links", NEWS),), Trouble("no-links", NEWS))
    seen = (ListingVisit(NEWS, NOW - timedelta(hours=2), 1, 20), ListingVisit(NEWS, NOW, 1, 0))
    assert causes(PLAIN, (), empty, visits=seen) == ["links"]
    assert causes(PLAIN, (), empty, visits=seen[1:]) == []
    before = drifting({"cause": "links", "listing": NEWS, "how": "no-links"})
    assert causes(PLAIN, (), open=before) == [], "its links are back"


def visits(*counts, listing=NEWS, pages=1):
    start = NOW - timedelta(hours=len(counts) - 1)
    return tuple(ListingVisit(listing, start + timedelta(hours=n), pages, links) for n, links in enumerate(counts))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([20, 20, 20, 20, 20, 9], True),
        ([20, 20, 20, 20, 20, 10], False),
        ([20, 20, 20, 20, 5], False),  # too few visits to know
        ([20, 5, 20, 6, 5, 20, 20, 5], False),  # a listing that varies
        ([20, 20, 20, 20, 20, 0], False),  # no links at all is drift
    ],
)
def test_shrink_is_far_fewer_links_than_ever(counts, told):
    said = judge(PLAIN, SourceRecord("bureau", visits=visits(*counts)), VISIT)["shrink"]
    assert bool(said) is told


def test_pages_deep_do_not_count():
    """A first walk goes three pages deep, the later ones stop at the first."""
    seen = visits(60, 60, 60, 60, 60, pages=3)
    seen = (*(replace(one, at=one.at - timedelta(days=1)) for one in seen), ListingVisit(NEWS, NOW, 1, 20))
    assert judge(PLAIN, SourceRecord("bureau", visits=seen), VISIT)["shrink"] is None


def test_shrink_by_what_is_expected_and_its_end():
    source = replace(PLAIN, expect=replace(PLAIN.expect, links=5))
    trouble = Trouble("shrink", NEWS, "3 links, expected at least 5")
    said = judge(source, SourceRecord("bureau", visits=visits(3)), Visit(NOW, NOW, (trouble,), trouble))
    assert said["shrink"] == {"listings": [{"listing": NEWS, "links": 3, "least": 5}]}
    open_ = {"shrink": Alarm(1, "bureau", "shrink", NOW - timedelta(hours=2), said["shrink"])}
    unread = SourceRecord("bureau", open=open_)
    assert judge(source, unread, VISIT)["shrink"] == said["shrink"], "found unchanged: as short as it was"
    assert judge(source, SourceRecord("bureau", visits=visits(7), open=open_), VISIT)["shrink"] is None


def test_failing_is_told_at_the_third_pass_and_over_with_the_first_that_goes_well():
    trouble = Trouble("timeout", NEWS)
    failed = Visit(NOW, NOW, (trouble,), trouble)
    assert "failing" not in judge(PLAIN, SourceRecord("bureau", failures=2), failed)
    said = judge(PLAIN, SourceRecord("bureau", failures=3), failed)
    assert said["failing"] == {"failures": 3, "kind": "timeout", "url": NEWS}
    assert "silence" not in said, "who does not answer is not silent"
    assert judge(PLAIN, SourceRecord("bureau"), VISIT)["failing"] is None


def test_paused_is_what_it_is_told_to_be():
    assert judge(PLAIN, SourceRecord("bureau", paused=True, failures=9), VISIT)["paused"] == {"failures": 9}
    assert judge(PLAIN, SourceRecord("bureau"), VISIT)["paused"] is None


made = st.sampled_from([HIT, MISS, "trafilatura", "no-text", "teaser; trafilatura found no text"])
pages = st.lists(st.tuples(made, st.integers(0, 5000), st.integers(0, 40)), max_size=60)


@given(pages, st.lists(st.tuples(st.integers(1, 3), st.integers(0, 60)), max_size=30))
def test_anything_seen_can_be_judged_and_judged_again(seen, counts):
    read = tuple(
        PageRead(NOW - timedelta(hours=hours), how, length)
        for how, length, hours in sorted(seen, key=lambda one: -one[2])
    )
    listed = tuple(ListingVisit(NEWS, NOW, number, links) for number, links in counts)
    record = SourceRecord("bureau", reads=read, visits=listed)
    said = judge(RULED, record, VISIT)
    standing = {
        kind: Alarm(1, "bureau", kind, NOW, facts) for kind, facts in said.items() if facts is not None
    }  # fmt: skip
    assert set(judge(RULED, replace(record, open=standing), VISIT)) == set(said)
    assert judge(RULED, record, VISIT) == said


@given(st.integers(25, 80), st.integers(1, 10))
def test_drift_is_told_within_one_pass(known, new):
    assert causes(RULED, reads(*[HIT] * known) + fresh(*[MISS] * new)) == ["rule"]
