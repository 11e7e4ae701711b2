r"""How well the extract stage reads real pages, beside plain trafilatura on the same pages.

    python benchmarks/extraction.py --data ../shared/bench/extraction

DATA holds gold.jsonl (id, page, url, title, date, body; null = not scored) and the gzipped pages it
names. Each page is read alone, as the first of its source; --together finishes the pages of one host
together, as a run does, so that what they share is dropped.

body_f1 is the metric of the public article-extraction benchmark: texts are cut into words (`\w+`,
case kept) and shingles of four words, counted as multisets; a page's precision and recall are taken
over them (both 1 where nothing is wrong, 0 where nothing is right), averaged over the pages that
have any predicted (precision) or any true (recall) shingle, and F1 is made of the two means.
title_exact folds case, punctuation and width; date_day compares the local day as the page states
it; no_date is the share of dated pages left without one; invented_dates counts answers wrong by
more than 30 days. The bootstrap draws pages of `fundus` + `sh` with replacement and gives
the lower 95 % bound of the F1 difference (body_f1_gain_low). worst_ru_loss is by how much the body F1 of
that `ru` page falls below trafilatura's for which it does so most; 0 where it does so for none.

The last line of standard output is one JSON object; figures per set and the worst pages go to standard error.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import trafilatura

from pipeline import extract
from pipeline.model import Article, FetchedPage, Profile, Published, Source

DRAWS = 1000
INVENTED = timedelta(days=30)
#: When the pages were fetched: after the newest of them; fixed, since "12 March" means the last one.
NOW = datetime(2026, 9, 1, tzinfo=UTC)
Counts = tuple[float, float, float]


@dataclass(frozen=True)
class Answer:
    """What an extractor said of one page, and what it took."""

    text: str
    title: str
    day: date | None
    seconds: float


def main() -> int:
    """Print the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with gold.jsonl and pages/")
    parser.add_argument("--worst", type=int, default=10, help="how many pages to name on standard error")
    parser.add_argument("--together", action="store_true", help="finish the pages of one host together")
    options = parser.parse_args()
    rows, pages = _gold(options.data)
    ours = _ours(rows, pages, together=options.together)
    theirs = {row["id"]: _trafilatura(pages[row["id"]], row["url"]) for row in rows}
    figures = {
        **_figures(rows, ours),
        **{f"trafilatura_{name}": value for name, value in _figures(rows, theirs).items()},
    }
    figures["body_f1_gain_low"] = _gain_low(rows, ours, theirs)
    figures["worst_ru_loss"] = _worst_ru_loss(rows, ours, theirs)
    _report(rows, ours, theirs, options.worst)
    print(json.dumps(figures))
    return 0


def measure(data: Path, every: int = 1) -> dict[str, float]:
    """Return our own figures over every so-manieth page and all Russian ones, which trafilatura reads too."""
    rows, pages = _gold(data)
    rows = [row for at, row in enumerate(rows) if at % every == 0 or _is_ru(row)]
    ours = _ours(rows, pages, together=False)
    theirs = {row["id"]: _trafilatura(pages[row["id"]], row["url"]) for row in rows if _is_ru(row)}
    return {**_figures(rows, ours), "worst_ru_loss": _worst_ru_loss(rows, ours, theirs)}


