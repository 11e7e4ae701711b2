"""What pairing costs as the window grows: made-up documents, time and memory.

    python benchmarks/pairing_scale.py [--side 500] [--side 2000] …

Each `--side N` pairs N Russian with N English made-up articles of one window, half of which are
versions of each other. One JSON line each: seconds for features and for pairing, CPU time,
articles per CPU second, megabytes at the peak so far, pairs found and pairs found wrongly.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipeline import address
from pipeline.model import Article, Item, Language, Published
from pipeline.pairing import lexicon, pair
from pipeline.pairing.features import Features, features

NOW = datetime(2024, 1, 10, tzinfo=UTC)
_CONSONANTS, _VOWELS = "бвгдзклмнпрст", "аои"
_LATIN = dict(zip("бвгдзклмнпрстаои", "bvgdzklmnprstaoi", strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, action="append", help="articles of each language")
    for side in parser.parse_args(arguments).side or [500, 2000]:
        print(json.dumps(measured(side)))
    return 0


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


def window(side: int) -> tuple[list[Item], set[tuple[str, str]]]:
    """Make up a window of side articles in each language, every second one with its version."""
    chance = random.Random(side)
    words = sorted(lexicon.shipped().english.items())
    names = [_name(chance) for _ in range(side)]
    items, true = [], set()
    for number in range(side):
        russian, english = _texts(chance, words, names)
        if number % 2:  # no version: the English one is another text
            english = _texts(chance, words, names)[1]
        both = [_item(number, "ru", russian), _item(number, "en", english)]
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


def _item(number: int, language: str, text: str) -> Item:
    url = f"https://n.example/{language}/{number}"
    at = NOW - timedelta(hours=number % 72)
    article = Article("n", url, text[:60], text, "", Published(at, "UTC", "minute", "rule"))
    return Item(address.article_id(url), article, Language(language, 1.0), at, at)


if __name__ == "__main__":
    sys.exit(main())
