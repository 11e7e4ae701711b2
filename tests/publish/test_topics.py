"""Topics and searches: words in whatever form they stand, in either language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.model import Article, Config, Feed, Publisher, PublishRules, Topic
from pipeline.publish import topics
from tests.publish import newsroom
from tests.publish.press import Press, configured, source

WATER = Topic("water", {"ru": "Вода", "en": "Water"}, ("водоканал", "очистка стоков", "water treatment"), ("utility",))
PORT = Feed("port", title={"ru": "Порт", "en": "Port"}, query=("морской порт", "баржа"))
CONFIG = Config(Publisher({}, "", ""), PublishRules(), (), (WATER,), (PORT,))


@pytest.mark.parametrize("case", newsroom.cases("topics.json"), ids=lambda case: case["about"])
def test_labels(case):
    article = Article(
        case.get("source", "bureau"), "https://x.example/1", case["title"], case.get("text", ""), "", None
    )

    assert list(topics.labels(article, CONFIG)) == case["labels"]


def test_the_rules_have_a_digest_that_changes_with_them():
    assert topics.rules(Config(CONFIG.publisher, CONFIG.publish, ())) == ""
    assert topics.rules(CONFIG) != topics.rules(Config(CONFIG.publisher, CONFIG.publish, (), (WATER,)))


def test_topic_and_search_feeds(tmp_path):
    press = Press(tmp_path, configured(source(), source("utility"), topics=(WATER,), feeds=(PORT,)))
    press.arrive("https://bureau.example.com/1", "Баржа пришла", "В морском порту встретили баржу.")
    press.arrive("https://bureau.example.com/2", "Водоканалу сто лет", "Праздник на набережной.")
    press.arrive("https://utility.example.com/3", "Ремонт трубы", "Работы закончат в мае.", of="utility")
    press.go()

    assert [one["title"] for one in press.items("port")] == ["Баржа пришла"]
    assert {one["title"] for one in press.items("topic-water")} == {"Водоканалу сто лет", "Ремонт трубы"}
    assert press.items("topic-water")[0]["tags"] == ["Вода"]
    assert "tags" not in press.items("port")[0]
    press.config = configured(source(), source("utility"), topics=(Topic("water", WATER.name, ("баржа",)),))
    press.go()
    assert [one["title"] for one in press.items("topic-water")] == ["Баржа пришла"], "new rules, old articles"
    press.close()


def test_a_rare_topic_shows_old_articles_under_many_new_ones(tmp_path):
    press = Press(tmp_path, configured(source(), topics=(WATER,)))
    press.history("bureau", 1, year=2015)
    press.arrive("https://bureau.example.com/2", "Водоканалу сто лет", "Праздник.", at=press.now - timedelta(days=300))
    press.history("bureau", 101, year=2024)
    press.go()

    assert [one["title"] for one in press.items("topic-water")] == ["Водоканалу сто лет"]
    press.close()
