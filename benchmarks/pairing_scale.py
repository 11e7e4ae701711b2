"""What pairing costs as the window grows: made-up documents, time and memory.

    python benchmarks/pairing_scale.py [--side 500] [--side 2000] … [--hourly 20000] [--new 50]

Each `--side N` pairs N Russian with N English made-up articles of one window, half of which are
versions of each other. One JSON line each: seconds for features and for pairing, CPU time,
articles per CPU second, megabytes at the peak so far, pairs found and pairs found wrongly.

`--hourly N` puts N articles of the last 30 days into a store in a temporary folder, pairs them
as one pass would, and then pairs `--new` more, as the hourly pass does: from the store, into the
store. Its JSON line tells the CPU seconds (of the process and of the system for it) and the seconds by the
clock of that second pass in a warm process, as `watch` is: reading the new articles, rows of the window out of the
store, ranking, scoring, copies, related stories, threads and proposals, and writing; not the loading of lexicon
and weights, which is `cold_s`, and not the stems of words met before.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import address, pairs
from pipeline.model import Article, Config, Item, Language, Published, Publisher, PublishRules
from pipeline.pairing import lexicon, pair, score
from pipeline.pairing.features import Features, features
from pipeline.store import open_store
from pipeline.store.engine import open_engine, writing
from pipeline.store.tables import articles

NOW = datetime(2024, 1, 10, tzinfo=UTC)
#: Sites that the articles in the store come from.
SOURCES = 40
_CONSONANTS, _VOWELS = "бвгдзклмнпрст", "аои"
_LATIN = dict(zip("бвгдзклмнпрстаои", "bvgdzklmnprstaoi", strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, action="append", help="articles of each language")
    parser.add_argument("--hourly", type=int, action="append", help="articles that the store holds already")
    parser.add_argument("--new", type=int, default=50, help="articles that come new")
    given = parser.parse_args(arguments)
    started = time.process_time()
    lexicon.shipped()
    score.shipped()
    cold = round(time.process_time() - started, 2)
    for side in given.side or ([] if given.hourly else [500, 2000]):
        print(json.dumps(measured(side)))
    for many in given.hourly or []:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps({**hourly(Path(folder), many, given.new), "cold_s": cold}))
    return 0


def hourly(folder: Path, many: int, new: int) -> dict[str, float]:
    """Pair `new` articles with `many` recent ones, out of a store and into it, and return the figures."""
    items, true = window((many + new) // 2, days=30)
    late = {
        pair[0 if number % 4 < 2 else 1].id
        for number, pair in enumerate(zip(items[::2], items[1::2], strict=True))
        if number < new
    }
    config = Config(Publisher({}, "https://n.example/", ""), PublishRules(), ())
    store = open_store(folder)
    put(folder, [item for item in items if item.id not in late])
    started = time.process_time()
    pairs.pair_up(store, config, NOW)
    first = time.process_time() - started
    put(folder, [item for item in items if item.id in late])
    started, by_the_clock = time.process_time(), time.perf_counter()
    pairs.pair_up(store, config, NOW)
    figures = {"cpu_s": time.process_time() - started, "s": time.perf_counter() - by_the_clock}
    found = {(s.texts["ru"].lead.id, s.texts["en"].lead.id) for s in store.stories.each() if len(s.texts) == 2}
    ours = {pair for pair in true if late & {*pair}}
    store.close()
    return {
        "recent": len(items) - len(late),
        "new": len(late),
        "first_pass_cpu_s": round(first, 2),
        **{name: round(value, 2) for name, value in figures.items()},
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "found": len(found & ours),
        "of": len(ours),
        "wrong": len(found - true),
    }


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
