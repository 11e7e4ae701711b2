"""One worker process: it takes jobs until it is told to stop, and looks after those of workers that died.

Each queue has its own runner, so that reading never waits for a polite pause. What is in hand at SIGTERM is ended at the
next page and put back; until then signs of life go on, so that nobody else takes it up. Where the database is away for
a while, the jobs wait, and so does the worker.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace

from procrastinate import App, JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from pipeline import collect, inbox, log, newsroom, signals, sources, systemd, terminal, worker
from pipeline.bench import Bench
from pipeline.duty import either
from pipeline.errors import NevawireError, StoreError
from pipeline.model import Config
from pipeline.reload import Renew
from pipeline.settings import Settings
from pipeline.store.jobs import PATIENCE, UPKEEP

#: Seconds between two signs of life, two looks for jobs whose time has come, and two tries to reach the database.
_BEAT, _POLL, _PAUSE = 5.0, 1.0, 3.0
#: Failed jobs are kept for so many hours, for people to look at.
_KEPT = 14 * 24


async def work(
    settings: Settings, config: Config, guard: collect.Guard, renew: Renew, queues: Sequence[str], count: int
) -> None:
    """Take jobs of these queues, `count` of each at once, until SIGTERM or SIGINT.

    Raises ConfigError where the store is on no PostgreSQL, StoreError where it is not to be had at the start, and
    NevawireError where the database was upgraded for another version of the program, or no child can be started.
    """
    stop, reload = asyncio.Event(), asyncio.Event()
    signals.heed(asyncio.get_running_loop(), stop, reload)
    digest = sources.stamp(settings.sources)
    async with (
        newsroom.opened(settings, config, guard, terminal.Logged().tell, readers=count) as room,
        inbox.opened(room.store) as box,
        systemd.alive(os.environ),
    ):
        bench = Bench(replace(room, stopping=stop.is_set), box, renew, digest, stop)
        worker.enlist(box.app)
        systemd.notify("READY=1", os.environ)
        log.say("taking jobs", queues=",".join(queues), concurrency=count)
        while not stop.is_set():
            await _on_course(bench)
            await _shift(bench, queues, count)
            if not stop.is_set() and not bench.astray.is_set():
                log.warn("the database went away; jobs are taken up again when it is back")
                await either(stop, _PAUSE)
        systemd.notify("STOPPING=1", os.environ)
    if bench.unfit:
        raise NevawireError(bench.unfit)


async def _on_course(bench: Bench) -> None:
    """Wait until this worker goes by the scheduler's sources file; others' jobs are not even looked at before."""
    told = ""
    while not bench.stop.is_set():
        try:
            why = bench.misfit()
        except StoreError:  # runners wait for the database, and say so
            why = ""
        if not why:
            bench.astray.clear()
            return
        if why != told:
            log.warn("jobs are left to other workers", why=why)
            told = why
        await either(bench.stop, _PAUSE)


async def _shift(bench: Bench, queues: Sequence[str], count: int) -> None:
    """Take jobs until the end, until the database goes away, or until the scheduler goes by another sources file."""
    caretaker = App(connector=bench.inbox.app.connector)
    caretaker.periodic(cron=f"* * * * * */{int(_BEAT)}")(caretaker.task(queue=UPKEEP, pass_context=True)(look_after))
    runners = [_runner(bench, bench.inbox.app, queue, count) for queue in queues]
    runners.append(_runner(bench, caretaker, UPKEEP, 1))
    running = [asyncio.create_task(one.run()) for one in runners]
    ends = [asyncio.create_task(one.wait()) for one in (bench.stop, bench.astray)]
    try:
        await asyncio.wait([*running, *ends], return_when=asyncio.FIRST_COMPLETED)
        for one in runners:
            one.stop()
        beating = asyncio.create_task(_beat(runners))
        ended = await asyncio.gather(*running, return_exceptions=True)
        for why in sorted({inbox.told(one) for one in ended if isinstance(one, Exception)}):
            log.warn("the queues' runners broke off", why=why)
        beating.cancel()
    finally:
        for end in ends:
            end.cancel()


def _runner(bench: Bench, app: App, queue: str, count: int) -> Worker:
    return Worker(
        app, [queue], name=queue, concurrency=count, fetch_job_polling_interval=_POLL, delete_jobs="successful",
        additional_context={"bench": bench}, install_signal_handlers=False, update_heartbeat_interval=_BEAT,
        stalled_worker_timeout=PATIENCE,
    )  # fmt: skip


async def _beat(runners: Sequence[Worker]) -> None:
    """Give signs of life while jobs in hand are ended: runners that stop give none."""
    while True:
        for one in runners:
            if one.worker_id is not None:
                try:
                    await one.app.job_manager.update_heartbeat(one.worker_id)
                except ConnectorException as error:
                    log.warn("no sign of life could be given", why=inbox.told(error))
        await asyncio.sleep(_BEAT)


async def look_after(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Have the jobs done that workers died over; one that several died over is given up."""
    bench: Bench = context.additional_context["bench"]
    gate, manager = bench.room.store.turnstile, context.app.job_manager
    if not await asyncio.to_thread(gate.take, UPKEEP):
        return
    try:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=PATIENCE):
            await _revive(bench, context.app, job)
        await manager.delete_old_jobs(nb_hours=_KEPT, include_failed=True)
    finally:
        gate.give_back(UPKEEP)


async def _revive(bench: Bench, app: App, job: Job) -> None:
    run, source = str(job.task_kwargs.get("run", "")), str(job.task_kwargs.get("source", ""))
    lost = bench.room.store.turns.lose(run, source) if source else 0
    told = {"job": job.task_name, "source": source, "run": run}
    if lost >= worker.MOST_LOST:
        log.warn("given up: workers died over it", times=lost, **told)
        await worker.give_up(bench, run, source, f"{lost} workers died over it")
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    else:
        log.warn("a worker died; its job is taken up again", **told)
        await app.job_manager.retry_job(job)
