"""What pairing costs as the window grows: made-up documents, time and memory.

    python benchmarks/pairing_scale.py [--side 500] [--side 2000] … [--hourly 20000] [--new 50] [--archive 1000000]

Each `--side N` pairs N Russian with N English made-up articles of one window, half of which are
versions of each other. One JSON line each: seconds for features and for pairing, CPU time,
articles per CPU second, megabytes at the peak so far, pairs found and pairs found wrongly.

`--hourly N` puts N articles of the last 30 days into a store in a temporary folder, pairs them
as one pass would, and then pairs `--new` more, twice: `living` as the hourly pass of a process that goes on
(`nevawire watch`), `begun` in a process begun for it (`nevawire run` from cron), both from the store, into the
store, the articles' features and what the process needs for them (lexicon, weights) included; starting Python and
importing the program is told apart. `--archive M` lays M older stories below first, which no pass should feel.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipeline import address, pairs
from pipeline.model import Article, Config, Item, Language, Published, Publisher, PublishRules
from pipeline.pairing import lexicon, pair
from pipeline.pairing.features import Features, features
from pipeline.store import Store, open_store
from pipeline.store.engine import open_engine, writing
from pipeline.store.tables import articles, metadata

NOW = datetime(2024, 1, 10, tzinfo=UTC)
#: Sites that the articles in the store come from.
SOURCES = 40
#: A day of the year that ended a season before the window, by number, as the store writes it.
_DAY = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2023-10-01', '-' || (n % 365) || ' days')"
_CONSONANTS, _VOWELS = "бвгдзклмнпрст", "аои"
_LATIN = dict(zip("бвгдзклмнпрстаои", "bvgdzklmnprstaoi", strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, action="append", help="articles of each language")
    parser.add_argument("--hourly", type=int, action="append", help="articles that the store holds already")
    parser.add_argument("--new", type=int, default=50, help="articles that come new")
    parser.add_argument("--archive", type=int, default=0, help="older stories that the store holds, too")
    parser.add_argument("--begun", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.begun:
        print(json.dumps(passed(open_store(given.begun))))
        return 0
    for side in given.side or ([] if given.hourly else [500, 2000]):
        print(json.dumps(measured(side)))
    for many in given.hourly or []:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(hourly(Path(folder), many, given.new, given.archive)))
    return 0


def hourly(folder: Path, many: int, new: int, archive: int) -> dict[str, object]:
    """Pair `new` articles with `many` recent ones, out of a store and into it, and return the figures."""
    items, true = window((many + 2 * new) // 2, days=30)
    both = zip(items[::2], items[1::2], strict=True)
    late = [pair[0 if number % 4 < 2 else 1] for number, pair in zip(range(2 * new), both, strict=False)]
    store, ids = open_store(folder), {one.id for one in late}
    put(folder, [item for item in items if item.id not in ids])
    first = passed(store)
    if archive:
        lay_below(folder, archive)
    put(folder, late[::2])
    living = passed(store)
    put(folder, late[1::2])
    command = [sys.executable, __file__, "--begun", str(folder)]
    begun = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = {(s.texts["ru"].lead.id, s.texts["en"].lead.id) for s in store.stories.load_in_order(_stories(store, ids))
             if len(s.texts) == 2}  # fmt: skip
    ours = {pair for pair in true if ids & {*pair}}
    store.close()
    return {
        "recent": len(items) - len(late), "archive": archive, "new": new, "first_pass": first, "living": living,
        "begun": begun, "found": len(found & ours), "of": len(ours), "wrong": len(found - true),
    }  # fmt: skip


def passed(store: Store) -> dict[str, float]:
    """Pair what is new in a store, and return what that cost; imports: the CPU seconds of this process before it."""
    config = Config(Publisher({}, "https://n.example/", ""), PublishRules(), ())
    started, by_the_clock = time.process_time(), time.perf_counter()
    pairs.pair_up(store, config, NOW)
    return {
        "cpu_s": round(time.process_time() - started, 2),
        "s": round(time.perf_counter() - by_the_clock, 2),
        "imports_s": round(started, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _stories(store: Store, ids: Collection[str]) -> list[str]:
    return [story.id for story in store.stories.of_items(store.features.items(ids))]


def lay_below(folder: Path, count: int) -> None:
    """Put older stories into the store in folder, a year's worth that ended a season ago: one row of each table, numbered.

    They have hardly any text: what a pass could feel is how many rows there are.
    """
    named: dict[str, dict[str, str]] = {
        "articles": {
            "id": "'z' || n",
            "url": "url || n",
            "text": "''",
            "dated": _DAY,
            "published": _DAY,
            "first_seen": _DAY,
        },
        "features": {"article": "'z' || n", "told": "'{}'", "sketch": "zeroblob(16)"},
        "stories": {"id": "'urn:story:' || n", "updated": _DAY},
        "texts": {"id": "'urn:text:' || n", "story": "'urn:story:' || n"},
        "text_items": {"article": "'z' || n", "text": "'urn:text:' || n"},
    }
    with writing(open_engine(f"sqlite:///{folder / 'nevawire.sqlite'}")) as connection:
        for name, own in named.items():
            columns = [column.name for column in metadata.tables[name].columns]
            values = ", ".join(own.get(column, f'"{column}"') for column in columns)
            numbers = f"WITH RECURSIVE every(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM every WHERE n < {count})"
            one = f"(SELECT * FROM {name} LIMIT 1)"
            listed = ", ".join(f'"{column}"' for column in columns)
            connection.exec_driver_sql(f"{numbers} INSERT INTO {name} ({listed}) SELECT {values} FROM every, {one}")


def put(folder: Path, items: Sequence[Item]) -> None:
    """Put articles into the store in folder, as new ones."""
    empty = dict.fromkeys(("html", "digest", "made_by", "version"), "")
    lists: dict[str, list[str]] = {
        name: [] for name in ("language_evidence", "images", "alternates", "authors", "dropped", "robots")
    }
    rows = [
        {
            "id": item.id, "source": f"n{place % SOURCES}", "url": item.article.url, "title": item.article.title,
            "text": item.article.text, "language": item.language.code, "confidence": 1.0, "published": item.first_seen,
            "zone": "UTC", "precision": "minute", "published_evidence": "rule", "declared": {},
            "first_seen": item.first_seen, "updated": item.first_seen, "dated": item.first_seen, "place": 0,
            "history": False, "paired": False, **empty, **lists,
        }
        for place, item in enumerate(items)
    ]  # fmt: skip
    engine = open_engine(f"sqlite:///{folder / 'nevawire.sqlite'}")
    with writing(engine) as connection:
        connection.execute(articles.insert(), rows)
    engine.dispose()


def measured(side: int) -> dict[str, float]:
    """Pair side articles of each language and return the figures."""
    items, true = window(side)
    cache: dict[str, Features] = {}
    started = time.process_time()
    for item in items:
        features(item, cache)
    read = time.process_time()
    with threadpool_limits(1, user_api="blas"):  # as a pass does
        out = pair(items, stories=(), verdicts=(), sources={}, home="https://n.example/", now=NOW, cache=cache)
    done = time.process_time()
    found = {(s.texts["ru"].lead.id, s.texts["en"].lead.id) for s in out.stories if len(s.texts) == 2}
    return {
        "side": side,
        "features_s": round(read - started, 2),
        "pairing_s": round(done - read, 2),
        "articles_per_cpu_s": round(len(items) / (done - started), 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "found": len(found & true),
        "of": len(true),
        "wrong": len(found - true),
    }


def window(side: int, days: int = 3) -> tuple[list[Item], set[tuple[str, str]]]:
    """Make up a window of side articles in each language, dated over days, every second one with its version."""
    chance = random.Random(side)
    words = sorted(lexicon.shipped().english.items())
    names = [_name(chance) for _ in range(side)]
    items, true = [], set()
    for number in range(side):
        russian, english = _texts(chance, words, names)
        if number % 2:  # no version: the English one is another text
            english = _texts(chance, words, names)[1]
        both = [_item(number, "ru", russian, days), _item(number, "en", english, days)]
        items += both
        if not number % 2:
            true.add((both[0].id, both[1].id))
    return items, true


def _texts(chance: random.Random, words: list[tuple[str, tuple[str, ...]]], names: list[str]) -> tuple[str, str]:
    """Make up a text of some 200 words and its version."""
    russian, english = [], []
    for _ in range(200):
        if chance.random() < 0.08:
            name = chance.choice(names)
            russian.append(name.capitalize())
            english.append("".join(_LATIN[letter] for letter in name).capitalize())
        else:
            stem, targets = words[min(int(chance.paretovariate(0.6)), len(words)) - 1]
            russian.append(stem)
            english.append(chance.choice(targets))
    return " ".join(russian), " ".join(english)


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(4))


def _item(number: int, language: str, text: str, days: int) -> Item:
    url = f"https://n.example/{language}/{number}"
    at = NOW - timedelta(hours=number % (24 * days))
    article = Article("n", url, text[:60], text, "", Published(at, "UTC", "minute", "rule"))
    return Item(address.article_id(url), article, Language(language, 1.0), at, at)


if __name__ == "__main__":
    sys.exit(main())