def _gold(data: Path) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    rows = [json.loads(line) for line in (data / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return rows, {row["id"]: gzip.decompress((data / row["page"]).read_bytes()) for row in rows}


# ── the two extractors ──────────────────────────────────────────────────────────────────────
def _ours(rows: Sequence[Mapping[str, Any]], pages: Mapping[str, bytes], *, together: bool) -> dict[str, Answer]:
    hosts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        hosts[(urlsplit(row["url"]).hostname or "") if together else row["id"]].append(row)
    answers = {}
    extract.read(_page("https://warm.example/", b"<h1>warm</h1><p>up</p>"), _source("warm"), None)
    for host, members in hosts.items():
        readings, seconds = [], []
        for row in members:
            started = time.process_time()
            readings.append(extract.read(_page(row["url"], pages[row["id"]]), _source(host), None))
            seconds.append(time.process_time() - started)
        started = time.process_time()
        finished, _ = extract.finish(readings, Profile(host), _source(host))
        shared = (time.process_time() - started) / len(members)
        for row, one, spent in zip(members, finished, seconds, strict=True):
            answers[row["id"]] = _answer(one, spent + shared)
    return answers


def _source(host: str) -> Source:
    return Source(host, {}, "bench", ())


def _page(url: str, body: bytes) -> FetchedPage:
    return FetchedPage("bench", url, url, 200, {}, body, NOW, hashlib.sha256(body).hexdigest())


def _answer(one: object, seconds: float) -> Answer:
    if not isinstance(one, Article):
        return Answer("", "", None, seconds)
    return Answer(one.text, one.title, _local_day(one.published), seconds)


def _local_day(published: Published | None) -> date | None:
    if published is None:
        return None
    offset = re.fullmatch(r"([+-])(\d\d):(\d\d)", published.zone)
    if offset is None:
        return published.at.astimezone(ZoneInfo(published.zone)).date()
    delta = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (-1 if offset[1] == "-" else 1)
    return published.at.astimezone(timezone(delta)).date()


def _trafilatura(body: bytes, url: str) -> Answer:
    started = time.process_time()
    document = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    seconds = time.process_time() - started
    if document is None:
        return Answer("", "", None, seconds)
    said = document if isinstance(document, dict) else document.as_dict()
    return Answer(
        said["text"] or "", said["title"] or "", date.fromisoformat(said["date"]) if said["date"] else None, seconds
    )


# ── scoring ─────────────────────────────────────────────────────────────────────────────────
def _figures(rows: Sequence[Mapping[str, Any]], answers: Mapping[str, Answer]) -> dict[str, float]:
    counts = [_counts(row["body"], answers[row["id"]].text) for row in rows if row["body"] is not None]
    titles = [_folded(row["title"]) == _folded(answers[row["id"]].title) for row in rows if row["title"] is not None]
    dated = [(date.fromisoformat(row["date"]), answers[row["id"]].day) for row in rows if row["date"] is not None]
    seconds = [answer.seconds for answer in answers.values()]
    return {
        "body_f1": round(_f1(counts), 4),
        "title_exact": _share(titles),
        "date_day": _share([gold == said for gold, said in dated]),
        "no_date": _share([said is None for _, said in dated]),
        "invented_dates": sum(said is not None and abs(said - gold) > INVENTED for gold, said in dated),
        "pages_per_cpu_s": round(len(seconds) / sum(seconds), 1),
        "worst_ms": round(max(seconds) * 1000),
    }


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0


def _folded(title: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", title).casefold()))


def _counts(true: str, said: str) -> Counts:
    gold, found = _shingles(true), _shingles(said)
    hit = sum((gold & found).values())
    return hit, sum(found.values()) - hit, sum(gold.values()) - hit


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(shingle for at in range(max(1, len(words) - 3)) if (shingle := tuple(words[at : at + 4])))


def _f1(counts: Sequence[Counts]) -> float:
    precision = statistics.mean(_rate(hit, extra, lost) for hit, extra, lost in counts if hit + extra > 0)
    recall = statistics.mean(_rate(hit, lost, extra) for hit, extra, lost in counts if hit + lost > 0)
    return 2 * precision * recall / (precision + recall)


def _rate(hit: float, wrong: float, other: float) -> float:
    if wrong == other == 0:
        return 1.0
    return hit / (hit + wrong) if hit else 0.0


def _gain_low(rows: Sequence[Mapping[str, Any]], ours: Mapping[str, Answer], theirs: Mapping[str, Answer]) -> float:
    scored = [row for row in rows if row["body"] is not None and row["id"].split("/")[0] in ("fundus", "sh")]
    pairs = [
        (_counts(row["body"], ours[row["id"]].text), _counts(row["body"], theirs[row["id"]].text)) for row in scored
    ]
    if not pairs:
        return 0.0
    chance = random.Random(0)
    gains = []
    for _ in range(DRAWS):
        drawn = chance.choices(pairs, k=len(pairs))
        gains.append(_f1([mine for mine, _ in drawn]) - _f1([other for _, other in drawn]))
    return round(sorted(gains)[int(0.025 * DRAWS)], 4)


def _is_ru(row: Mapping[str, Any]) -> bool:
    return str(row["id"]).split("/")[0] == "ru"


def _worst_ru_loss(
    rows: Sequence[Mapping[str, Any]], ours: Mapping[str, Answer], theirs: Mapping[str, Answer]
) -> float:
    scored = [row for row in rows if _is_ru(row) and row["body"] is not None]
    return round(max((0.0, *(_f1_of(row, theirs) - _f1_of(row, ours) for row in scored))), 4)


def _report(
    rows: Sequence[Mapping[str, Any]], ours: Mapping[str, Answer], theirs: Mapping[str, Answer], worst: int
) -> None:
    sets: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        sets[row["id"].split("/")[0]].append(row)
    for name, members in sorted(sets.items()):
        for who, answers in (("ours", ours), ("trafilatura", theirs)):
            figures = _figures(members, {row["id"]: answers[row["id"]] for row in members})
            print(f"{name:8} {len(members):4} {who:12} {json.dumps(figures)}", file=sys.stderr)
    scored = [row for row in rows if row["body"] is not None]
    gains = sorted(
        (_f1_of(row, ours) - _f1_of(row, theirs), row["id"]) for row in scored
    )  # fmt: skip
    for gain, page in gains[:worst]:
        print(f"  {gain:+.3f} against trafilatura: {page}", file=sys.stderr)


def _f1_of(row: Mapping[str, Any], answers: Mapping[str, Answer]) -> float:
    hit, extra, lost = _counts(row["body"], answers[row["id"]].text)
    return 2 * hit / (2 * hit + extra + lost) if hit else 0.0


if __name__ == "__main__":
    sys.exit(main())
