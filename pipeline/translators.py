"""The translators' room: stories with a missing side, through memory and engines, back into the store.

    wanted     which stories lack a side that may be filled, the newest first
    heads      title and beginning of every one of them, before any body
    bodies     the rest, while budgets last
    file       what came out: a machine's text, or why there is none

Each segment goes one way: a person's wording, the memory, the first engine that can, the next one. What an answer must
be like is the translate stage's business; what an analyst makes of it is subeditor.py's.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pipeline import pairing
from pipeline.interpreter import Interpreter
from pipeline.model import LANGUAGES, Article, Config, Item, Language, Source, Story, Text
from pipeline.store import Assignment, Store
from pipeline.translate import memory, task
from pipeline.translate.engines import Engine, EngineFailed
from pipeline.translate.glossary import Glossary, glossary
from pipeline.translate.task import Said, Task

#: Stories looked at in one run at most.
MOST = 2_000
#: Before any news: an age may be as long as one likes.
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
#: A counterpart at least this likely is waited for, as feeds do.
_LIKELY = 0.1


@dataclass(frozen=True)
class Job:
    """One story's missing side, at work."""

    story: Story
    original: Text
    source: Source
    task: Task
    made_of: str
    said: list[Said]
    known: Assignment | None = None  #: what became of it before
    own: Mapping[str, str] = field(default_factory=dict)  #: what analysts wrote of it: sentence → wording
    edited: datetime | None = None  #: when one last did, where something of that still holds


@dataclass
class Report:
    """How a run went."""

    made: int = 0
    waiting: int = 0
    failed: int = 0
    refused: int = 0
    off: dict[str, str] = field(default_factory=dict)  #: engine → why it was not asked any more

    def line(self) -> str:
        """Return the report as one line."""
        parts = [
            f"{self.made} translated",
            f"{self.waiting} waiting",
            f"{self.failed} failed",
            f"{self.refused} kept back by rights",
        ]
        return "; ".join([", ".join(parts), *(f"{name}: {why}" for name, why in sorted(self.off.items()))])


@dataclass(frozen=True)
class Room:
    """What translating works with."""

    config: Config
    store: Store
    engines: Sequence[Engine]
    clock: Callable[[], datetime]

    @property
    def names(self) -> Glossary:
        """The official names of the installation."""
        return glossary(self.config.glossary)


def run(room: Room) -> Report:
    """Fill the missing sides that may be filled, as far as engines and budgets go."""
    report = Report()
    now = room.clock()
    interpreter = Interpreter(room.config, room.store, room.engines, room.clock, uuid.uuid4().hex[:12])
    jobs = []
    for story, original, known in _wanted(room, now):
        job = _job(room, story, original, known, now, report)
        if job is not None:
            jobs.append(job)
    for part in (slice(0, 1), slice(1, 2)):
        for job in jobs:
            cut = job.task.lead
            here = range(cut) if part.start == 0 else range(cut, len(job.said))
            _through(interpreter, job, here)
    for job in jobs:
        _file(room, job, interpreter, report)
    report.off = interpreter.off
    return report


def queue(room: Room) -> tuple[int, int]:
    """Return how many stories lack a side that may be filled, and how many characters that is."""
    now, report = room.clock(), Report()
    jobs = [job for one in _wanted(room, now) if (job := _job(room, *one, now, report, noting=False)) is not None]
    return len(jobs), sum(len(one.text) for job in jobs for one in job.task.segments)


def _wanted(room: Room, now: datetime) -> Iterator[tuple[Story, Text, Assignment | None]]:
    """Yield the stories with one side, the newest first, that side, and what became of the other so far."""
    rules = room.config.translation
    ids = room.store.machine.one_sided(now - min(rules.max_age, now - _BEGINNING), MOST)
    found = []
    for story in room.store.stories.load_in_order(ids):
        own = [text for text in story.texts.values() if text.origin == "publisher" and text.language in LANGUAGES]
        if len(own) == 1 and _other(own[0].language) in rules.into and _ripe(story, room.config, now):
            found.append((story, own[0]))
    known = room.store.machine.assignments(original.id for _, original in found)
    yield from ((story, original, known.get(original.id)) for story, original in found)


def _ripe(story: Story, config: Config, now: datetime) -> bool:
    """Tell whether the publisher's own version was waited for long enough."""
    wait = config.translation.wait
    if story.state == "review" and story.match is not None and story.match.probability >= _LIKELY:
        wait = max(wait, config.publish.hold_doubtful)
    return now >= story.first_seen + wait


