"""Whether a replay ends like a fresh run, byte for byte, though it is killed on the way; and what it costs.

    python benchmarks/replay.py [--pages 5000] [--kills 3] [--corrected] [--keep FOLDER]

The sample sites of demo/ are filled with made-up articles: four layouts, two languages, versions, dates in several
dresses, reports that are all alike, and with --corrected a second pass that finds some pages corrected. They are read
as a pass reads them (children, batches, versions asked for last), paired and published: that is the fresh run. A copy of the store is then spoiled (dates,
languages, pictures, mark-up, what was learned) and marked as the work of older stages, and `nevawire replay`
puts it right in a process of its own, killed with SIGKILL so many times, and started again.

Compared are every article with all its columns, every story, every file under feeds/, and what each source has taught
(after corrections that was learned from other pages last, and is not compared).
The last line of standard output is one JSON object; what differs is named on standard error, and the exit
status is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from demo import pages
from demo.articles import MOSCOW, DemoArticle
from demo.site import LANGUAGES, SITE_IDS, DemoSite, load_site
from pipeline import clock, collect, gather, newsroom, sources
from pipeline.children import Children
from pipeline.model import Config, Fetch, FetchedPage, Link, Source, Validators
from pipeline.replay import publish
from pipeline.report import SourceReport
from pipeline.store import open_store

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#: The replay's clock, and that of the last pass before it.
LATER = NOW + timedelta(hours=12)
_COMPARED = ("articles", "stories", "feeds", "profiles")
_REVISED = 50  #: every so-manieth article is corrected
_LISTED = 500  #: links a listing is read to show in one walk
_ENVIRONMENT = {"NEVAWIRE_NOW": LATER.isoformat(), "NEVAWIRE_ALLOW_ADDRESS": ""}
#: Every so-manieth article is a report in the words that all reports are in: many are alike.
_REPORTS = 3
_REPORT = {
    "ru": "ветер снег дождь мороз туман гололёд оттепель гроза облачно солнечно градусов давление метров видимость ночью днём "
    "утром вечером порывы осадки лёд залив уровень воды судам буксирам ледоколам лоцманам дорогам мостам водителям пешеходам",
    "en": "wind snow rain frost fog ice thaw storm cloudy sunny degrees pressure metres visibility night day morning evening "
    "gusts showers bay level water ships tugs icebreakers pilots roads bridges drivers pedestrians warning",
}
_SMALL = {"ru": "и в на для с по из к о при после".split(), "en": "the of and in to for with at by on from".split()}


def main() -> int:
    """Print the figures; return the exit status: 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--corrected", action="store_true")
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(given.keep or Path(folder), given.pages, given.kills, corrected=given.corrected)
    print(json.dumps(figures))
    return int(any(figures[name] for name in figures if name.endswith("_differing")))


