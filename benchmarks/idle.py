"""What a pass costs in which hardly anything is new: most passes of an installation are such.

    python benchmarks/idle.py [--sources 2000] [--hosts 500] [--changed 0.01]

So many sources on so many hosts (addresses of 127.0.0.0/16 on one port), each a listing with one article, are taken in by
a first pass that is not counted. Then the given share of them announces one article more, and a second pass is made in a
process of its own, timed from start to end with its children. `cpu_ms_per_source` is its processor time over the number
of unchanged sources, `bare_cpu_ms_per_source` that of a process which sends the very requests the server noted, with
their conditions, with httpx and does nothing else. `startup_cpu_s`, part of the former, is what the pass took until it
began: programs loaded, 2,000 sources read and checked. The server is a third process, which counts for nobody.
Articles are dated over a year, as such an installation's are; what is new is of today.
The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.throughput import compile_program, timed

_SERVER = """
import asyncio, datetime, hashlib, json, random, sys
changed, asked = set(), []
TODAY = datetime.date.today()
WORDS = (
    "portside workers finished laying the new deck and turned to railings council said harbour bridge tram depot library "
    "reading room winter timetable laboratory telescope crystal laser students museum archive exhibition opened closed budget "
    "approved tender contractor delayed completed embankment flood barrier sensors weather forecast northern eastern district "
    "school kitchen garden festival orchestra rehearsal theatre repair roof granite quarry railway signal engineer inspected "
    "vessel cargo crane container customs warehouse fishing fleet trawler licence quota season market prices vegetables "
).split()
PARTS = "bar den fol gat hin jor kel lum mor nad pel ros sten tov ul ver win yar zel cor".split()

def title(name, article):
    return " ".join(random.Random(f"title {name} {article}").choices(WORDS, k=6)).capitalize() + f" {article}"

def page(host, path):
    if path == "/robots.txt":
        return b"User-agent: *\\nAllow: /\\n", "text/plain"
    source, _, article = path.strip("/").partition("/")
    name = f"{host}/{source}"
    if article:
        dice = random.Random(f"{name} {article}")
        day = TODAY - datetime.timedelta(days=dice.randrange(1, 365)) if article == "1" else TODAY
        said = "The {} of the {} was {} and they have it with Mr {} of {} in the town of {}. "
        words = lambda: dice.choices(WORDS, k=3) + ["".join(dice.choices(PARTS, k=3)) for name in range(3)]
        text = "".join(f"<p>{''.join(said.format(*words()) for part in range(5))}</p>" for line in range(4))
        return f'<html lang="en"><body><h1>{title(name, article)}</h1><time datetime="{day}">{day}</time>{text}</body></html>'.encode(), "text/html"
    links = "".join(f'<li><a class="item" href="/{source}/{n}">{title(name, n)}</a></li>' for n in (1, 2)[: 1 + (name in changed)])
    return f"<html><body><h1>News</h1><ul>{links}</ul></body></html>".encode(), "text/html"

def answer(path, headers):
    host = headers.get("host", "").partition(":")[0]
    if path == "/.changed":
        changed.update(json.loads(headers["x-names"]))
        asked.clear()
        return b"200 OK", b"", "text/plain", ""
    if path == "/.asked":
        return b"200 OK", json.dumps(asked).encode(), "application/json", ""
    body, kind = page(host, path)
    tag = '"' + hashlib.sha1(body).hexdigest() + '"'
    asked.append([host, path, headers.get("if-none-match", "")])
    return (b"304 Not Modified", b"", kind, tag) if headers.get("if-none-match") == tag else (b"200 OK", body, kind, tag)

async def serve(reader, writer):
    try:
        while line := await reader.readline():
            headers = {}
            while (row := await reader.readline()).strip():
                name, _, value = row.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            status, body, kind, tag = answer(line.split()[1].decode(), headers)
            close = headers.get("connection", "").lower() == "close"
            writer.write(b"HTTP/1.1 " + status + f"\\r\\ncontent-type: {kind}\\r\\netag: {tag}\\r\\ncontent-length: {len(body)}\\r\\nconnection: {'close' if close else 'keep-alive'}\\r\\n\\r\\n".encode() + body)
            await writer.drain()
            if close:
                break
    except OSError:
        pass
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""
_BARE = """
import asyncio, json, sys
import httpx

async def main(port, asked):
    gate = asyncio.Semaphore(24)
    async with httpx.AsyncClient(trust_env=False) as client:
        async def one(host, path, tag):
            headers = {"connection": "close"} | ({"if-none-match": tag} if tag else {})
            async with gate:
                return (await client.get(f"http://{host}:{port}{path}", headers=headers)).status_code
        return await asyncio.gather(*(one(*request) for request in asked))

port, asked = json.load(sys.stdin)
print(len(asyncio.run(main(port, asked))))
"""


