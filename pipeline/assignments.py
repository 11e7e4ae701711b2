"""What the translators are to write: which stories lack a side that may be filled, and how much of it.

    wanted  the stories, the newest first; the title alone where the publisher's own version is still waited for
    job     one of them, taken apart into sentences, with what analysts wrote of it before

Rights, budgets of time and what is known already decide here; nothing is translated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime

from pipeline import pairing
from pipeline.model import LANGUAGES, Config, Source, Story, Text
from pipeline.record import dataclass
from pipeline.store import Assignment, Store
from pipeline.translate import memory, task
from pipeline.translate.engines import Engine
from pipeline.translate.glossary import Glossary, glossary
from pipeline.translate.task import Said, Task

#: Stories looked at in one run at most.
MOST = 2_000
#: Before any news: an age may be as long as one likes.
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
#: A counterpart at least this likely is waited for, as feeds do.
_LIKELY = 0.1
#: States in which nothing is to be done again while original and settings stay.
_SETTLED = ("done", "failed", "refused")


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


@dataclass(frozen=True)
class Wanted:
    """A story's missing side."""

    story: Story
    original: Text
    known: Assignment | None  #: what became of it so far
    early: bool = False  #: the title alone, which is not shown in feeds


@dataclass(frozen=True)
class Job:
    """One story's missing side, at work."""

    wanted: Wanted
    source: Source
    task: Task
    made_of: str
    said: list[Said]
    own: Mapping[str, str] = field(default_factory=dict)  #: what analysts wrote of it: sentence → wording

    @property
    def original(self) -> Text:
        """The text it is made of."""
        return self.wanted.original

    @property
    def edited(self) -> datetime | None:
        """When an analyst last changed it, where something of that still holds."""
        known = self.wanted.known
        keys = (memory.exact_key(self.task.source, self.task.target, one) for one in self.task.segments)
        return known.edited if known and any(key in self.own for key in keys) else None


@dataclass(frozen=True)
class Refused:
    """A side that rights keep from being written."""

    target: str
    made_of: str
    why: str


def wanted(room: Room, now: datetime) -> Iterator[Wanted]:
    """Yield the missing sides that may be filled, those of the newest stories first."""
    rules = room.config.translation
    ids = room.store.machine.one_sided(now - min(rules.max_age, now - _BEGINNING), MOST)
    found = []
    for story in room.store.stories.load_in_order(ids):
        own = [text for text in story.texts.values() if text.origin == "publisher" and text.language in LANGUAGES]
        if len(own) == 1 and other(own[0].language) in rules.into:
            found.append((story, own[0]))
    known = room.store.machine.assignments(original.id for _, original in found)
    for story, original in found:
        before = known.get(original.id)
        if _ripe(story, room.config, now) or (before is not None and before.state == "done"):
            yield Wanted(story, original, before)
        elif story.state == "review" or room.config.pairing.translated_titles:
            yield Wanted(story, original, before, early=True)


def job(room: Room, one: Wanted) -> Job | Refused | None:
    """Return what is to be done for a side; None where nothing is."""
    config, article = room.config, one.original.lead.article
    source = next((each for each in config.sources if each.id == article.source), None)
    if source is None or not room.engines:
        return None
    outside = all(engine.traits.outside for engine in room.engines)
    what = "titles" if one.early else config.translation.what
    how_much, target = task.scope(what, source.rights, article, outside=outside), other(one.original.language)
    settings = f"{room.names.version} {config.translation.failures} {[engine.traits.name for engine in room.engines]} {source.rights}"
    settings += " early" if one.early else ""
    digest = task.made_of(article, target, how_much, hashlib.sha256(settings.encode()).hexdigest())
    settled = ("waiting",) if one.early else _SETTLED
    if one.known is not None and one.known.made_of == digest and one.known.state in (*settled, "refused"):
        return None
    if how_much == "none":
        rights = source.rights.translate == "none"
        why = "rights.translate is none" if rights else "the page reserves text and data mining"
        return Refused(target, digest, why)
    made = task.assigned(article, one.original.language, target, how_much, room.names, source.rights.excerpt_chars)
    own = room.store.rewordings.standing([one.known.text]).get(one.known.text, {}) if one.known else {}
    keys = (memory.exact_key(made.source, target, segment) for segment in made.segments)
    said = [Said(own[key], engine=memory.PERSON) if key in own else Said() for key in keys]
    return Job(one, source, made, digest, said, own)


def text_id(room: Room, target: str, original: Text) -> str:
    """Mint the id of a side; another one where a publisher's text took the first and was parted from the story since."""
    text = pairing.machine_text_id(room.config.publisher.home, target, original.id)
    while room.store.machine.taken(text):
        text = pairing.machine_text_id(room.config.publisher.home, target, text)
    return text


def other(language: str) -> str:
    """Return the other one of the two languages."""
    return next(one for one in LANGUAGES if one != language)


def _ripe(story: Story, config: Config, now: datetime) -> bool:
    """Tell whether the publisher's own version was waited for long enough."""
    wait = config.translation.wait
    if story.state == "review" and story.match is not None and story.match.probability >= _LIKELY:
        wait = max(wait, config.publish.hold_doubtful)
    return now >= story.first_seen + wait
