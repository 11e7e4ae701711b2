"""One article, asked for by hand: fetched, archived, read, stored, paired and published like any other."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace

from pipeline import closing
from pipeline.model import Link, Source, Validators
from pipeline.newsroom import Newsroom
from pipeline.reading import Readings, finish, read_on
from pipeline.report import PassReport, Problem, SourceReport
from pipeline.store import Due


async def fetch(room: Newsroom, source: Source, url: str) -> PassReport:
    """Take one address of a source through every stage and publish. Raises StoreError."""
    began, run = time.monotonic(), uuid.uuid4().hex[:12]
    collected = room.store.collected
    room.store.ledger.start(run, "fetch", room.clock.now())
    known = not collected.unknown([url])
    link = Link(url, by="hand")
    collected.add(source, [link], room.clock.now(), history=False)
    due = Due(url=url, link=link, validators=Validators(), known=known)
    answer = await room.fetcher.fetch(url, source=source, role="article")
    waiting = collected.record_fetch(run, source, due, answer, room.clock.now())
    report = SourceReport(source.id, fetched=int(waiting is not None), failed=int(not answer.good))
    if waiting is not None:
        batch = Readings()
        report = await read_on(room, source, batch, waiting, report, run)
        report = await finish(room, source, batch, report, run)
    else:
        report = replace(report, failure=Problem(answer.kind, url, answer.detail))
    if report.problems and report.failure is None:
        report = replace(report, failure=report.problems[0])
    files = room.fetcher.robots_files.items()
    asked = [(origin, one.text, one.status, one.fetched_at) for origin, one in files]
    collected.record_robots(run, room.fetcher.take_robots_fetches(), asked)
    closing.pair(room)
    passed = closing.put_out(room, PassReport(run=run, sources=(report,), seconds=time.monotonic() - began))
    room.store.ledger.finish(run, passed.exit_code, passed.as_json(), room.clock.now())
    return passed
