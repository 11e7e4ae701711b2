"""What publishing costs: RSS + Atom + JSON + HTML of N stories, beside a plain lxml writer of RSS + Atom.

    python benchmarks/feeds.py [100 1000 10000]

For each number: making the entries; the four formats of one feed with every story in it (limits of size
set aside); the hand-written writer on the same entries; their ratio. Then from a store in a temporary
folder: a first publication with all archives and data, one after one story changed, one in which
nothing changed. Stories are made up here; the exit code is 1 where the ratio or the memory is above
the limits below. Memory is the peak of a process that does nothing but publish from the store.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing import get_context
from pathlib import Path

from lxml import etree
from sqlalchemy import Engine

from pipeline import newsstand, publish
from pipeline.model import (
    Article,
    Config,
    FeedEntry,
    Item,
    Language,
    Match,
    Published,
    Publisher,
    PublishRules,
    Rights,
    Source,
    Story,
    Text,
)
from pipeline.publish import json_feed, pages, rss_atom
from pipeline.publish.channels import addresses
from pipeline.store import Store, open_store
from pipeline.store.engine import open_engine, writing
from pipeline.store.tables import articles

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
SOURCE = Source("bureau", {"ru": "Бюро", "en": "Bureau"}, "bureau", (), rights=Rights("full"))
CONFIG = Config(
    Publisher({"ru": "Вестник", "en": "Herald"}, "https://feeds.example.org/", "desk@example.org"),
    PublishRules(),
    (SOURCE,),
)
RUSSIAN = "Новый причал принял первое судно, сообщили в порту. Его строили два года, и гости увидели город с воды. "
ENGLISH = "The new quay welcomed its first vessel, the port said. It took two years to build, and guests saw the city. "
MEMORY = 300  # MB
RATIO = 3.0


def story(number: int) -> Story:
    """Return a story in two languages with bodies of about 1,500 characters each."""
    at = NOW - timedelta(minutes=number)

    def text(language: str, body: str) -> Text:
        paragraphs = "\n".join(f"{number}. {body * 3}" for _ in range(5))
        html = "".join(f"<p>{line}</p>" for line in paragraphs.splitlines())
        url = f"https://bureau.example.com/{language}/{number}"
        article = Article(
            "bureau", url, f"{body[:40]} {number}", paragraphs, html, Published(at, "Europe/Moscow", "minute", "meta")
        )
        item = Item(f"a{language}{number:014}", article, Language(language, 1.0), at, at)
        return Text(
            f"urn:uuid:00000000-0000-5000-{'8' if language == 'ru' else '9'}000-{number:012}", language, (item,)
        )

    texts = {"ru": text("ru", RUSSIAN), "en": text("en", ENGLISH)}
    match = Match("a", "b", 0.98, ("same day", "numbers 12"))
    return Story(f"urn:uuid:00000000-0000-5000-a000-{number:012}", texts, "linked", at, at, match)


def by_hand(entries: Sequence[FeedEntry]) -> tuple[bytes, bytes]:
    """Return RSS and Atom of entries as short as they can be written."""
    rss = etree.Element("rss", version="2.0")
    channel = etree.SubElement(rss, "channel")
    feed = etree.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    for entry in entries:
        item, row = etree.SubElement(channel, "item"), etree.SubElement(feed, "entry")
        for parent, names in ((item, ("guid", "title", "description")), (row, ("id", "title", "summary"))):
            for name, value in zip(names, (entry.id, entry.title, entry.summary), strict=True):
                etree.SubElement(parent, name).text = value
        etree.SubElement(item, "link").text = entry.links[0].href
        etree.SubElement(item, "pubDate").text = format_datetime(entry.published)
        etree.SubElement(item, "{http://purl.org/rss/1.0/modules/content/}encoded").text = entry.content
        etree.SubElement(row, "link", href=entry.links[0].href)
        etree.SubElement(row, "updated").text = entry.updated.isoformat()
        etree.SubElement(row, "content", type="html").text = entry.content
    return etree.tostring(rss, pretty_print=True), etree.tostring(feed, pretty_print=True)


def ours(entries: Sequence[FeedEntry]) -> dict[str, bytes]:
    """Return the four formats of entries."""
    channel = publish.channels(CONFIG)[0]
    links = addresses(channel, CONFIG.publisher)
    return {
        **rss_atom.render(channel, entries, CONFIG.publisher, links),
        "json": json_feed.render(channel, entries, CONFIG.publisher, links),
        "html": pages.twin(channel, entries, CONFIG.publisher, links),
    }


def timed(act: Callable[[], object], times: int = 3) -> float:
    """Return the seconds of the quickest of some runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return min(taken)


