"""Segments → their translations: a person's wording, the memory, then engine after engine.

One flight for each segment: it is claimed in the store before it is sent, whoever else is at work. An engine whose quota is
spent, or that does not answer, is left alone for the rest of the run; the next one takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from datetime import datetime

from pipeline.model import Config, EngineRules, Source, Text
from pipeline.record import dataclass
from pipeline.store import About, Budget, Piece, Quota, Remembered, Store
from pipeline.translate import checks, dress, memory, quota
from pipeline.translate.engines import Engine, EngineFailed
from pipeline.translate.glossary import glossary
from pipeline.translate.marks import Segment
from pipeline.translate.task import Said, Task

#: What the memory says of a segment that nobody may send now.
_HELD = {"claimed": "another worker is at it", "sent": "another worker is at it"}
_DOUBT = "sent to {engine}, and no answer was kept: it may have been billed; `nevawire translate retry` sends it again"


@dataclass
class Interpreter:
    """The engines of an installation at work."""

    config: Config
    store: Store
    engines: Sequence[Engine]
    clock: Callable[[], datetime]
    owner: str
    off: dict[str, str] = field(default_factory=dict)  #: engine → why it is not asked any more
    persons: bool | None = None  #: whether people wrote any translation; asked once
    waits: dict[str, str] = field(default_factory=dict)  #: text → why segments of it are open

    def __post_init__(self) -> None:
        """Leave alone from the start whose quota an earlier run found spent."""
        spent = self.store.quotas.spent(self.clock())
        self.off |= {
            name: f"{one.detail}; not asked before {one.until:%Y-%m-%d %H:%M} UTC" for name, one in spent.items()
        }

    def translate(
        self, task: Task, segments: Sequence[Segment], may_leave: Sequence[bool], source: Source, original: Text
    ) -> list[Said]:
        """Return what is known of each segment afterwards; may_leave: whether another's engine may see it."""
        said = [self._of_person(task, segment, found) for segment, found in self._persons(task, segments)]
        for engine in self.engines:
            open_ = [n for n, one in enumerate(said) if not one.answer and not _held(one)]
            open_ = [n for n in open_ if may_leave[n] or not engine.traits.outside]
            if not open_:
                continue
            found = self._ask(engine, task, [segments[n] for n in open_], source, original)
            for n, one in zip(open_, found, strict=True):
                said[n] = one if one.settled or not said[n].settled else said[n]
        return [Said() if _held(one) else one for one in said]

    def about(self, engine: str, task: Task) -> tuple[str, str, str]:
        """Return model, version and credit of an engine that has just translated."""
        here = next((one for one in self.engines if one.traits.name == engine), None)
        try:
            return here.about(task.source, task.target) if here is not None else ("", "", "")
        except EngineFailed:  # gone since; what it wrote stands
            return "", "", ""

    def why(self, original: str) -> str:
        """Return why segments of a text are still open."""
        return self.waits.get(original, "no engine could be asked")

    def _persons(self, task: Task, segments: Sequence[Segment]) -> list[tuple[Segment, Remembered | None]]:
        if self.persons is None:
            self.persons = self.store.memory.has_persons()
        if not self.persons:
            return [(segment, None) for segment in segments]
        keys = [memory.person_key(task.source, task.target, segment) for segment in segments]
        known = self.store.memory.known(keys)
        return [(segment, known.get(key)) for segment, key in zip(segments, keys, strict=True)]

    def _of_person(self, _task: Task, segment: Segment, found: Remembered | None) -> Said:
        if found is None or not checks.marks_are_there(segment, found.answer):
            return Said()
        return Said(found.answer, engine=memory.PERSON)

    def _ask(
        self, engine: Engine, task: Task, segments: Sequence[Segment], source: Source, original: Text
    ) -> list[Said]:
        """Return what this engine, or the memory of it, says of segments."""
        name, pair = engine.traits.name, f"{engine.traits.name} {task.source}-{task.target}"
        if name in self.off or pair in self.off:
            self.waits[original.id] = self.off.get(name) or self.off[pair]
            return [Said()] * len(segments)
        try:
            model, version, _ = engine.about(task.source, task.target)
        except EngineFailed as failed:
            self.leave(engine, failed, task, original)
            return [Said()] * len(segments)
        work = memory.Work(name, f"{model}@{version}", task.source, task.target, glossary(self.config.glossary).version)
        keys = [memory.key(work, segment) for segment in segments]
        flight = _Flight(self, engine, task, source, original, work, dict(zip(keys, segments, strict=True)))
        flight.remember(keys)
        flight.fly()
        return [flight.said.get(key, Said()) for key in keys]

    def leave(self, engine: Engine, failed: EngineFailed, task: Task, original: Text) -> None:
        """Ask an engine no more in this run; one that lacks these languages may have others."""
        name = engine.traits.name
        if failed.kind == "quota":
            now = self.clock()
            self.store.quotas.keep(Quota(name, quota.until(name, now), str(failed), now))
        self.off[f"{name} {task.source}-{task.target}" if failed.kind == "unsupported" else name] = str(failed)
        self.waits[original.id] = str(failed)


