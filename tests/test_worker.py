"""Jobs of workers: whose they are, how they end, and what is done about those that cannot."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from pipeline import cli, dispatch, inbox, log, newsroom, shift, worker
from pipeline.bench import FILE, Again, Bench, PutBackError
from pipeline.clock import frozen
from pipeline.errors import ArchiveAway, ConfigError, NoChildrenError, StoreError
from pipeline.report import PassReport, SourceReport
from pipeline.rota import next_turn
from pipeline.sources import stamp
from pipeline.store import open_store
from tests.databases import of_sqlite
from tests.store.conftest import NOW, SOURCE

ConnectorException = pytest.importorskip("procrastinate.exceptions", reason="workers are an extra").ConnectorException


@dataclass
class Inbox:
    """Where jobs would go."""

    put: list[str] = field(default_factory=list)

    async def pair(self):
        self.put.append("pair")

    async def publish(self, stages):
        self.put.append("publish")


@dataclass
class Renew:
    """A sources file whose content is a comment, so to say."""

    path: object

    def __call__(self):
        return SimpleNamespace(sources=(SOURCE,)), (SOURCE,), None


@pytest.fixture
def bench(tmp_path):
    store = open_store(tmp_path / "store")
    file = tmp_path / "sources.yaml"
    file.write_text("sources: {}\n", encoding="utf-8")
    fetcher = SimpleNamespace(hosts=SimpleNamespace(held={}), know_robots=lambda _files: None)
    room = SimpleNamespace(
        store=store, config=SimpleNamespace(sources=(SOURCE,)), clock=frozen(NOW), fetcher=fetcher,
        tell=lambda _report, _stage: None, stopping=lambda: False,
    )  # fmt: skip
    store.ledger.start("r1", "watch", NOW)
    store.turns.begin("r1", [SOURCE.id])
    store.turns.order(FILE, stamp(file), NOW)
    yield Bench(room, Inbox(), Renew(file), stamp(file), asyncio.Event())
    store.close()


def job(bench, work, *, source=SOURCE.id, attempts=0):
    """Do a job as a worker would."""
    context = SimpleNamespace(additional_context={"bench": bench}, job=SimpleNamespace(attempts=attempts, id=7))
    given = {"run": "r1", "source": source, "again": 0, "report": SourceReport(source).as_values(), "seen": []}
    asyncio.run(work(context, **given))


def reports(bench):
    """Return what the turns of the pass came to, once it is gathered."""
    turns = bench.room.store.turns
    turns.pair(turns.gathered())
    return [SourceReport.of(one) for turn in turns.paired() for one in turn.reports]


async def _nothing_new(_bench, _room, _run, _source, _again, report, _seen):
    return report


async def _defect(_bench, _room, _run, _source, _again, _report, _seen):
    raise ZeroDivisionError("a defect")


async def _no_store(_bench, _room, _run, _source, _again, _report, _seen):
    raise StoreError("the database does not serve")


def test_the_last_source_of_a_pass_has_it_paired(bench):
    job(bench, worker._of_a_source(_nothing_new))
    assert bench.inbox.put == ["pair"]
    assert [one.failure for one in reports(bench)] == [None]
    assert bench.room.store.ledger.health()[SOURCE.id].last_success == NOW


def test_a_source_that_is_gone_is_no_failure_and_its_pass_goes_on(bench):
    bench.room.config = SimpleNamespace(sources=())
    job(bench, worker.fetch)
    assert bench.inbox.put == ["pair"]
    assert [one.failure for one in reports(bench)] == [None]
    assert bench.room.store.ledger.health() == {}


def test_a_defect_ends_the_turn_as_failed_and_the_job_too(bench):
    with pytest.raises(ZeroDivisionError):
        job(bench, worker._of_a_source(_defect))
    (found,) = reports(bench)
    assert (found.failure.kind, found.failure.detail) == ("job", "ZeroDivisionError('a defect')")
    assert bench.inbox.put == ["pair"], "the others' news does not wait for it"


@pytest.mark.parametrize("stage", ["put_together", "bring_out"])
def test_a_defect_in_pairing_or_publishing_ends_the_pass_as_failed(bench, monkeypatch, stage):
    async def defect(*_args):
        raise ZeroDivisionError("a defect")

    bench.room.press = None
    store = bench.room.store
    store.turns.end("r1", SOURCE.id, SourceReport(SOURCE.id, new=3).as_values())
    monkeypatch.setattr(worker.closing, stage, defect)
    context = SimpleNamespace(additional_context={"bench": bench}, job=SimpleNamespace(attempts=0, id=7))
    work = worker.pair(context) if stage == "put_together" else worker.publish(context, stages={})
    if stage == "bring_out":
        store.turns.pair(["r1"])
    with pytest.raises(ZeroDivisionError):
        asyncio.run(work)
    found = PassReport.of(store.ledger.ended(["r1"])["r1"])
    assert found.exit_code == 3
    assert "ZeroDivisionError('a defect')" in found.refused["all feeds"]
    assert [one.new for one in found.sources] == [3]
    assert store.turns.paired() == ()


def test_a_store_that_does_not_serve_is_tried_again_and_given_up_in_the_end(bench):
    with pytest.raises(StoreError):
        job(bench, worker._of_a_source(_no_store))
    assert bench.inbox.put == []
    with pytest.raises(StoreError):
        job(bench, worker._of_a_source(_no_store), attempts=5)
    assert bench.inbox.put == ["pair"]


def test_a_source_that_was_asked_in_vain_waits_for_its_next_turn(bench, monkeypatch):
    """As where the archive's disk takes nothing: each try would ask the source the same again."""
    asked = []

    async def listings(_room, _run, _source, report):
        asked.append(report)
        return replace(report, listed=3)

    async def pages(*_args):
        raise ArchiveAway("the archive takes no page")

    monkeypatch.setattr(worker.gather, "follow_listings", listings)
    monkeypatch.setattr(worker.gather, "fetch_pages", pages)
    bench.room.fetcher.take_robots_fetches = tuple
    job(bench, worker.fetch)
    assert len(asked) == 1
    (found,) = reports(bench)
    assert (found.listed, found.failure.kind, found.failure.detail) == (3, "job", "the archive takes no page")
    assert bench.inbox.put == ["pair"], "the others' news does not wait for it"
    assert next_turn(SOURCE, bench.room.store.ledger.of(SOURCE.id), NOW) == NOW + 2 * SOURCE.every


