"""Measures: what is counted, summed up and drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from lxml import etree

from pipeline.model import Verdict
from pipeline.review import charts, figures
from pipeline.store import Count, Judged

DAY = date(2026, 11, 1)
AT = datetime(2026, 11, 1, tzinfo=UTC)


def count(day, source, language, articles, paired=0):
    return Count((DAY + timedelta(days=day)).isoformat(), source, language, articles, paired)


def judged(pair, kind, probability):
    return Judged(pair, pair, kind, probability, AT)


@pytest.mark.parametrize(("days", "spans", "long"), [(1, 1, 1), (62, 62, 1), (63, 9, 7), (400, 58, 7), (3660, 41, 91)])
def test_a_span_is_put_into_periods_without_a_gap(days, spans, long):
    made = figures.periods(DAY, DAY + timedelta(days=days - 1)).spans
    assert len(made) == spans
    assert (made[0][1] - made[0][0]).days + 1 == min(long, days)
    assert sum((last - first).days + 1 for first, last in made) == days
    assert all(one[1] + timedelta(days=1) == two[0] for one, two in pairwise(made))


def test_counts_are_summed_by_period_and_the_small_put_together():
    when = figures.periods(DAY, DAY + timedelta(days=1))
    counts = [count(0, "a", "ru", 3, 1), count(1, "a", "en", 1, 1), count(1, "b", "ru", 9), count(0, "c", "ru", 1)]
    by = figures.by(counts, "source", when)
    assert by == {"b": [0, 9], "a": [3, 1], "c": [1, 0]}
    assert list(by) == ["b", "a", "c"]
    assert figures.leading(by, 2, "others") == {"b": [0, 9], "others": [4, 1]}
    assert figures.leading(by, 3, "others") == by
    assert figures.share_paired(counts, when) == [0.25, 0.1]
    assert figures.share_of(counts)["a", "ru"] == (3, 1)


def test_of_several_words_the_latest_holds_with_what_was_thought_at_first():
    said = [
        judged("a", "confirm", 0.8), judged("a", "reject", 1.0), judged("b", "confirm", 0.97), judged("c", "reject", 0.6),
        judged("c", "undo", 0.6), judged("d", "same-event", None),
    ]  # fmt: skip
    held = figures.holding(said)
    assert [(one.ru, one.kind, one.probability) for one in held] == [
        ("a", "reject", 0.8), ("b", "confirm", 0.97), ("d", "same-event", None),
    ]  # fmt: skip
    counted = {
        (one.low, one.high): (one.right, one.wrong, one.precision)
        for one in figures.buckets(held)
        if one.right + one.wrong
    }
    assert counted == {(0.8, 0.9): (0, 1, 0.0), (0.95, 1.0): (1, 0, 1.0)}
    assert sum(one.right for one in figures.buckets([judged("a", "confirm", 1.0)])) == 1


def test_sums_of_spans_are_those_of_their_days(office):
    newest = max(item.article.published.at for item in office.store.articles.each() if item.article.published).date()
    first, last = newest - timedelta(days=80), newest + timedelta(days=1)
    when = figures.periods(first, last)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    by_day = office.store.measures.counts(begin, begin + timedelta(days=82))
    sums = office.store.measures.sums(when.spans)
    assert by_day
    assert len(when.spans) == 12
    assert figures.by(sums, "source", when) == figures.by(by_day, "source", when)
    assert figures.share_of(sums) == figures.share_of(by_day)
    assert figures.share_paired(sums, when) == figures.share_paired(by_day, when)


def test_quartiles_of_delays():
    when = figures.periods(DAY, DAY + timedelta(days=1))
    found = [("2026-11-01", hours, True) for hours in (1.0, 2.0, 3.0, 4.0, 5.0)] + [("2026-11-02", -2.0, False)]
    whole, first, second = figures.delays(found, when)
    assert (whole.pairs, whole.to_the_minute) == (6, 5)
    assert (first.first, first.median, first.third) == (2.0, 3.0, 4.0)
    assert (second.first, second.median, second.third) == (-2.0, -2.0, -2.0)
    assert figures.delays([], when) == []


@pytest.mark.parametrize(
    ("most", "least"), [(0, 0), (1, 0), (3, 0), (7, 0), (99, 0), (100, 0), (12345, 0), (10, -30), (0.4, -0.2)]
)
def test_a_scale_holds_everything(most, least):
    ticks = charts.scale(most, least)
    assert ticks[0] <= least
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 7


def test_charts_are_well_formed_and_escape_what_sources_are_called():
    evil = '<script>"&'
    drawn = [
        charts.sparkline([0, 3, 1], evil), charts.sparkline([], "empty"), charts.columns(["a"], {evil: [2]}, evil, {evil: evil}),
        charts.columns([], {}, "empty", {}), charts.line(["a", "b"], [None, 0.5], evil, unit="%"),
        charts.spread(["a", "b"], [None, (-1.0, 2.0, 9.0)], evil),
    ]  # fmt: skip
    for one in drawn:
        tree = etree.fromstring(str(one))
        assert tree.get("role") == "img"
        assert not tree.xpath("//*[local-name()='script'] | //@style | //@onload")


def test_the_page_counts_what_the_store_holds(desk, office):
    page = desk.get("/desk/measures?since=2026-06-01&until=2026-11-20")
    assert page.status_code == 200
    assert page.text.count("<svg") >= 4
    for bad in ("since=2026-11-20&until=2026-11-01", "since=0001-01-01&until=9999-12-31", "until=9999-12-31"):
        assert desk.get(f"/desk/measures?{bad}").status_code == 422
    assert desk.get("/desk/measures?since=0001-01-01&until=0001-01-02").status_code == 200


def test_the_api_tells_precision_by_what_was_thought_before(api):
    store = api.office.store
    story = next(one for one in store.stories.each() if one.match and one.state == "linked")
    thought = story.match.probability
    store.verdicts.record(Verdict("reject", story.match.ru, story.match.en, "anna", api.office.now(), ("", "")))
    told = api("GET", "/api/v1/measures?since=2026-01-01&until=2026-11-20", role="reader").json()
    assert sum(one["articles"] for one in told["items"]) == 77
    (bucket,) = [one for one in told["precision"] if one["right"] + one["wrong"]]
    assert bucket["low"] <= thought <= bucket["high"]
    assert bucket["precision"] == 0
    assert told["delays"][0]["label"] == ""
