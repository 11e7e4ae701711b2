"""Nobody ever sees an item twice in ru, en and newsletters, or misses one, whatever happens between two looks."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.publish.press import START, Press, configured, source
from tests.publish.readers import Feedparser, JsonReader, Miniflux, Nervous, Newsboat, Sender, Updating

pytestmark = pytest.mark.long

READERS = (Miniflux, Newsboat, JsonReader)
_NAMES = ("порт", "мост", "музей", "парк", "театр", "завод", "канал", "вокзал", "причал", "маяк", "форум", "центр")
_ENGLISH = (
    "port",
    "bridge",
    "museum",
    "park",
    "theatre",
    "plant",
    "canal",
    "station",
    "quay",
    "lighthouse",
    "forum",
    "centre",
)


class Life:
    """A season of events drawn by dice: arrivals, late translations, corrections, withdrawals, archives, crashes."""

    def __init__(self, press: Press, seed: int) -> None:
        self.press, self.dice = press, random.Random(seed)
        self.number = 0
        self.waiting: list[int] = []  # Russian articles whose English version is to come
        self.alive: dict[int, str] = {}
        self.arrived = {"ru": set(), "en": set()}
        self.merged = 0

    def step(self) -> None:
        self.press.now += timedelta(minutes=self.dice.randint(1, 300))
        event = self.dice.choice(
            (self.arrive, self.arrive, self.arrive, self.follow, self.correct, self.withdraw, self.pause)
        )
        event()
        assert not self.press.go(minutes=1).refused

    def texts(self, number: int) -> tuple[str, str]:
        place, count = number % 12, 100 + number * 7
        return (
            f"В городе открыли {_NAMES[place]}, его строили {count} дней. Гостей встречал директор.",
            f"The city opened a {_ENGLISH[place]}, built in {count} days. The director welcomed the guests.",
        )

    def arrive(self) -> None:
        self.number += 1
        url = f"https://bureau.example.com/news/{self.number}"
        place = _NAMES[self.number % 12]
        self.press.arrive(url, f"Открыт {place} номер {self.number}", self.texts(self.number)[0])
        self.arrived["ru"].add(url)
        self.alive[self.number] = url
        self.waiting.append(self.number)

    def follow(self) -> None:
        if self.waiting:
            number = self.waiting.pop(self.dice.randrange(len(self.waiting)))
            url = f"https://bureau.example.com/en/news/{number}"
            declared = self.alive.get(number, "") if self.dice.random() < 0.7 else ""
            title = f"{_ENGLISH[number % 12].title()} number {number} opened"
            self.press.arrive(url, title, self.texts(number)[1], other=declared)
            self.arrived["en"].add(url)
            self.merged += 1

    def correct(self) -> None:
        if self.alive:
            number = self.dice.choice(sorted(self.alive))
            text = f"{self.texts(number)[0]} Исправлено {self.press.now:%d.%m %H:%M}."
            self.press.arrive(self.alive[number], f"Открыт {_NAMES[number % 12]} номер {number}", text)

    def withdraw(self) -> None:
        if len(self.alive) > 5 and self.dice.random() < 0.5:
            number = self.dice.choice(sorted(self.alive))
            url = self.alive.pop(number)
            self.press.store.removals.withdraw(self.press.store.removals.find(url), "просьба", self.press.now)
            self.press.withdrawn.add(url)

    def pause(self) -> None:
        self.press.now += timedelta(days=self.dice.randint(0, 3))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_season(tmp_path, seed):
    press = Press(tmp_path, configured(source(), source("park")))
    press.withdrawn = set()
    press.history("park", 60)
    press.go()
    readers = [kind(press.feeds, feed) for kind in READERS for feed in ("ru", "en", "newsletter-ru")]
    everywhere = [kind(press.feeds, "all") for kind in READERS]
    readers.append(Feedparser(press.feeds, "ru"))
    nervous = Nervous(press.feeds, "newsletter-ru")
    senders = [
        kind(press.feeds, feed, press.now) for kind in (Sender, Updating) for feed in ("newsletter-ru", "newsletter-en")
    ]
    for one in (*readers, *everywhere, nervous):
        one.look()
    life = Life(press, seed)
    for step in range(22):
        life.step()
        for one in (*readers, *everywhere, nervous):
            one.look()
        if step % 4 == 3:
            for sender in senders:
                sender.send(press.now)
    for sender in senders:
        sender.send(press.now)

    assert len(life.arrived["ru"]) > 5
    assert len(life.arrived["en"]) > 1
    for one in (*readers, *everywhere, nervous, *senders):
        twice = {entry for entry, times in one.shown.items() if times > 1}
        assert twice == set(), (type(one).__name__, one.feed)
    texts = {
        item.article.url: text.id
        for story in press.store.stories.each()
        for text in story.texts.values()
        for item in text.items
    }
    for one in (*readers, *senders):
        language = one.feed[-2:]
        came = {texts[url] for url in life.arrived[language] - press.withdrawn}
        assert came <= set(one.shown), (type(one).__name__, one.feed)
        assert set(one.shown) <= {texts[url] for url in life.arrived[language]}, "nothing of the archive"
    press.close()


def test_a_second_look_without_news_finds_the_same_bytes(tmp_path):
    press = Press(tmp_path)
    press.arrive("https://bureau.example.com/1", "Порт открылся", "Порт открылся у реки.")
    press.go()
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in press.feeds.rglob("*.*")}

    press.go(days=2)

    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in press.feeds.rglob("*.*")} == before
    assert press.now > START
    press.close()
