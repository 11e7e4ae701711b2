"""The stages of a pass as jobs that any number of processes, on any number of machines, take from queues.

    fetch ─► extract ─► (fetch what that announced) ─► … the last of a pass ─► pair ─► publish

They are the functions a single process uses (gather.py, reading.py, closing.py); here stands who calls them. A job that is
done twice, as by a worker that was taken for dead, changes nothing: each step asks the store what is left to do. What is
wrong with a page or a source stands in its report and never fails a job.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from procrastinate import App, JobContext

from pipeline import address, closing, cycle, gather, log, reading
from pipeline.bench import TRIES, Again, Bench, PutBackError
from pipeline.collect import RobotsFile
from pipeline.errors import ArchiveAway, NoChildrenError, SourceError, StoreError
from pipeline.model import Source
from pipeline.newsroom import ROBOTS_AGE, Newsroom
from pipeline.report import PassReport, Problem, SourceReport

Given = ParamSpec("Given")
#: Workers that may die over one source before it is left alone until its next turn.
MOST_LOST = 3
Task = Callable[Concatenate[JobContext, Given], Awaitable[None]]


def _at(bench: JobContext) -> Bench:
    found: Bench = bench.additional_context["bench"]
    return found


def _of_a_source(
    work: Callable[[Bench, Newsroom, str, Source, int, SourceReport, set[str]], Awaitable[SourceReport | None]],
) -> Callable[..., Awaitable[None]]:
    """Make a job of one source's work: what goes wrong for good ends the source's turn, as does a report it returns."""

    @wraps(work)
    async def job(
        context: JobContext, *, run: str, source: str, again: int, report: Mapping[str, Any], seen: Sequence[str]
    ) -> None:
        bench = _at(context)
        with log.run(run):
            try:
                room = await bench.ready()
                own = next((one for one in room.config.sources if one.id == source and one.enabled), None)
                if own is None:
                    log.warn("a job of a source that is gone, or disabled, is dropped", source=source)
                    await end(bench, run, source, SourceReport(source))
                    return
                _informed(room, own)
                made = await work(bench, room, run, own, again, SourceReport.of(report), set(seen))
                if made is not None:
                    await end(bench, run, source, gather.concluded(room, own, made))
            except PutBackError:
                raise
            except NoChildrenError as error:
                bench.retire(str(error))
            except Exception as error:
                if not isinstance(error, StoreError) or context.job.attempts >= TRIES:
                    await give_up(bench, run, source, repr(error))
                raise

    return job


def _informed(room: Newsroom, source: Source) -> None:
    """Let a room know what other workers have met at a source's hosts."""
    now = room.clock.now()
    room.fetcher.hosts.held |= room.store.collected.holds(now)
    origins = sorted({address.origin(listing.url) for listing in source.listings})
    known = room.store.collected.robots(now - ROBOTS_AGE, origins)
    room.fetcher.know_robots({origin: RobotsFile(*kept) for origin, kept in known.items()})


@_of_a_source
async def fetch(
    bench: Bench, room: Newsroom, run: str, source: Source, again: int, report: SourceReport, seen: set[str]
) -> SourceReport | None:
    """Walk a source's listings and archive its pages; the report where nothing is left to read.

    Where the archive takes no page, the source waits for its next turn like one that failed: tried again in a moment, it
    would be asked the same at every try.
    """
    over = False
    try:
        if not again:
            report = await gather.follow_listings(room, run, source, report)
        report = await gather.fetch_pages(room, run, source, report, seen)
    except SourceError as error:
        report, over = gather.broken_off(report, error), True
    except ArchiveAway as error:
        report, over = replace(report, failure=Problem("job", "", str(error))), True
    _settled(room, run)
    if over or not room.store.collected.any_waiting(source.id):
        return report
    await bench.inbox.extract(run, source, again, report, sorted(seen))
    return None


@_of_a_source
async def extract(
    bench: Bench, room: Newsroom, run: str, source: Source, again: int, report: SourceReport, seen: set[str]
) -> SourceReport | None:
    """Read what is archived of a source; the report where that announced nothing to be asked for."""
    batch = reading.Readings()
    try:
        report = await gather.read_waiting(room, run, source, batch, report)
        report = await reading.finish(room, source, batch, report, run)
    except SourceError as error:
        _settled(room, run)
        return gather.broken_off(report, error)
    _settled(room, run)
    if again + 1 < gather.ROUNDS and next(gather.to_ask(room, source, set(seen), report), None):
        await bench.inbox.fetch(run, source, again + 1, report, sorted(seen))
        return None
    return report