@dataclass(frozen=True)
class Site:
    """The server's port, and the names (host/source) of the sources it plays."""

    port: int
    names: tuple[str, ...]

    def config(self) -> str:
        """Return sources.yaml for them."""
        sources = "".join(
            f"  s{number}: {{name: {{en: Source {number}}}, kind: cluster, listings: [{{url: 'http://{host}:{self.port}/{path}/', links: a.item}}]}}\n"
            for number, (host, _, path) in enumerate(name.partition("/") for name in self.names)
        )
        return (
            "publisher: {title: {en: Benchmark, ru: Замер}, home: 'https://news.example.org/', contact: news@example.org}\n"
            f"defaults: {{every: 2h, pause: 0s, timeout: 60s, rights: {{publish: full}}}}\nsources:\n{sources}"
        )

    def ask(self, path: str, **headers: str) -> Any:
        """Tell the server something, or ask it what it was asked."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=500, help="addresses of 127.0.0.0/16")
    parser.add_argument("--changed", type=float, default=0.01, help="share of sources with something new")
    given = parser.parse_args()
    compile_program()
    print(json.dumps(measured(given.sources, given.hosts, given.changed)))


def measured(sources: int, hosts: int, share: float) -> dict[str, Any]:
    """Return the figures of a second pass."""
    with served(sources, hosts) as site, tempfile.TemporaryDirectory() as place:
        _pass(Path(place), site)
        changed = site.names[:: max(1, round(1 / share))] if share else ()
        for start in range(0, max(len(changed), 1), 50):  # also where none changed: what was asked so far is forgotten
            site.ask("/.changed", **{"x-names": json.dumps(changed[start : start + 50])})
        taken = _pass(Path(place), site)
        asked = site.ask("/.asked")
        bare = timed([sys.executable, "-c", _BARE], json.dumps([site.port, asked]))
    report = json.loads(taken.told.strip().splitlines()[-1])
    unchanged = sources - len(changed)
    for stage, seconds in report["cpu"].items():
        print(f"  {stage:<10} {seconds:6.2f} s CPU", file=sys.stderr)
    return {
        "sources": sources, "hosts": hosts, "changed": len(changed), "new": sum(one["new"] for one in report["sources"].values()),
        "requests": len(asked), "seconds": round(taken.seconds, 2), "peak_mb": round(taken.peak),
        "cpu_s": round(taken.cpu, 2), "startup_cpu_s": report["cpu"]["start"],
        "cpu_ms_per_source": round(1000 * taken.cpu / unchanged, 2),
        "bare_cpu_ms_per_source": round(1000 * bare.cpu / unchanged, 2), "bare_seconds": round(bare.seconds, 2),
    }  # fmt: skip


@contextlib.contextmanager
def served(sources: int, hosts: int) -> Iterator[Site]:
    """Play so many sources, spread over so many hosts, in a process of its own."""
    places = [f"127.0.{1 + number // 250}.{1 + number % 250}" for number in range(hosts)]
    names = tuple(f"{places[number % hosts]}/n{number}" for number in range(sources))
    server = subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield Site(int(server.stdout.readline()), names)
    finally:
        server.kill()
        server.wait()


def _pass(place: Path, site: Site) -> Any:
    (place / "sources.yaml").write_text(site.config(), encoding="utf-8")
    where = ["--sources", str(place / "sources.yaml"), "--store", str(place / "store"), "--feeds", str(place / "feeds")]
    return timed([sys.executable, "-m", "pipeline", "run", "--json", *where], "", allow=[f"127.0.0.0/16:{site.port}"])


if __name__ == "__main__":
    main()
