"""The simulation of many sources: what comes in goes out, and each resource breaks where arithmetic says it does."""

from __future__ import annotations

import random

import pytest

from benchmarks.scale_sim import Town, simulated, spread, told

COSTS = {
    "visit_cpu_ms": 5, "visit_write_ms": 1, "page_cpu_ms": 100, "page_write_ms": 10, "page_pair_ms": 5, "page_publish_ms": 15,
    "archive_kb_a_page": 40, "database_kb_a_page": 20,
}  # fmt: skip


def town(**more):
    return Town(**{
        "sources": 2000, "hosts": 0.5, "skew": 0, "every": 3600, "a_day": 0, "pause": 2, "latency": 0.5, "cores": 2,
        "costs": COSTS,
    } | more)  # fmt: skip


def test_every_listing_is_visited_once_a_round():
    found = told(town(), 7200)
    assert found["requests_a_second"] == pytest.approx(2000 / 3600, rel=0.01)
    assert found["busy"]["cores"] == pytest.approx(2000 / 3600 * 0.005 / 2, abs=0.001)
    assert found["hosts_behind"] == 0
    assert found["lag_p95_s"] < 10


def test_every_article_is_asked_for_after_its_listing():
    found = told(town(a_day=24), 7200)
    assert found["articles_a_day"] == pytest.approx(2000 * 24, rel=0.1)
    assert found["busy"]["pairing_and_publishing"] == pytest.approx(2000 * 24 / 86400 * 0.02, rel=0.1)
    assert found["archive_gb_a_day"] == pytest.approx(found["articles_a_day"] * 40 / 1e6, abs=0.1)


def test_one_host_with_all_sources_keeps_its_own_pace():
    one = town(hosts=0.0001)
    assert spread(one, random.Random(1)) == [2000]
    found = told(one, 7200)
    assert (found["hosts_behind"], found["sources_behind"]) == (1, 2000)
    assert found["requests_a_second"] == pytest.approx(1 / 2.5, rel=0.01)
    assert found["lag_p95_s"] > 1000


def test_too_few_cores_never_catch_up():
    slow = COSTS | {"visit_cpu_ms": 7200}
    seen = simulated(town(costs=slow), [1] * 2000, 7200, random.Random(1))
    assert seen.visits == pytest.approx(2 * 7200 / 7.2, rel=0.01)
    assert seen.computing / 7200 / 2 > 1.5


def test_the_same_town_gives_the_same_figures():
    assert told(town(a_day=5, skew=0.8), 3600) == told(town(a_day=5, skew=0.8), 3600)