def measured(folder: Path, count: int, kills: int, *, corrected: bool) -> dict[str, Any]:
    """Make the fresh run and the replay of count pages in folder, and return how they compare."""
    fresh, again = folder / "fresh", folder / "again"
    fresh.mkdir(parents=True)
    started, spent = time.perf_counter(), _cpu()
    asyncio.run(_fresh_run(fresh, count, corrected=corrected))
    fresh_s, fresh_cpu = time.perf_counter() - started, _cpu() - spent
    shutil.copytree(fresh, again)
    stale = _spoil(again / "store/nevawire.sqlite")
    started, spent = time.perf_counter(), _cpu()
    for number in range(kills):
        _replay(again, leave=stale * (kills - number) // (kills + 1))
    rest = _left(again)
    _replay(again)
    differing = {name: _differing(name, fresh, again) for name in _COMPARED[: 3 + (not corrected)]}
    return {
        "pages": stale, "kills": kills, "left_after_kills": rest, "left": _left(again),
        **{f"{name}_differing": len(found) for name, found in differing.items()},
        "articles": len(_rows(fresh, "SELECT id FROM articles")), "revisions": len(_rows(fresh, "SELECT id FROM revisions")),
        "fresh_s": round(fresh_s, 1), "fresh_cpu_s": round(fresh_cpu, 1),
        "replay_s": round(time.perf_counter() - started, 1), "replay_cpu_s": round(_cpu() - spent, 1),
    }  # fmt: skip


# ── the fresh run ───────────────────────────────────────────────────────────────────────────
class _Press:
    """Answers for the sites in the network's place: address → page."""

    def __init__(self, now: clock.Clock) -> None:
        self.pages: dict[str, pages.Page] = {}
        self.hosts = collect.Hosts(now)
        self.now = now

    async def fetch(self, url: str, *, source: Source, validators: Validators, role: str) -> Fetch:
        found = self.pages.get(url)
        if found is None or role != "article":
            return Fetch(source.id, url, "status-404", self.now.now())
        digest = hashlib.sha256(found.body).hexdigest()
        headers = {"content-type": found.type}
        page = FetchedPage(source.id, url, url, 200, headers, found.body, self.now.now(), digest)
        kind = "same-digest" if digest == validators.digest else "ok"
        return Fetch(source.id, url, kind, self.now.now(), size=len(found.body), page=page)


async def _fresh_run(folder: Path, count: int, *, corrected: bool) -> None:
    sites = {name: load_site(name) for name in SITE_IDS}
    bases = {name: f"http://127.0.0.1:{number}" for number, name in enumerate(SITE_IDS, 1)}
    articles = {name: list(_articles(site, count // len(sites))) for name, site in sites.items()}
    config = _config(folder, bases)
    store = open_store(folder / "store")
    try:
        async with Children() as children:
            for again in (False, True)[: 1 + corrected]:
                own = clock.frozen(LATER if corrected == again else NOW)
                press = _Press(own)
                room: Any = newsroom.Newsroom(config, store, press, children, own, folder / "feeds", None)  # type: ignore[arg-type]  # stands in for the network
                for source in config.sources:
                    shown = [_corrected(one) if again and number % _REVISED == 0 else one
                             for number, one in enumerate(articles[source.id])]  # fmt: skip
                    site, base = sites[source.id], bases[source.id]
                    press.pages = {base + path: page for path, page in pages.build(site, shown, base).items()}
                    if not again:
                        _announce(room, source, [(base + site.path(one), one) for one in shown])
                    await gather.read_pages(room, f"r{again:d}", source, SourceReport(source.id))
                publish(room)
    finally:
        store.close()


def _config(folder: Path, bases: Mapping[str, str]) -> Config:
    text = (Path(pages.__file__).parent / "sources.yaml").read_text("utf-8")
    for name, base in bases.items():
        text = text.replace(f"http://{name}.example", base)
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    return sources.load(folder / "sources.yaml")


def _announce(room: newsroom.Newsroom, source: Source, shown: Sequence[tuple[str, DemoArticle]]) -> None:
    """Note the articles of a site as its listings show them; one in seven in one language is on no listing."""
    for language in LANGUAGES:
        listing = next((one for one in source.listings if one.language == language), source.listings[0])
        links = [
            Link(url, one.title, "", teaser=one.paragraphs[0], language=listing.language, place=place, listing=listing.url)
            for place, (url, one) in enumerate(shown)
            if one.language == language and not (source.versions and language == "en" and place % 7 == 0)
        ]  # fmt: skip
        for start in range(0, len(links), _LISTED):
            room.store.collected.record_walk(
                "r0", source, listing.url, [], links[start : start + _LISTED], whole=True, good=True, now=NOW
            )


def _articles(site: DemoSite, count: int) -> Iterator[DemoArticle]:
    chance = random.Random(site.id)  # the same articles every time
    words, languages = _vocabulary(), list(site.editions)
    for number in range(count // len(languages)):
        for language in languages:
            at = datetime(2026, 11, 19, 9, tzinfo=MOSCOW) - timedelta(hours=7 * number + chance.randrange(6))
            categories = list(site.editions[language].categories) or [""]
            own = _REPORT[language].split() if number % _REPORTS == 1 else words[language]
            writer = _Writer(chance, own, _SMALL[language])
            yield DemoArticle(
                site.id, str(1000 + number), language, writer.sentence(6).rstrip("."), at, f"{site.id}-{number}",
                tuple(writer.paragraph(part) for part in range(chance.randrange(3, 9))),
                category=categories[number % len(categories)], picture=writer.sentence(4) if number % 3 else "",
            )  # fmt: skip


def _vocabulary() -> dict[str, list[str]]:
    """Return the words that articles are made of, by language: those of the lexicon."""
    text = files("pipeline.pairing").joinpath("lexicon.tsv").read_text("utf-8")
    columns = [line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith("#")]
    return {code: [word for one in columns for word in one[side].split()] for side, code in enumerate(("ru", "en"))}


@dataclass(frozen=True)
class _Writer:
    """Makes up text of some words, none of them with a meaning in mind."""

    chance: random.Random
    words: Sequence[str]
    small: Sequence[str]  #: what stands between them

    def paragraph(self, part: int) -> str:
        """Return a paragraph; some are headings or items of a list."""
        if part and part % 3 == 0:
            return self.chance.choice(("## ", "- ")) + self.sentence(5)
        return " ".join(self.sentence(self.chance.randrange(8, 20)) for _ in range(self.chance.randrange(2, 5)))

    def sentence(self, count: int) -> str:
        """Return a sentence of so many words and a number."""
        said = [
            word for own in self.chance.choices(self.words, k=count) for word in (self.chance.choice(self.small), own)
        ]
        return " ".join([*said, str(self.chance.randrange(10, 9999))]).capitalize() + "."


def _corrected(article: DemoArticle) -> DemoArticle:
    return replace(article, paragraphs=(*article.paragraphs[:-1], article.paragraphs[-1] + " (1)"))


# ── the replay ──────────────────────────────────────────────────────────────────────────────
def _spoil(database: Path) -> int:
    """Make a store look like the work of older stages; return how many pages there are to read again.

    Titles and texts stay: correcting them is news to subscribers, and moves `updated`.
    """
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE articles SET version = '0.0', made_by = 'an older way', dropped = '[]'")
        connection.execute("UPDATE articles SET html = '<p>' || text || '</p>', images = '[]' WHERE place % 3 = 1")
        connection.execute(
            "UPDATE articles SET published = NULL, zone = '', precision = '', published_evidence = '' WHERE place % 5 = 1"
        )
        connection.execute(
            "UPDATE articles SET language = 'other', confidence = 0.1, language_evidence = '[]' WHERE place % 7 = 1"
        )
        connection.execute("UPDATE profiles SET profile = json_set(profile, '$.version', '0.0', '$.pages', json('{}'))")
        done = connection.execute("UPDATE addresses SET read_by = '0.0' WHERE capture IS NOT NULL").rowcount
    connection.close()
    return done


def _replay(folder: Path, leave: int | None = None) -> None:
    """Run the verb over folder; kill it and its children once no more than leave pages are left. Raises where it fails."""
    environment = {**os.environ, **_ENVIRONMENT, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    words = [
        f"--{name}={folder / path}"
        for name, path in (("sources", "sources.yaml"), ("store", "store"), ("feeds", "feeds"))
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "replay", "--json", *words],
        env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while leave is not None and process.poll() is None and _left(folder) > leave:
        time.sleep(0.02)
    if leave is not None and process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    elif process.wait() != 0:
        raise RuntimeError(f"replay ended with status {process.returncode}")


def _left(folder: Path) -> int:
    return int(_rows(folder, "SELECT count(*) FROM addresses WHERE read_by = '0.0'")[0][0])


# ── the comparison ──────────────────────────────────────────────────────────────────────────
def _differing(name: str, fresh: Path, again: Path) -> list[str]:
    """Return the keys of what is not the same in both, and name the first of them."""
    one, other = (_feeds(folder) if name == "feeds" else _table(folder, name) for folder in (fresh, again))
    found = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    for key in found[:5]:
        print(f"{name} {key}:\n  {one.get(key)!r:.600}\n  {other.get(key)!r:.600}", file=sys.stderr)
    return found


def _table(folder: Path, name: str) -> dict[str, tuple[Any, ...]]:
    query = f"SELECT * FROM {name}"
    if name == "stories":
        query = "SELECT i.article, t.id, t.story, t.language, i.rank, s.* FROM text_items i JOIN texts t ON t.id = i.text JOIN stories s ON s.id = t.story"
    return {row[0]: row for row in _rows(folder, query)}


def _feeds(folder: Path) -> dict[str, str]:
    files = sorted(path for path in (folder / "feeds").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / "store/nevawire.sqlite", timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _cpu() -> float:
    return sum(os.times()[:4])


if __name__ == "__main__":
    sys.exit(main())
