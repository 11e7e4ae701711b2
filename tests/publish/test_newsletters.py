"""History never floods a newsletter, and nothing is offered twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.model import Feed, PublishRules
from pipeline.publish import newsletters, offer
from tests.publish import newsroom
from tests.publish.press import Press, configured, source

PORT = ("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки.")


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source(), source("park")))
    yield opened
    opened.close()


def test_a_first_pass_over_ten_years_of_archive_offers_nothing(press):
    press.history("park", 60)
    press.go()

    assert len(press.ids("ru")) == 50
    assert press.ids("newsletter-ru") == []
    press.arrive(*PORT)
    press.go()
    assert len(press.ids("newsletter-ru")) == 1


def test_what_was_old_when_it_was_first_seen_is_never_offered(press):
    press.arrive(*PORT, at=press.now - timedelta(days=15))
    press.go()
    press.go(days=1)

    assert len(press.ids("ru")) == 1
    assert press.ids("newsletter-ru") == []


def test_what_a_replay_brings_to_light_is_never_offered(press):
    press.go()
    press.arrive(*PORT)
    press.go(sending=False)
    press.go(days=1)

    assert len(press.ids("ru")) == 1
    assert press.ids("newsletter-ru") == []


def test_what_was_collected_long_before_it_became_an_article_is_never_offered(press):
    """A page stored weeks ago becomes an article only now: its readers would take it for news."""
    press.go()
    press.arrive(*PORT)
    press.go(days=20)

    assert press.ids("newsletter-ru") == []


def test_a_newsletter_switched_on_late_is_no_flood(press):
    """What it would have offered meanwhile keeps the dates of then, which lie before a sender's last look."""
    standing = press.config
    press.config = replace(press.config, feeds=(Feed("newsletter-ru", enabled=False),))
    press.arrive(*PORT)
    press.go()
    then = press.now
    assert press.ids("newsletter-ru") == []
    press.config = standing
    press.go(days=3)

    assert [one["date_published"] for one in press.items("newsletter-ru")] == [then.isoformat()]


def test_a_newsletter_begins_with_the_last_day():
    """An installation that has collected for weeks before it first had newsletters."""
    (channel, _) = newsletters()
    known = [
        newsroom.story(name, {"ru": [{"url": f"https://x.example/{name}", "title": "Порт", "first_seen": seen}]})
        for name, seen in (("week", "2026-05-13T09:00:00Z"), ("hours", "2026-05-20T03:00:00Z"))
    ]
    rules = PublishRules()

    made = offer(channel, known, newsroom.NOW, rules, begun=False)

    assert made.offered == (known[1].texts["ru"].id,)
    assert made.passed == (known[0].texts["ru"].id,)
    assert len(offer(channel, known, newsroom.NOW, rules).offered) == 2


def test_the_newest_stand_first_and_the_size_is_kept(press):
    press.config = replace(press.config, feeds=(Feed("newsletter-ru", size=2),))
    for n, word in enumerate(("Порт", "Мост", "Парк")):
        press.arrive(f"https://bureau.example.com/news/{n}", f"{word} открылся", f"{word} сегодня принял гостей {n}.")
        press.go(hours=1)

    assert [one["title"] for one in press.items("newsletter-ru")] == ["Парк открылся", "Мост открылся"]


def test_an_offer_outlives_a_crash_before_the_feed_is_written(press, monkeypatch):
    """The ledger is kept first, so that the pass after a crash neither loses a text nor dates it anew."""
    press.arrive(*PORT)

    def crash(*_args, **_keywords):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.publish.publish", crash)
        with pytest.raises(KeyboardInterrupt):
            press.go()
    offered = press.now
    press.go(hours=3)

    assert [one["date_published"] for one in press.items("newsletter-ru")] == [offered.isoformat()]


def test_a_withdrawn_text_is_never_sent(press):
    press.go()
    one = press.arrive(*PORT)
    press.store.removals.withdraw([one], "ошибка", press.now)
    press.go()
    press.go()

    assert press.ids("newsletter-ru") == press.ids("ru") == []
