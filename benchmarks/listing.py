"""How well articles are found on listing pages without a selector.

    python benchmarks/listing.py --data ../shared/bench/listing

The folder holds NAME.html.gz and gold.json (NAME → regular expression over path and query that
article links match). Per page to stderr; the last line of stdout is one JSON object.
The second visit is made with the group remembered from a first one, on which
every third article link was missing.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from pipeline import charset
from pipeline.collect.listing import read_listing
from pipeline.model import FetchedPage, Listing, Profile


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of NAME.html.gz pages with gold.json")
    folder = parser.parse_args().data
    print(json.dumps(measure(folder)))


def measure(folder: Path) -> dict[str, float]:
    """Return precision, recall, f1, second_visit_f1 and the number of pages; details to stderr."""
    gold: Mapping[str, str] = json.loads((folder / "gold.json").read_text("utf-8"))
    first, second = [], []
    for name, pattern in sorted(gold.items()):
        body = gzip.decompress((folder / f"{name}.html.gz").read_bytes())
        url = f"http://{name.partition('_')[0]}/"
        right = _right(body, url, pattern)
        found, _ = _found(body, url, "")
        _, group = _found(_thinned(body, url, right), url, "")
        again, _ = _found(body, url, group)
        first.append(_score(found, right))
        second.append(_score(again, right))
        print(f"{name}: precision {first[-1][0]:.3f} recall {first[-1][1]:.3f} of {len(right)}; "
              f"second visit {second[-1][0]:.3f} {second[-1][1]:.3f}; {group}", file=sys.stderr)  # fmt: skip
    precision, recall = _means(first)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(_harmonic(precision, recall), 4),
        "second_visit_f1": round(_harmonic(*_means(second)), 4),
        "pages": len(gold),
    }


def _found(body: bytes, url: str, group: str) -> tuple[set[str], str]:
    page = FetchedPage(
        "benchmark", url, url, 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC), hashlib.sha256(body).hexdigest()
    )
    reading = read_listing(page, Listing(url), Profile("benchmark", link_groups={url: group} if group else {}))
    return {_folded(link.url) for link in reading.links}, reading.group


def _right(body: bytes, url: str, pattern: str) -> set[str]:
    return {_folded(link) for link in _same_host(body, url) if re.search(pattern, _tail(link))}


def _same_host(body: bytes, url: str) -> Iterable[str]:
    soup = BeautifulSoup(charset.decode(body), "lxml")
    base = soup.find("base", href=True)
    start = urljoin(url, str(base["href"])) if base else url
    for anchor in soup.find_all("a", href=True):
        link = urljoin(start, str(anchor["href"]).strip())
        if urlsplit(link).netloc.removeprefix("www.") == urlsplit(url).netloc:
            yield link


def _thinned(body: bytes, url: str, right: set[str]) -> bytes:
    """Return the page without every third of its article links."""
    gone = set(sorted(right)[::3])
    soup = BeautifulSoup(charset.decode(body), "lxml")
    base = soup.find("base", href=True)
    start = urljoin(url, str(base["href"])) if base else url
    for anchor in soup.find_all("a", href=True):
        if _folded(urljoin(start, str(anchor["href"]).strip())) in gone:
            anchor.decompose()
    return str(soup).encode()


def _tail(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _folded(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.netloc.removeprefix('www.')}{unquote(parts.path).rstrip('/')}?{parts.query}"


def _score(found: set[str], right: set[str]) -> tuple[float, float]:
    hits = len(found & right)
    return (hits / len(found) if found else 0.0), (hits / len(right) if right else 0.0)


def _means(scores: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(p for p, _ in scores) / len(scores), sum(r for _, r in scores) / len(scores)


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


if __name__ == "__main__":
    main()