@dataclass
class _Flight:
    """Segments on their way to one engine."""

    desk: Interpreter
    engine: Engine
    task: Task
    source: Source
    original: Text
    work: memory.Work
    segments: dict[str, Segment]
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def budget(self) -> Budget:
        """Whose characters are counted."""
        rules = self.desk.config.translation
        own = next((one for one in rules.engines if one.name == self.work.engine), EngineRules(self.work.engine))
        return Budget(self.work.engine, self.source.id, own.characters_per_day, rules.characters_per_source)

    def remember(self, keys: Sequence[str], *, others: bool = False) -> None:
        """Take what the memory has; others: also that another worker is at it, which only a claim can tell."""
        known = self.desk.store.memory.known(keys)
        for key, one in known.items():
            if one.state in _HELD and not others:
                continue
            self.said[key] = self._recalled(key, one)
        hits = sum(bool(self.said[key].answer) for key in keys if key in self.said)
        self.desk.store.spending.hits(self.budget, hits, self.desk.clock())

    def fly(self) -> None:
        """Claim what nobody has, and send it batch by batch."""
        missing = [key for key in self.segments if key not in self.said]
        pieces = [
            Piece(key, self.segments[key].text, len(self._dressed(key)), self.original.lead.id) for key in missing
        ]
        traits, work = self.engine.traits, self.work
        about = About(work.engine, work.model, work.source, work.target, work.glossary, traits.bills)
        store = self.desk.store.memory
        ours = store.claim(about, pieces, self.desk.owner, self.desk.clock()) if pieces else []
        if set(ours) != set(missing):
            self.remember([key for key in missing if key not in ours], others=True)
        sizes = {piece.key: piece.size for piece in pieces}
        for batch in _batches(ours, sizes, traits.batch, traits.longest):
            if not self._send(batch):
                break
        left = [key for key in ours if key not in self.said]
        if left:
            store.let_go(left, self.desk.owner, self.budget, self.desk.clock(), unsent=True)

    def _send(self, batch: Sequence[str]) -> bool:
        """Send a batch and keep its answers; say whether to go on."""
        store, owner, now = self.desk.store.memory, self.desk.owner, self.desk.clock
        if not store.send(batch, owner, self.budget, now()):
            fits = self._fitting(batch)
            if fits:
                self._send(fits)
            self.desk.waits[self.original.id] = (
                f"the day's characters of {self.work.engine} or of {self.source.id} are spent"
            )
            return False
        try:
            texts = self.engine.translate([self._dressed(key) for key in batch], self.task.source, self.task.target)
        except EngineFailed as failed:
            return self._failed(batch, failed)
        rows = [self._judged(key, text) for key, text in zip(batch, texts, strict=True)]
        store.answered(rows, owner, self.budget, now())
        for key, text, faults in rows:
            self.said[key] = Said("" if faults else text, tuple(faults), self.work.engine)
        return True

    def _fitting(self, batch: Sequence[str]) -> list[str]:
        """Return the beginning of a batch that the day's budget still has room for, never all of it."""
        room = self.desk.store.spending.left(self.budget, self.desk.clock()) or 0
        fits: list[str] = []
        for key in batch[:-1]:
            room -= len(self._dressed(key))
            if room < 0:
                break
            fits.append(key)
        return fits

    def _failed(self, batch: Sequence[str], failed: EngineFailed) -> bool:
        store, owner, now = self.desk.store.memory, self.desk.owner, self.desk.clock()
        if failed.kind == "too-large":
            store.let_go(batch, owner, self.budget, now, unsent=True)
            return self._halved(batch)
        unsent = failed.unsent or not self.engine.traits.bills
        store.let_go(batch, owner, self.budget, now, unsent=unsent)
        self.desk.leave(self.engine, failed, self.task, self.original)
        if not unsent:
            self.desk.waits[self.original.id] = _DOUBT.format(engine=self.work.engine)
        return False

    def _halved(self, batch: Sequence[str]) -> bool:
        """Send what was too much at once in two parts; what is too much by itself has failed."""
        if len(batch) == 1:
            self.said[batch[0]] = Said(faults=("length",), engine=self.work.engine)
            return True
        middle = len(batch) // 2
        work, traits = self.work, self.engine.traits
        about = About(work.engine, work.model, work.source, work.target, work.glossary, traits.bills)
        for half in (batch[:middle], batch[middle:]):
            pieces = [
                Piece(key, self.segments[key].text, len(self._dressed(key)), self.original.lead.id) for key in half
            ]
            ours = self.desk.store.memory.claim(about, pieces, self.desk.owner, self.desk.clock())
            if ours and not self._send(ours):
                return False
        return True

    def _dressed(self, key: str) -> str:
        return dress.dressed(self.segments[key], self.engine.traits.form)

    def _judged(self, key: str, text: str) -> tuple[str, str, tuple[str, ...]]:
        segment = self.segments[key]
        answer = dress.undressed(text, segment, self.engine.traits.form)
        return key, answer, checks.faults(segment, answer, self.task.source, self.task.target)

    def _recalled(self, key: str, one: Remembered) -> Said:
        """Return what the memory says: what was right for another number may be wrong for this one."""
        segment = self.segments[key]
        if one.state in ("done", "failed"):
            faults = checks.faults(segment, one.answer, self.task.source, self.task.target)
            return Said("" if faults else one.answer, faults, self.work.engine)
        held = _DOUBT.format(engine=self.work.engine) if one.state == "doubt" else _HELD.get(one.state, "")
        self.desk.waits[self.original.id] = held
        return Said(engine="held")


def _held(one: Said) -> bool:
    return one.engine == "held"


def _batches(keys: Sequence[str], sizes: dict[str, int], most: int, longest: int) -> Iterator[list[str]]:
    """Yield keys in batches that an engine takes."""
    batch: list[str] = []
    size = 0
    for key in keys:
        if batch and (len(batch) == most or size + sizes[key] > longest):
            yield batch
            batch, size = [], 0
        batch.append(key)
        size += sizes[key]
    if batch:
        yield batch