def test_a_database_that_takes_no_job_is_a_store_that_does_not_serve():
    class Away:
        async def defer_async(self, **_args):
            raise ConnectorException

    box = inbox.Inbox(SimpleNamespace(configure_task=lambda *_args, **_more: Away()))
    with pytest.raises(StoreError, match="takes no job"):
        asyncio.run(box.pair())


def test_what_is_put_back_is_always_done_later_and_a_defect_never_again():
    tried = SimpleNamespace(attempts=3, task_name="fetch", task_kwargs={"source": SOURCE.id})
    press = SimpleNamespace(attempts=300, task_name="publish", task_kwargs={})
    again = Again().get_retry_decision
    before = again(exception=PutBackError("not here", 5), job=SimpleNamespace(attempts=400))
    assert before.retry_at is not None
    assert again(exception=StoreError("locked"), job=tried).retry_at is not None
    assert again(exception=StoreError("locked"), job=SimpleNamespace(attempts=5, task_kwargs=tried.task_kwargs)) is None
    assert again(exception=StoreError("locked"), job=press).retry_at - datetime.now(UTC) < timedelta(minutes=1)
    assert again(exception=ZeroDivisionError(), job=press) is None
    assert again(exception=ZeroDivisionError(), job=tried) is None


def test_another_sources_file_than_the_schedulers_is_told_and_its_jobs_are_left(bench, monkeypatch):
    bench.room.store.turns.order(FILE, "feedcafe" * 8, NOW)
    with pytest.raises(PutBackError, match=r"sources\.yaml here \(\w{12}\) is not the scheduler's \(feedcafefeed\)"):
        job(bench, worker.fetch)
    assert bench.inbox.put == []
    assert bench.astray.is_set(), "it is to take no more jobs"


