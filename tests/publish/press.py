"""A small installation without a network: articles are handed to a real store, paired and published for real."""

from __future__ import annotations

import atexit
import copy
import hashlib
import json
import random
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from lxml import etree
from sqlalchemy import event

from pipeline import newsstand, pairs
from pipeline.address import article_id
from pipeline.model import (
    Alternate,
    Article,
    Config,
    Fetch,
    FetchedPage,
    Language,
    Link,
    Listing,
    Profile,
    Published,
    Publisher,
    PublishRules,
    Rights,
    Source,
    Text,
)  # fmt: skip
from pipeline.store import Outcome, open_store
from pipeline.store.articles import item as item_of
from pipeline.store.engine import reading, writing
from pipeline.store.tables import articles as article_rows
from pipeline.store.tables import listings, verdicts
from tests import databases

DATABASE = "nevawire.sqlite"
START = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
HOME = "https://feeds.example.org/news/"
ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def source(name: str = "bureau", **more) -> Source:
    listing = Listing(f"https://{name}.example.com/news/")
    names = {"ru": f"Бюро {name}", "en": f"Bureau {name}"}
    return Source(
        **{"id": name, "name": names, "kind": "bureau", "listings": (listing,), "rights": Rights("full")} | more
    )


def configured(*sources: Source, **more) -> Config:
    publisher = Publisher({"ru": "Вестник", "en": "Herald"}, HOME, "desk@example.org")
    rules = PublishRules(hold=timedelta(0), hold_doubtful=timedelta(0))
    return Config(**{"publisher": publisher, "publish": rules, "sources": sources or (source(),)} | more)


_WORDS = [
    "порт",
    "река",
    "мост",
    "музей",
    "парк",
    "театр",
    "завод",
    "канал",
    "вокзал",
    "причал",
    "маяк",
    "форум",
    "центр",
    "школа",
    "площадь",
    "сад",
    "набережная",
    "остров",
    "гость",
    "корабль",
    "поезд",
    "выставка",
    "концерт",
    "ярмарка",
    "конкурс",
    "открытие",
    "ремонт",
    "праздник",
    "экскурсия",
    "встреча",
]


def said(number: int) -> str:
    """Return a sentence that no other number has, nor one like it."""
    dice = random.Random(number)
    return " ".join(dice.choice(_WORDS) + dice.choice(("", "у", "ом", "а", "ами")) for _ in range(14)) + "."


