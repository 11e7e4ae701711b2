"""The translators' room: stories with a missing side, through memory and engines, back into the store.

    wanted     which stories lack a side that may be filled, the newest first (assignments.py)
    heads      title and beginning of every one of them, before any body
    bodies     the rest, while budgets last
    file       what came out: a machine's text, or why there is none

Each segment goes one way: a person's wording, the memory, the first engine that can, the next one. What an answer must
be like is the translate stage's business; what an analyst makes of it is subeditor.py's.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pipeline.assignments import Job, Refused, Room, Wanted, job, text_id, wanted
from pipeline.interpreter import Interpreter
from pipeline.model import Article, Config, Item, Language, Text
from pipeline.record import dataclass
from pipeline.store import Assignment, Store
from pipeline.translate import memory, task
from pipeline.translate.engines import Engine, EngineFailed

_WAITED_FOR = "the publisher's own version is waited for"


@dataclass
class Report:
    """How a run went."""

    made: int = 0
    waiting: int = 0
    failed: int = 0
    refused: int = 0
    titles: int = 0  #: translated ahead of their texts
    off: dict[str, str] = field(default_factory=dict)  #: engine → why it was not asked any more

    def line(self) -> str:
        """Return the report as one line."""
        parts = [
            f"{self.made} translated",
            f"{self.waiting} waiting",
            f"{self.failed} failed",
            f"{self.refused} kept back by rights",
            *([f"{self.titles} titles ahead"] if self.titles else []),
        ]
        return "; ".join([", ".join(parts), *(f"{name}: {why}" for name, why in sorted(self.off.items()))])


def run(room: Room) -> Report:
    """Fill the missing sides that may be filled, as far as engines and budgets go."""
    report = Report()
    known = room.store.quotas.spent(room.clock())
    interpreter = Interpreter(room.config, room.store, room.engines, room.clock, uuid.uuid4().hex[:12])
    jobs = []
    for one in wanted(room, room.clock()):
        found = job(room, one)
        if isinstance(found, Refused):
            report.refused += 1
            _note(room, one, found.target, "refused", found.why, found.made_of)
        elif found is not None:
            jobs.append(found)
    for part in (slice(0, 1), slice(1, 2)):
        for each in jobs:
            cut = each.task.lead
            here = range(cut) if part.start == 0 else range(cut, len(each.said))
            _through(interpreter, each, here)
    for each in jobs:
        _file(room, each, interpreter, report)
    report.off = {name: why for name, why in interpreter.off.items() if name not in known}
    return report


def queue(room: Room) -> tuple[int, int]:
    """Return how many stories lack a side that may be filled, and how many characters that is."""
    found = (job(room, one) for one in wanted(room, room.clock()))
    jobs = [one for one in found if isinstance(one, Job)]
    return len(jobs), sum(len(one.text) for each in jobs for one in each.task.segments)


def _through(interpreter: Interpreter, job: Job, places: range) -> None:
    """Translate some of a job's segments."""
    open_ = [place for place in places if not job.said[place].settled]
    if open_:
        segments = [job.task.segments[place] for place in open_]
        title = len(job.task.title.segments)
        allowed = task.scope(job.task.scope, job.source.rights, job.task.article, outside=True)
        may_leave = [allowed == job.task.scope or (place < title and allowed != "none") for place in open_]
        found = interpreter.translate(job.task, segments, may_leave, job.source, job.original)
        for place, said in zip(open_, found, strict=True):
            job.said[place] = said


