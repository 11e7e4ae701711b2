"""How surely the language stage tells Russian and English, with nothing declared.

    python benchmarks/language.py --data ../shared/bench/pairing/D_alldomains

DATA holds docs.jsonl (lang, title, text). text_accuracy and title_accuracy are over its documents
in both languages. ru_precision_mix: of all texts called Russian in a mix of the Russian documents'
texts and titles of as many sentences as there are in tests/data/language/foreign.tsv (Ukrainian, Belarusian, Bulgarian,
Macedonian, Serbian, Kazakh, Tatar), the share that is.

The last line of standard output is one JSON object; the errors go to standard error.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import language
from pipeline.model import Article

FOREIGN = Path(__file__).parents[1] / "tests" / "data" / "language" / "foreign.tsv"


def main() -> int:
    """Print the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with docs.jsonl")
    options = parser.parse_args()
    print(json.dumps(measure(options.data)))
    return 0


def measure(data: Path) -> dict[str, float]:
    """Return the figures; the errors go to standard error."""
    docs = [json.loads(line) for line in (data / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    foreign = [tuple(line.split("\t")) for line in FOREIGN.read_text(encoding="utf-8").splitlines()]
    started = time.process_time()
    figures = {
        "text_accuracy": _accuracy(docs, "text"),
        "title_accuracy": _accuracy(docs, "title"),
        "ru_precision_mix": _precision(docs, foreign),
    }
    spent = time.process_time() - started
    print(f"{len(docs)} documents, {len(foreign)} foreign sentences, {spent:.1f} s of processor time", file=sys.stderr)
    return figures


def _told(title: str, text: str) -> str:
    return language.identify(Article("bench", "https://bench.example/", title, text, "", None)).code


def _accuracy(docs: Sequence[Mapping[str, Any]], what: str) -> float:
    right = 0
    for doc in docs:
        code = _told(doc["title"], "") if what == "title" else _told("", doc["text"])
        right += code == doc["lang"]
        if code != doc["lang"]:
            print(f"{what}: {doc['lang']} called {code}: {doc[what][:100]}", file=sys.stderr)
    return round(right / len(docs), 5)


def _precision(docs: Sequence[Mapping[str, Any]], foreign: Sequence[tuple[str, ...]]) -> float:
    """As many Russian texts as foreign sentences, drawn once and for all."""
    russian = [doc for doc in docs if doc["lang"] == "ru"]
    drawn = random.Random(0).sample(russian, min(len(russian), len(foreign)))
    true = sum(_told("", doc["text"]) == "ru" for doc in drawn)
    false = 0
    for code, sentence in foreign:
        if _told("", sentence) == "ru":
            false += 1
            print(f"mix: {code} called ru: {sentence}", file=sys.stderr)
    return round(true / (true + false), 4) if true + false else 0.0


if __name__ == "__main__":
    sys.exit(main())