def _job(
    room: Room,
    story: Story,
    original: Text,
    known: Assignment | None,
    now: datetime,
    report: Report,
    *,
    noting: bool = True,
) -> Job | None:
    """Return what is to be done for a story; None where nothing is, or may be."""
    config, article = room.config, original.lead.article
    source = next((one for one in config.sources if one.id == article.source), None)
    if source is None or not room.engines:
        return None
    outside = all(engine.traits.outside for engine in room.engines)
    how_much = task.scope(config.translation.what, source.rights, article, outside=outside)
    target = _other(original.language)
    settings = f"{room.names.version} {config.translation.failures} {[engine.traits.name for engine in room.engines]} {source.rights}"
    digest = task.made_of(article, target, how_much, hashlib.sha256(settings.encode()).hexdigest())
    if known is not None and known.made_of == digest and known.state in ("done", "failed", "refused"):
        return None
    if how_much == "none":
        report.refused += 1
        if noting:
            why = (
                "rights.translate is none"
                if source.rights.translate == "none"
                else "the page reserves text and data mining"
            )
            room.store.machine.note(_note(room, original, target, "refused", why, digest, now))
        return None
    made = task.assigned(article, original.language, target, how_much, room.names, source.rights.excerpt_chars)
    own = room.store.rewordings.standing([known.text]).get(known.text, {}) if known else {}
    keys = (memory.exact_key(made.source, target, one) for one in made.segments)
    said = [Said(own[key], engine=memory.PERSON) if key in own else Said() for key in keys]
    edited = known.edited if known and any(one.settled for one in said) else None
    return Job(story, original, source, made, digest, said, known, own, edited)


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
    now = room.clock()
    outcome = task.written(job.task, job.said, room.config.translation.failures)
    target, said = job.task.target, _said(job)
    if outcome.article is None:
        state = "failed" if outcome.whole else "waiting"
        report.failed += state == "failed"
        report.waiting += state == "waiting"
        why = outcome.reason or interpreter.why(job.original.id)
        note = _note(room, job.original, target, state, why, job.made_of, now)
        room.store.machine.note(
            replace(note, segments=outcome.segments, failed=outcome.failed, faults=outcome.faults, said=said,
                    scope=job.task.scope, edited=job.edited)
        )  # fmt: skip
        return
    report.made += outcome.whole
    report.waiting += not outcome.whole
    engines = dict.fromkeys(one.engine for one in job.said if one.engine not in ("", memory.PERSON))
    about = [interpreter.about(engine, job.task) for engine in engines]
    model, version = ("+".join(filter(None, (one[place] for one in about))) for place in (0, 1))
    credit = "; ".join(dict.fromkeys(filter(None, (one[2] for one in about))))
    text = _text_id(room, target, job.original)
    one = Assignment(
        text, job.original.id, target, "done", outcome.reason or interpreter.why(job.original.id) if not outcome.whole else "",
        job.made_of if outcome.whole else "", now, outcome.article.made_by.removeprefix("machine:"), model, version,
        job.task.scope if outcome.whole else "titles", outcome.segments, outcome.failed, outcome.faults, credit,
        said, job.edited,
    )  # fmt: skip
    room.store.machine.keep(job.story, item_of(room.store, outcome.article, target, text, job.original, now), one)


def item_of(store: Store, article: Article, target: str, text: str, original: Text, now: datetime) -> Item:
    """Return what a machine wrote as the store keeps it; text: its id."""
    name = "a" + hashlib.sha256(text.encode()).hexdigest()[:15]
    return Item(
        name, article, Language(target, 1.0, ("machine",)), store.machine.first_seen(name) or now, now,
        original.lead.place, original.lead.history,
    )  # fmt: skip


def _said(job: Job) -> tuple[tuple[str, str, str, str], ...]:
    """Return the machine's wording of each sentence, to be kept beside the text; of one that an analyst wrote, the former."""
    kept = {row[0]: row for row in job.known.said} if job.known else {}
    rows = {}
    for segment, one in zip(job.task.segments, job.said, strict=True):
        key = memory.exact_key(job.task.source, job.task.target, segment)
        if key in job.own:
            rows[key] = kept.get(key, (key, "", "", ""))
        elif one.settled:
            rows[key] = (key, one.answer, one.engine, " ".join(one.faults))
    return tuple(rows.values())


def _note(room: Room, original: Text, target: str, state: str, why: str, digest: str, now: datetime) -> Assignment:
    text = _text_id(room, target, original)
    return Assignment(text, original.id, target, state, why, digest if state != "waiting" else "", now)


def _text_id(room: Room, target: str, original: Text) -> str:
    """Mint the id of a side; another one where a publisher's text took the first and was parted from the story since."""
    text = pairing.machine_text_id(room.config.publisher.home, target, original.id)
    while room.store.machine.taken(text):
        text = pairing.machine_text_id(room.config.publisher.home, target, text)
    return text


def _other(language: str) -> str:
    return next(one for one in LANGUAGES if one != language)


def engines_of(config: Config, environment: Mapping[str, str]) -> list[Engine]:
    """Return the engines that the configuration names. Raises ConfigError, or TranslateError where models cannot be read."""
    from pathlib import Path

    from pipeline.translate import packages
    from pipeline.translate.engines.opened import opened

    rules = config.translation
    wanted = any(one.name == "argos" for one in rules.engines)
    return opened(rules.engines, environment, packages.models_of(Path(rules.models)) if wanted else {})


__all__ = ["EngineFailed", "Job", "Report", "Room", "engines_of", "queue", "run"]
