"""An analyst's hand on what a machine wrote: sentence by sentence, the machine's own wording kept.

    side   the sentences of a machine's text: the original's, the machine's, what stands
    edit   new wordings for some of them; the text is put together anew and is `edited` from then on

What a person wrote holds when the text is made again (another engine, a corrected original), and the memory prefers
it in other texts. The publisher's own version still takes its place, like any machine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pipeline import translators
from pipeline.errors import TranslateError
from pipeline.model import Config, Story, Text
from pipeline.record import dataclass
from pipeline.store import Assignment, Entry, Rewording, Store
from pipeline.translate import checks, memory, rewording, task
from pipeline.translate.glossary import glossary
from pipeline.translate.marks import Segment
from pipeline.translate.task import Said, Task

#: States in which there is something to put into better words.
EDITABLE = ("done", "failed", "waiting")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a machine's text; tags as {1}, {2}, numbers and names as readers see them."""

    place: int  #: what `edit` names it by
    part: str  #: title | body
    source: str  #: the original's sentence
    machine: str  #: as the machine wrote it; "" where it failed, or was not asked yet
    said: str  #: what stands now; "" where the original's sentence stands in its place
    edited: bool = False  #: whether a person wrote what stands
    faults: tuple[str, ...] = ()  #: checks that the machine's wording failed (`checks.FAULTS`)


@dataclass(frozen=True, slots=True)
class Side:
    """A machine's text as it can be edited."""

    text: str  #: its id
    story: str
    source: str  #: language of the original
    target: str
    state: str  #: done, or why there is nothing to show yet: failed | waiting
    reason: str
    lines: tuple[Line, ...]
    edited: datetime | None = None  #: when a person last changed it
    who: str = ""  #: who did


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edit."""

    side: Side  #: as it is now
    refused: Mapping[int, str]  #: place → what would have to be right; where there is any, nothing was kept
    doubts: Mapping[int, tuple[str, ...]]  #: place → checks that the new wording does not pass; it was kept

    @property
    def kept(self) -> bool:
        """Whether the wordings were kept."""
        return not self.refused


@dataclass(frozen=True, slots=True)
class _Desk:
    """A machine's text with all that belongs to it."""

    known: Assignment
    story: Story
    original: Text
    task: Task
    own: Mapping[str, str]  #: what analysts wrote that holds: segment → wording
    history: tuple[Rewording, ...]

    def key(self, segment: Segment) -> str:
        return memory.exact_key(self.task.source, self.task.target, segment)

    @property
    def said(self) -> list[Said]:
        """What stands of each sentence."""
        kept = {row[0]: row for row in self.known.said}
        return [self._one(self.key(segment), kept) for segment in self.task.segments]

    def _one(self, key: str, kept: Mapping[str, tuple[str, str, str, str]]) -> Said:
        if key in self.own:
            return Said(self.own[key], engine=memory.PERSON)
        _, answer, engine, faults = kept.get(key, ("", "", "", ""))
        return Said(answer, tuple(faults.split()), engine)

    def machine(self, key: str) -> str:
        """Return the machine's own wording of a sentence."""
        return next((row[1] for row in self.known.said if row[0] == key), "")


def side(store: Store, config: Config, text: str) -> Side | None:
    """Return a machine's text as it can be edited; None where this id is no machine's text, or the publisher's stands there."""
    desk = _desk(store, config, text)
    return None if desk is None else _side(desk)


def edit(store: Store, config: Config, text: str, wordings: Mapping[int, str], who: str, now: datetime) -> Edited:
    """Put sentences of a machine's text into an analyst's words, and the text together anew.

    wordings: `Line.place` → the new wording; "" gives the sentence back to the machine. A wording that tears the markup is
    refused, and all the others with it. Feeds show the change with their next pass (`newsstand.put_out`).
    Raises TranslateError where this id is no machine's text.
    """
    desk = _desk(store, config, text)
    if desk is None:
        raise TranslateError(f"{text} is no text that a machine wrote, or the publisher's own stands in its place")
    segments = desk.task.segments
    answers = {place: rewording.reworded(line, segments[place]) for place, line in wordings.items() if place in range(len(segments))}  # fmt: skip
    refused = {place: f"there is no sentence {place}; the last one is {len(segments) - 1}" for place in wordings if place not in answers}  # fmt: skip
    refused |= {
        place: why for place, said in answers.items() if said and (why := rewording.torn(segments[place], said))
    }
    if refused:
        return Edited(_side(desk), refused, {})
    said = desk.said
    changed = {place: answer for place, answer in answers.items() if answer != said[place].answer and (answer or desk.key(segments[place]) in desk.own)}  # fmt: skip
    if changed:
        _keep(store, desk, changed, who, now)
        desk = _desk(store, config, text)
        assert desk is not None
        _write(store, config, desk, now)
        desk = _desk(store, config, text)
        assert desk is not None
    doubts = {
        place: found for place in answers if answers[place] and (found := _doubts(desk.task, place, answers[place]))
    }
    return Edited(_side(desk), {}, doubts)