def test_a_worker_with_another_sources_file_takes_no_jobs_until_that_is_the_schedulers(bench, monkeypatch, capsys):
    monkeypatch.setattr(shift, "_PAUSE", 0.02)
    log.configure(sys.stdout, {})
    bench.room.store.turns.order(FILE, "feedcafe" * 8, NOW)
    bench.astray.set()

    async def scenario():
        waiting = asyncio.ensure_future(shift._on_course(bench))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        bench.room.store.turns.order(FILE, bench.digest, NOW)
        await asyncio.wait_for(waiting, 20)

    asyncio.run(scenario())
    assert not bench.astray.is_set()
    assert capsys.readouterr().out.count("jobs are left to other workers") == 1


def test_a_sources_file_that_became_the_schedulers_is_read_anew(bench, monkeypatch):
    path = bench.renew.path
    path.write_text("sources: {} # another\n", encoding="utf-8")
    bench.room.store.turns.order(FILE, stamp(path), NOW)
    monkeypatch.setattr(
        newsroom, "renewed", lambda room, config, guard: SimpleNamespace(**{**vars(room), "config": config})
    )
    job(bench, worker._of_a_source(_nothing_new))
    assert bench.digest == stamp(path)
    assert bench.inbox.put == ["pair"]


def test_a_worker_stops_where_the_database_is_another_versions(bench):
    with bench.room.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(PutBackError):
        job(bench, worker.fetch)
    assert bench.stop.is_set()
    assert "the database is at 9999" in bench.unfit


def test_a_worker_that_can_start_no_children_leaves_its_jobs_to_others_and_ends(bench):
    async def unable(_bench, _room, _run, _source, _again, _report, _seen):
        raise NoChildrenError("no child process")

    with pytest.raises(PutBackError, match="no child process"):
        job(bench, worker._of_a_source(unable))
    assert bench.stop.is_set()
    assert bench.unfit == "no child process"
    assert reports(bench) == []


def test_a_source_over_which_workers_die_is_given_up(bench):
    done = []

    class Manager:
        async def retry_job(self, job):
            done.append("retry")

        async def finish_job(self, job, *, status, delete_job):
            done.append(status.value)

    dead = SimpleNamespace(task_name="extract", task_kwargs={"run": "r1", "source": SOURCE.id})
    for _ in range(worker.MOST_LOST):
        asyncio.run(shift._revive(bench, SimpleNamespace(job_manager=Manager()), dead))
    assert done == ["retry", "retry", "failed"]
    (found,) = reports(bench)
    assert found.failure.detail == "3 workers died over it"
    assert bench.inbox.put == ["pair"]


def test_jobs_that_nobody_does_are_told_by_their_queue(capsys):
    log.configure(sys.stdout, {})
    idle, served = {"pair": 7}, True
    store = SimpleNamespace(jobs=SimpleNamespace(idle=lambda: idle, served=lambda: served))
    before = dispatch._tell_idle(store, {})
    assert not capsys.readouterr().out, "it may have come a moment ago"
    idle = {"pair": 7, "fetch": 9}
    before = dispatch._tell_idle(store, before)
    assert json.loads(capsys.readouterr().out)["queues"] == "pair"
    idle, served = {"fetch": 12}, False
    dispatch._tell_idle(store, before)
    assert "no worker is at work" in capsys.readouterr().out


def test_a_report_survives_the_way_to_another_process():
    report = SourceReport("bureau", new=2).with_problem("gone", "http://a/", "withdrawn").judged()
    assert SourceReport.of(report.as_values()) == report


@of_sqlite
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["worker", "--queues", "fetch,press"], "'press' is none"),
        (["worker"], "let NEVAWIRE_DATABASE_URL name one"),
        (["run", "--defer"], "let NEVAWIRE_DATABASE_URL name one"),
        (["run", "--defer", "--recheck"], "leave out --defer"),
    ],
)
def test_what_workers_need_is_said(words, told, tmp_path, monkeypatch):
    text = "sources:\n  one: {name: {en: One}, kind: bureau, listings: [{url: 'http://127.0.0.1:9/'}]}\n"
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEVAWIRE_DATABASE_URL", raising=False)
    with pytest.raises(ConfigError, match=told):
        cli.app(words, standalone_mode=False)
