"""How fast a pass takes pages from nothing to feeds, beside a floor that only fetches and extracts.

    python benchmarks/throughput.py --pages ../shared/bench/extraction/pages [--n 150] [--learned 200]

The pages (*.html or *.html.gz) are served on loopback, ten a source; `nevawire run` takes them in one pass from an empty
store to feeds. The floor, in the same run, fetches the same pages with httpx and hands each to trafilatura's
`bare_extraction` with metadata in a pool of two processes, and does nothing else. Both are processes of their own, timed
from start to end. `ratio_to_floor` is pages a second over the floor's. `ratio_to_floor_learned` is the same over a generated
source of --learned pages whose first 20 were taken in a pass before that is not counted (0: leave it out).
Peers that are installed (Scrapy with trafilatura, news-please, newspaper4k), here or for the Python that --peers names, take
the same pages from the same server, the last two with two workers each and without pictures: `NAME_pages_per_s`; whoever is
not there is left out. newspaper4k's own way to take many pages is threads, so it is measured in both, processes and threads.
CPU milliseconds a page by stage go to standard error: those of the pass's own process, and those of
the children that read pages; what a stage waits for takes none.
The program is compiled first, as installers do and as what the others use is.
The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import compileall
import ctypes
import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Pages of one source.
_SHARE = 10
_FIRST = 20
#: Longest that one program may take, seconds.
_LIMIT = 900
#: Longest that what it left behind may take to end, seconds.
_ENDS = 10
#: PR_SET_CHILD_SUBREAPER, prctl(2).
_SUBREAPER = 36
_FLOOR = """
import asyncio, sys
from concurrent.futures import ProcessPoolExecutor
import httpx, trafilatura

def extract(job):
    url, body = job
    found = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    return found is not None

async def main(urls):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2) as pool:
        gate = asyncio.Semaphore(16)
        async with httpx.AsyncClient(trust_env=False) as client:
            async def one(url):
                async with gate:
                    body = (await client.get(url)).content
                return await loop.run_in_executor(pool, extract, (url, body))
            return await asyncio.gather(*map(one, urls))

if __name__ == "__main__":
    print(sum(asyncio.run(main(sys.stdin.read().split()))))
"""
_SCRAPY = """
import sys
import scrapy, trafilatura
from scrapy.crawler import CrawlerProcess

class Pages(scrapy.Spider):
    name = "pages"
    start_urls = sys.stdin.read().split()
    def parse(self, response):
        found.append(trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True))