def _file(room: Room, job: Job, interpreter: Interpreter, report: Report) -> None:
    """Keep what became of a job."""
    outcome = task.written(job.task, job.said, room.config.translation.failures)
    known, title = job.wanted.known, task.headline(job.task, job.said)
    kept = {
        "segments": outcome.segments, "failed": outcome.failed, "faults": outcome.faults, "said": _said(job),
        "scope": job.task.scope, "edited": job.edited, "title": title,
    }  # fmt: skip
    if job.wanted.early and title:
        report.titles += 1
        _note(room, job.wanted, job.task.target, "waiting", _WAITED_FOR, job.made_of, kept)
    elif job.wanted.early or outcome.article is None:
        state = "failed" if outcome.whole and not job.wanted.early else "waiting"
        report.failed += state == "failed"
        report.waiting += state == "waiting"
        why = outcome.reason or interpreter.why(job.original.id)
        _note(room, job.wanted, job.task.target, state, why, job.made_of if state == "failed" else "", kept)
    else:
        report.made += outcome.whole
        report.waiting += not outcome.whole
        _keep(room, job, interpreter, outcome, outcome.article, kept)
    if (
        room.config.pairing.translated_titles
        and title != (known.title if known else "")
        and job.wanted.story.state != "linked"
    ):
        room.store.features.free(item.id for item in job.original.items)


def _keep(
    room: Room, job: Job, interpreter: Interpreter, outcome: task.Outcome, article: Article, kept: Mapping[str, Any]
) -> None:
    """Keep a side that was written, whole or as far as it is."""
    now, target = room.clock(), job.task.target
    engines = dict.fromkeys(one.engine for one in job.said if one.engine not in ("", memory.PERSON))
    about = [interpreter.about(engine, job.task) for engine in engines]
    model, version = ("+".join(filter(None, (one[place] for one in about))) for place in (0, 1))
    credit = "; ".join(dict.fromkeys(filter(None, (one[2] for one in about))))
    why = "" if outcome.whole else interpreter.why(job.original.id)
    made_by, text = article.made_by.removeprefix("machine:"), text_id(room, target, job.original)
    one = Assignment(
        text, job.original.id, target, "done", outcome.reason or why, job.made_of if outcome.whole else "", now,
        made_by, model, version, credit=credit,
    )  # fmt: skip
    one = replace(one, **{**kept, **({} if outcome.whole else {"scope": "titles"})})
    room.store.machine.keep(job.wanted.story, item_of(room.store, article, target, text, job.original, now), one)


def item_of(store: Store, article: Article, target: str, text: str, original: Text, now: datetime) -> Item:
    """Return what a machine wrote as the store keeps it; text: its id."""
    name = "a" + hashlib.sha256(text.encode()).hexdigest()[:15]
    return Item(
        name, article, Language(target, 1.0, ("machine",)), store.machine.first_seen(name) or now, now,
        original.lead.place, original.lead.history,
    )  # fmt: skip


def _said(job: Job) -> tuple[tuple[str, str, str, str], ...]:
    """Return the machine's wording of each sentence, to be kept beside the text; of one that an analyst wrote, the former."""
    kept = {row[0]: row for row in job.wanted.known.said} if job.wanted.known else {}
    rows = {}
    for segment, one in zip(job.task.segments, job.said, strict=True):
        key = memory.exact_key(job.task.source, job.task.target, segment)
        if key in job.own:
            rows[key] = kept.get(key, (key, "", "", ""))
        elif one.settled:
            rows[key] = (key, one.answer, one.engine, " ".join(one.faults))
    return tuple(rows.values())


def _note(
    room: Room, one: Wanted, target: str, state: str, why: str, made_of: str, kept: Mapping[str, Any] = MappingProxyType({})
) -> None:  # fmt: skip
    """Keep why a side is not there, with what is known of its sentences."""
    text = text_id(room, target, one.original)
    made = Assignment(text, one.original.id, target, state, why, made_of, room.clock())
    room.store.machine.note(replace(made, **kept))


def engines_of(config: Config, environment: Mapping[str, str]) -> list[Engine]:
    """Return the engines that the configuration names. Raises ConfigError, or TranslateError where models cannot be read."""
    from pathlib import Path

    from pipeline.translate import packages
    from pipeline.translate.engines.opened import opened

    rules = config.translation
    wanted = any(one.name == "argos" for one in rules.engines)
    return opened(rules.engines, environment, packages.models_of(Path(rules.models)) if wanted else {})


__all__ = ["EngineFailed", "Report", "Room", "engines_of", "queue", "run"]