def _desk(store: Store, config: Config, text: str) -> _Desk | None:
    known = store.machine.assignment(text)
    if known is None or known.state not in EDITABLE:
        return None
    stories = store.stories.of_texts([known.original])
    original = next((one for story in stories for one in story.texts.values() if one.id == known.original), None)
    if original is None:
        return None
    article = original.lead.article
    chars = next((one.rights.excerpt_chars for one in config.sources if one.id == article.source), 300)
    names = glossary(config.glossary)
    work = task.assigned(article, original.language, known.language, known.scope or "titles", names, chars)
    history = tuple(store.rewordings.of([text]))
    return _Desk(known, stories[0], original, work, store.rewordings.standing([text]).get(text, {}), history)


def _keep(store: Store, desk: _Desk, changed: Mapping[int, str], who: str, now: datetime) -> None:
    """Keep wordings as edits, and in the memory where they hold for other numbers and names as well."""
    work, article = desk.task, desk.original.lead.id
    rows, entries, back = [], [], []
    for place, answer in sorted(changed.items()):
        segment = work.segments[place]
        key, of_person = desk.key(segment), memory.person_key(work.source, work.target, segment)
        source = rewording.legible(segment.text, segment, source=True)
        rows.append(Rewording(desk.known.text, key, source, desk.machine(key), answer, who, now, article))
        if answer and rewording.holds_elsewhere(segment, answer):
            entries.append(Entry(of_person, memory.PERSON, "", work.source, work.target, segment.text, answer, now))
        else:
            back.append(of_person)
    store.rewordings.keep(rows)
    store.memory.unput(back)
    store.memory.put(((one, "person") for one in entries), now, article)


def _write(store: Store, config: Config, desk: _Desk, now: datetime) -> None:
    """Put the text together of what stands now."""
    outcome = task.written(desk.task, desk.said, config.translation.failures)
    edited = now if any(desk.key(segment) in desk.own for segment in desk.task.segments) else None
    title = task.headline(desk.task, desk.said)
    one = replace(
        desk.known, title=title, segments=outcome.segments, failed=outcome.failed, faults=outcome.faults, edited=edited
    )
    if outcome.article is None:
        store.machine.note(replace(one, reason=outcome.reason or desk.known.reason))
        return
    engine = desk.known.engine or outcome.article.made_by.removeprefix("machine:")
    one = replace(one, state="done", reason=outcome.reason, engine=engine)
    item = translators.item_of(store, outcome.article, desk.task.target, desk.known.text, desk.original, now)
    store.machine.keep(desk.story, item, one)


def _doubts(work: Task, place: int, answer: str) -> tuple[str, ...]:
    found = checks.faults(work.segments[place], answer, work.source, work.target)
    return tuple(one for one in found if one != "tags")


def _side(desk: _Desk) -> Side:
    heads = len(desk.task.title.segments)
    lines = tuple(
        Line(
            place, "title" if place < heads else "body",
            rewording.legible(segment.text, segment, source=True),
            rewording.legible(desk.machine(desk.key(segment)), segment),
            rewording.legible(one.answer, segment), desk.key(segment) in desk.own, one.faults,
        )
        for place, (segment, one) in enumerate(zip(desk.task.segments, desk.said, strict=True))
    )  # fmt: skip
    last = desk.history[-1] if desk.history and desk.known.edited else None
    known = desk.known
    return Side(
        known.text, desk.story.id, desk.task.source, desk.task.target, known.state, known.reason, lines, known.edited,
        last.who if last else "",
    )  # fmt: skip