@cache
def _empty() -> Path:
    """Return a database with its tables and nothing in it: making them takes longer than most tests."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_store(folder).close()
    return folder / DATABASE


def _hurry(connection, _record) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class Press:
    """An installation whose clock the test moves."""

    def __init__(self, folder: Path, config: Config | None = None) -> None:
        self.config = config or configured()
        (folder / "store").mkdir(parents=True, exist_ok=True)
        if databases.ON == "sqlite" and not (folder / "store" / DATABASE).exists():
            shutil.copy(_empty(), folder / "store" / DATABASE)
        self.store = open_store(folder / "store")
        if databases.ON == "sqlite":
            event.listen(self.store._engine, "connect", _hurry)
        self.store._engine.dispose()
        self.feeds = folder / "feeds"
        self.now = START
        self.known: set[str] = set()
        self.profiles = {one.id: Profile(one.id) for one in self.config.sources}
        for one in self.config.sources:  # the first walk is history: it is over, and found nothing
            self._walk(one, [])

    def close(self) -> None:
        self.store.close()

    def moved(self, folder: Path) -> Press:
        """Return the same installation in another folder, which goes its own way; this one is closed."""
        self.close()
        databases.copied(self.feeds.parent, folder)
        twin = copy.copy(self)
        twin.store, twin.feeds = open_store(folder / "store"), folder / "feeds"
        twin.known, twin.profiles = set(self.known), dict(self.profiles)
        return twin

    def _source(self, name: str) -> Source:
        return next(one for one in self.config.sources if one.id == name)

    def _walk(self, of: Source, links: list[Link]) -> None:
        body = repr((self.now, links)).encode()
        url = of.listings[0].url
        digest = hashlib.sha256(body).hexdigest()
        page = FetchedPage(of.id, url, url, 200, {}, body, self.now, digest)
        fetch = Fetch(of.id, url, "ok", self.now, page=page)
        self.store.collected.record_walk("r", of, url, [fetch], links, whole=True, good=True, now=self.now)

    def arrive(self, url: str, title: str, text: str, *, of: str = "bureau", at: datetime | None = None, other: str = "",
               images: tuple = (), robots: tuple = (), html: str = "", authors: tuple = ()) -> str:  # fmt: skip
        """Let an article be listed, fetched and read at the present instant; again where it is known. Returns its id."""
        own = self._source(of)
        language = "ru" if any("а" <= letter <= "я" for letter in title.lower()) else "en"
        if url not in self.known:
            self._walk(own, [Link(url, title)])
            due = next(one for one in self.store.collected.due(own, self.now) if one.url == url)
        else:
            due = next(
                one for one in self.store.collected.recheckable(own, START - timedelta(days=9999)) if one.url == url
            )
        body = f"<h1>{title}</h1>{text}".encode(errors="replace")
        digest = hashlib.sha256(body).hexdigest()
        page = FetchedPage(of, url, url, 200, {}, body, self.now, digest)
        waiting = self.store.collected.record_fetch("r", own, due, Fetch(of, url, "ok", self.now, page=page), self.now)
        alternates = (Alternate(other, "en" if language == "ru" else "ru", "hreflang"),) if other else ()
        html = html or "".join(f"<p>{line}</p>" for line in text.splitlines())
        published = Published(at or self.now, "Europe/Moscow", "minute", "meta")
        made = Article(
            of,
            url,
            title,
            text,
            html,
            published,
            images=images,
            alternates=alternates,
            digest=digest,
            robots=robots,
            authors=authors,
        )
        outcome = Outcome(waiting, made, Language(language, 1.0))
        self.store.articles.record(own, [outcome], [], self.profiles[of], self.now)
        self.known.add(url)
        return article_id(url)

    def history(self, of: str, count: int, *, year: int = 2016) -> None:
        """Let a source's archive come in its first pass: its listing was never walked before."""
        with writing(self.store._engine) as connection:
            connection.execute(listings.delete().where(listings.c.source == of))
        own = self._source(of)
        links = [Link(f"https://{of}.example.com/{year}/{n}", f"Новость {n}", place=n) for n in range(count)]
        self._walk(own, links)
        outcomes = []
        for due in self.store.collected.due(own, self.now):
            n = due.link.place
            body = f"Архивный текст номер {n}: {said(n)}"
            page = FetchedPage(
                of, due.url, due.url, 200, {}, body.encode(), self.now, hashlib.sha256(body.encode()).hexdigest()
            )
            waiting = self.store.collected.record_fetch(
                "r", own, due, Fetch(of, due.url, "ok", self.now, page=page), self.now
            )
            published = Published(datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=7 * n), "UTC", "day", "meta")
            made = Article(of, due.url, f"Новость номер {n}", body, f"<p>{body}</p>", published, digest=page.digest)
            outcomes.append(Outcome(waiting, made, Language("ru", 1.0)))
        self.store.articles.record(own, outcomes, [], self.profiles[of], self.now)

    def translate(self, url: str, title: str, text: str, language: str = "en") -> None:
        """Give the story at url a side made by a machine."""
        original = next(one for one in self.store.articles.each() if one.article.url == url)
        (story,) = self.store.stories.of_items([original])
        made_of = {
            "id": "a" + "0" * 14 + "1",
            "title": title,
            "text": text,
            "html": f"<p>{text}</p>",
            "language": language,
        }
        with writing(self.store._engine) as connection:
            row = connection.execute(article_rows.select().where(article_rows.c.id == original.id)).one()._asdict()
            changed = row | made_of | {"first_seen": self.now, "updated": self.now, "paired": True}
            connection.execute(article_rows.insert().values(**changed))
        with reading(self.store._engine) as connection:
            made = connection.execute(article_rows.select().where(article_rows.c.id == made_of["id"])).one()
        side = Text("urn:uuid:00000000-0000-5000-8000-000000000001", language, (item_of(made),), origin="machine")
        both = replace(story, texts={**story.texts, language: side}, updated=self.now)
        self.store.stories.record([both], [], [], self.now)

    def replace_machine(self, url: str) -> None:
        """Let the publisher's English article take over the machine text's id, as the translate stage will."""
        theirs = next(one for one in self.store.articles.each() if one.article.url == url)
        story = next(one for one in self.store.stories.each() if any(t.origin == "machine" for t in one.texts.values()))
        side = replace(story.texts["en"], items=(theirs,), origin="publisher")
        both = replace(story, texts={**story.texts, "en": side}, state="linked", updated=self.now)
        self.store.stories.record([both], [], [theirs], self.now)

    def verdict(self, kind: str, ru: str, en: str) -> None:
        with writing(self.store._engine) as connection:
            row = {"kind": kind, "ru": ru, "en": en, "who": "Анна", "at": self.now, "digests": []}
            connection.execute(verdicts.insert().values(**row))
            connection.execute(article_rows.update().where(article_rows.c.id.in_([ru, en])).values(paired=False))

    def go(self, *, sending: bool = True, pair: bool = True, **later: float):
        """Pair and publish, a while later."""
        self.now += timedelta(**later or {"minutes": 5})
        if pair:
            pairs.pair_up(self.store, self.config, self.now)
        return newsstand.put_out(newsstand.Desk(self.config, self.store, self.feeds, self.now), sending=sending)

    def items(self, feed: str) -> list[dict]:
        path = self.feeds / f"{feed}.json"
        return json.loads(path.read_text())["items"] if path.exists() else []

    def ids(self, feed: str) -> list[str]:
        return [one["id"] for one in self.items(feed)]

    def atom(self, feed: str):
        return etree.parse(self.feeds / f"{feed}.atom").getroot()

    def tombstones(self, feed: str) -> list[str]:
        return [one.get("ref") for one in self.atom(feed).findall(GONE)]