found = []
process = CrawlerProcess({"LOG_ENABLED": False, "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False})
process.crawl(Pages)
process.start()
print(sum(one is not None for one in found))
"""
_NEWSPLEASE = """
import sys
from concurrent.futures import ProcessPoolExecutor
from newsplease import NewsPlease

def one(url):
    try:
        found = NewsPlease.from_url(url, fetch_images=False)
    except Exception as error:
        print(url, repr(error)[:200], file=sys.stderr)
        return False
    return bool(found and found.title)

if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        print(sum(pool.map(one, sys.stdin.read().split())))
"""
_NEWSPAPER = """
import sys
from concurrent.futures import ProcessPoolExecutor
import newspaper

def one(url):
    try:
        return bool(newspaper.article(url, fetch_images=False).title)
    except Exception as error:
        print(url, repr(error)[:200], file=sys.stderr)
        return False

if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        print(sum(pool.map(one, sys.stdin.read().split())))
"""
#: Peer → the module that tells whether it is installed, and its program.
_PEERS = {
    "scrapy": ("scrapy", _SCRAPY),
    "news_please": ("newsplease", _NEWSPLEASE),
    "newspaper4k": ("newspaper", _NEWSPAPER),
    "newspaper4k_in_threads": ("newspaper", _NEWSPAPER.replace("ProcessPool", "ThreadPool")),
}


@dataclass
class Sites:
    """Sources on loopback addresses of their own, and the pages each shows now."""

    pages: dict[str, dict[str, bytes]] = field(default_factory=dict)  #: host → path → page
    ports: dict[str, int] = field(default_factory=dict)  #: host → where it answers

    def urls(self) -> list[str]:
        """Return the addresses of all pages."""
        return [f"http://{host}:{self.ports[host]}{path}" for host, shown in self.pages.items() for path in shown]

    def config(self) -> str:
        """Return sources.yaml for them."""
        sources = "".join(
            f"  s{number}:\n    name: {{en: Source {number}}}\n    kind: cluster\n    listings: [{{url: 'http://{host}:{self.ports[host]}/', links: a.item}}]\n"
            for number, host in enumerate(self.pages)
        )
        return (
            "publisher: {title: {en: Benchmark, ru: Замер}, home: 'https://news.example.org/', contact: news@example.org}\n"
            f"defaults: {{every: 2h, pause: 0s, timeout: 30s, rights: {{publish: full}}}}\nsources:\n{sources}"
        )


@dataclass(frozen=True)
class Taken:
    """What one program took."""

    seconds: float
    cpu: float  #: seconds, with all its children
    peak: float  #: megabytes of the largest process
    told: str
    said: str  #: on standard error


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="folder with *.html or *.html.gz")
    parser.add_argument("--n", type=int, default=150)
    parser.add_argument("--learned", type=int, default=200, help="pages of the generated source; 0: leave it out")
    parser.add_argument("--peers", default=sys.executable, help="the Python that peers are installed for; this one")
    given = parser.parse_args()
    compile_program()
    _adopt()
    figures = {**cold(given.pages, given.n, given.peers), **(learned(given.learned) if given.learned else {})}
    print(json.dumps(figures))


def compile_program() -> None:
    """Compile the program, or each process would where none may leave bytecode (PYTHONDONTWRITEBYTECODE)."""
    found = find_spec("pipeline")
    assert found is not None
    for folder in found.submodule_search_locations or ():
        compileall.compile_dir(folder, quiet=1)


def cold(folder: Path, count: int, peers: str) -> dict[str, Any]:
    """Return the figures of one pass over real pages nobody has seen before."""
    files = sorted(file for file in folder.iterdir() if re.search(r"\.html?(\.gz)?$", file.name))
    bodies = [_body(file) for file in files[:: max(1, len(files) // count)][:count]]
    sites = Sites({
        f"127.0.1.{1 + start // _SHARE}": {f"/news/{number}/": body for number, body in enumerate(bodies[start : start + _SHARE])}
        for start in range(0, len(bodies), _SHARE)
    })  # fmt: skip
    with served(sites), tempfile.TemporaryDirectory() as place:
        urls = sites.urls()
        floor = timed([sys.executable, "-c", _FLOOR], "\n".join(urls))
        ours = _pass(Path(place), sites)
        others = {f"{name}_pages_per_s": speed for name in _PEERS if (speed := _of_peer(peers, name, urls))}
    _tell(ours, len(urls))
    return {
        "pages": len(urls), "pages_per_s": round(len(urls) / ours.seconds, 2),
        "cpu_ms_per_page": round(1000 * ours.cpu / len(urls), 1), "peak_mb": round(ours.peak),
        "floor_pages_per_s": round(len(urls) / floor.seconds, 2),
        "floor_cpu_ms_per_page": round(1000 * floor.cpu / len(urls), 1),
        "ratio_to_floor": round(floor.seconds / ours.seconds, 3), **others,
    }  # fmt: skip


def _of_peer(python: str, name: str, urls: Sequence[str]) -> float:
    """Return how many pages a peer takes a second; 0 where it is not installed."""
    module, program = _PEERS[name]
    if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode:
        return 0.0
    took = timed([python, "-c", program], "\n".join(urls))
    good = int(took.told.split()[-1])
    print(f"{name}: {good} of {len(urls)} pages gave something", file=sys.stderr)
    if good < len(urls) / 2:  # no measure of what it can do
        sys.exit(f"{name} read too few of the pages: {took.said[-2000:]}")
    return round(len(urls) / took.seconds, 2)


def learned(count: int) -> dict[str, Any]:
    """Return how a source's further pages compare with the floor, once twenty have taught where its articles stand."""
    from benchmarks import layouts

    made = layouts.made_pages("bureau", count)
    shown = {f"/news/{number}/": page.body for number, page in enumerate(made)}
    sites = Sites({"127.0.2.1": dict(list(shown.items())[:_FIRST])})
    with served(sites), tempfile.TemporaryDirectory() as place:
        _pass(Path(place), sites)
        sites.pages["127.0.2.1"] = dict(list(shown.items())[_FIRST:])
        urls = sites.urls()
        floor = timed([sys.executable, "-c", _FLOOR], "\n".join(urls))
        ours = _pass(Path(place), sites)
    _tell(ours, len(urls))
    return {
        "learned_pages_per_s": round(len(urls) / ours.seconds, 2),
        "learned_floor_pages_per_s": round(len(urls) / floor.seconds, 2),
        "ratio_to_floor_learned": round(floor.seconds / ours.seconds, 3),
    }  # fmt: skip


@contextmanager
def served(sites: Sites) -> Iterator[None]:
    """Answer for the sites, each at its own loopback address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers.get("host") or "").partition(":")[0]
            pages = sites.pages.get(host, {})
            body = pages.get(self.path) or (_listing(pages) if self.path == "/" else b"")
            self.send_response(200 if body else 404)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, address: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # some peers leave without a word
                super().handle_error(request, address)

    servers = [Server((host, 0), Handler) for host in sites.pages]
    for host, server in zip(sites.pages, servers, strict=True):
        sites.ports[host] = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _listing(pages: Mapping[str, bytes]) -> bytes:
    rows = "".join(f'<li><a class="item" href="{path}">News item number {path.strip("/")}</a></li>' for path in pages)
    return f"<!DOCTYPE html><html><body><h1>News</h1><ul>{rows}</ul></body></html>".encode()


def _body(file: Path) -> bytes:
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


def _pass(place: Path, sites: Sites) -> Taken:
    (place / "sources.yaml").write_text(sites.config(), encoding="utf-8")
    where = ["--sources", str(place / "sources.yaml"), "--store", str(place / "store"), "--feeds", str(place / "feeds")]
    return timed(
        [sys.executable, "-m", "pipeline", "run", "--json", *where],
        "",
        allow=[f"{host}:{port}" for host, port in sites.ports.items()],
    )


def timed(command: Sequence[str], told: str, allow: Sequence[str] = ()) -> Taken:
    """Run a program to its end, give it something to read, and return what it took."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "NEVAWIRE_ALLOW_ADDRESS": " ".join(allow)}
    done = subprocess.run(
        command, input=told, capture_output=True, text=True, timeout=_LIMIT, env=environment, check=False
    )
    seconds = time.perf_counter() - started
    _take_in()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(seconds, cpu, after.ru_maxrss / 1024, done.stdout, done.stderr)


def _adopt() -> None:
    """Let what a program leaves behind become our child: only of our own do we learn what they took."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _take_in() -> None:
    """Wait for what a program left behind: the server its children are forked from ends after it."""
    for _ in range(_ENDS * 100):
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return


def _tell(ours: Taken, count: int) -> None:
    """Tell the milliseconds of CPU a page by stage, and in all."""
    report = json.loads(ours.told.strip().splitlines()[-1])
    own: dict[str, float] = report["cpu"]
    rows = {**own, "children and end": ours.cpu - sum(own.values()), "in all": ours.cpu}
    print(f"{count} pages, ms CPU a page:", file=sys.stderr)
    for stage, seconds in rows.items():
        print(f"  {stage:<16} {1000 * seconds / count:6.1f}", file=sys.stderr)


if __name__ == "__main__":
    main()