def _settled(room: Newsroom, run: str) -> None:
    """Keep what was learned of hosts; where the worker is to end, leave the rest of the job to another."""
    gather.keep_robots(room, run)
    room.store.collected.record_holds(room.fetcher.hosts.held)
    if room.stopping():
        raise PutBackError("this worker ends")


async def end(bench: Bench, run: str, source: str, report: SourceReport) -> None:
    """Take a source's turn as done; who ends the last one of a pass has it paired."""
    if bench.room.store.turns.end(run, source, report.as_values()):
        await bench.inbox.pair()


async def give_up(bench: Bench, run: str, source: str, why: str) -> None:
    """End a turn that came to nothing, so that its pass does not wait for it."""
    report = replace(SourceReport(source), failure=Problem("job", "", why))
    now, store = bench.room.clock.now(), bench.room.store
    store.ledger.record_pass(source, new=0, failure=("job", why), now=now, trouble=1.0)
    await end(bench, run, source, report)


def _of_passes(work: Task[Given]) -> Callable[..., Awaitable[None]]:
    """Make a job of what is done for whole passes: a defect ends those that wait for it."""

    @wraps(work)
    async def job(context: JobContext, *args: Given.args, **kwargs: Given.kwargs) -> None:
        try:
            await work(context, *args, **kwargs)
        except (PutBackError, StoreError):
            raise
        except Exception as error:
            _break_off(_at(context), f"{work.__name__}: {error!r}")
            raise

    return job


def _break_off(bench: Bench, why: str) -> None:
    """End the passes whose sources' parts are in as failed; what they brought is for the next one."""
    store = bench.room.store
    store.turns.pair(store.turns.gathered())
    for one in store.turns.paired():
        report = PassReport(one.run, tuple(map(SourceReport.of, one.reports)), refused={"all feeds": why})
        store.ledger.finish(one.run, report.exit_code, report.as_json(), bench.room.clock.now())
        store.turns.close(one.run)
        with log.run(one.run):
            log.warn("pass broken off", why=why)


@_of_passes
async def pair(context: JobContext) -> None:
    """Pair what is new; the passes that were in before go on to be published."""
    bench, stages = _at(context), dict[str, float]()
    room = await bench.ready()
    names = room.store.turns.gathered()
    with log.run(names[0] if names else f"job-{context.job.id}"):
        await closing.put_together(room, room.press, stages)
        room.store.turns.pair(names)
        await bench.inbox.publish(stages)


@_of_passes
async def publish(context: JobContext, *, stages: dict[str, float]) -> None:
    """Bring the feeds up to date, and end the passes whose news that was."""
    room = await _at(context).ready()
    passes = room.store.turns.paired()
    with log.run(passes[0].run if passes else f"job-{context.job.id}"):
        done = await closing.bring_out(room, room.press, PassReport("", ()), stages)
        if passes:
            await closing.tell_hub(room, done, passes[0].started)
    by_id = room.config.by_id
    for one in passes:
        with log.run(one.run):
            reports = [made for made in map(SourceReport.of, one.reports) if made.source in by_id]
            took = max(0.0, (room.clock.now() - one.started) / timedelta(seconds=1))  # by the clocks of two machines
            report = replace(done, run=one.run, sources=tuple(reports), seconds=took, stages=stages)
            report = await cycle.conclude(room, report, [by_id[made.source] for made in reports], one.started)
            room.store.turns.close(one.run)
            log.say("pass ended", exit_code=report.exit_code, written=len(report.written))


async def digests(context: JobContext) -> None:
    """Make the digests that are due."""
    for name in await closing.send_digests(await _at(context).ready()):
        log.say(f"digest: {name}")


def enlist(app: App) -> None:
    """Let an app know the tasks, under the names jobs go by."""
    for name, queue, work in (
        ("fetch", "fetch", fetch), ("extract", "extract", extract), ("pair", "pair", pair), ("publish", "publish", publish),
        ("digests", "publish", digests),
    ):  # fmt: skip
        app.task(name=name, queue=queue, pass_context=True, retry=Again())(work)