def fill(store: Store, engine: Engine, stories: Sequence[Story]) -> None:
    """Put stories into a store as if they had been collected and paired."""
    items = [item for one in stories for text in one.texts.values() for item in text.items]
    with writing(engine) as connection:
        for item in items:
            article, dated = item.article, item.article.published
            assert dated is not None
            connection.execute(
                articles.insert().values(
                    id=item.id, source=article.source, url=article.url, title=article.title, text=article.text,
                    html=article.html, language=item.language.code, confidence=1.0, language_evidence=[],
                    published=dated.at, zone=dated.zone, precision=dated.precision, published_evidence="meta",
                    images=[], alternates=[], declared={}, authors=[], digest="", made_by="", dropped=[], robots=[],
                    version="1", first_seen=item.first_seen, updated=item.updated, dated=dated.at, place=0,
                    history=True, paired=True,
                )
            )  # fmt: skip
    store.stories.record(stories, [], [], NOW)


def passes(count: int) -> tuple[float, float, float, float]:
    """Publish from a store: seconds of the first time, after one change, without any; and the peak of memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        for part in (prepare, put_out_thrice):  # each in a process of its own: only publishing is measured
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                found = pool.submit(part, folder, count).result()
    assert found is not None
    return found


def prepare(folder: str, count: int) -> None:
    """Fill a store in folder."""
    store = open_store(Path(folder) / "store")
    engine = open_engine(f"sqlite:///{folder}/store/nevawire.sqlite")
    fill(store, engine, [story(number) for number in range(count)])
    engine.dispose()
    store.close()


def put_out_thrice(folder: str, count: int) -> tuple[float, float, float, float]:
    """Publish the store in folder; see `passes`."""
    store = open_store(Path(folder) / "store")

    def put_out() -> None:
        newsstand.put_out(newsstand.Desk(CONFIG, store, Path(folder) / "feeds", NOW))

    first = timed(put_out, 1)
    store.stories.record([replace(story(count - 1), updated=NOW)], [], [], NOW)
    changed = timed(put_out, 1)
    unchanged = timed(put_out)
    store.close()
    return first, changed, unchanged, peak_memory()


def peak_memory() -> float:
    """Return the most memory this process has held, in MB; getrusage would count what its parent held (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("needs Linux: no VmHWM in /proc/self/status")


def main(counts: Sequence[int]) -> int:
    """Print the figures; 1 where a limit is not kept."""
    worst = peak = 0.0
    print("stories | entries  4 formats  by hand  ratio | first pass  one change  nothing new | peak MB   (seconds)")
    for count in counts:
        stories = [story(number) for number in range(count)]
        made: list[FeedEntry] = []
        entries = timed(lambda made=made, rows=stories: made.extend(rendered(rows)), 1)
        plain, formats = timed(lambda made=made: by_hand(made)), timed(lambda made=made: ours(made))
        made.clear()
        first, changed, unchanged, memory = passes(count)
        worst = max(worst, formats / plain)
        peak = max(peak, memory)
        print(
            f"{count:7} | {entries:7.2f} {formats:10.3f} {plain:8.3f} {formats / plain:6.2f} | {first:10.2f}"
            f" {changed:11.2f} {unchanged:12.4f} | {memory:7.0f}"
        )
    return int(worst > RATIO or peak > MEMORY)


def rendered(stories: Sequence[Story]) -> list[FeedEntry]:
    """Return the entries of stories in the bilingual feed."""
    return list(publish.entries_of(publish.channels(CONFIG)[0], stories, CONFIG).values())


if __name__ == "__main__":
    raise SystemExit(main([int(word) for word in sys.argv[1:]] or [100, 1000, 10000]))
