"""A story as JSON: one shape for the API and the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pipeline import editing, history, timeline
from pipeline.citation import csl
from pipeline.dossier import Dossier
from pipeline.model import Config, Edit, Mark, Revision
from pipeline.review.story import view


class Copy(BaseModel):
    """One site's copy of a text."""

    id: str
    url: str
    source: str
    source_name: str
    title: str
    published: datetime
    date_evidence: str
    date_precision: str
    first_seen: datetime
    updated: datetime
    by_hand: bool
    gone: datetime | None
    withdrawn: datetime | None
    digest: str


class Wording(BaseModel):
    """A title or summary."""

    field: str
    original: str
    said: str
    edited: bool
    outdated: bool  #: an edit was made for words that the publisher has corrected since


class Side(BaseModel):
    """One language of a story."""

    id: str
    language: str
    origin: str
    wordings: list[Wording]
    text: str
    copies: list[Copy]
    dropped: list[str]


class Capture(BaseModel):
    """One page that was archived."""

    id: int
    url: str
    asked: str
    status: int
    retrieved: datetime
    sha256: str


class Pair(BaseModel):
    """What two articles have in common."""

    ru: str
    en: str
    probability: float
    reasons: list[str]


class Related(BaseModel):
    """Another story of the same event."""

    story: str
    url: str
    title: str
    language: str
    probability: float
    reasons: list[str]


class Put(BaseModel):
    """A tag, star or note on a story."""

    id: int
    kind: str
    value: str
    who: str
    at: datetime
    gone: datetime | None
    gone_by: str


class Said(BaseModel):
    """An edit: what a field is to say; an empty value takes it back."""

    article: str
    field: str
    value: str
    who: str
    at: datetime


class Waiting(Said):
    """An edit that gave way to a correction: feeds show the publisher's words."""

    story: str
    language: str
    before: str | None  #: the publisher's words it was made for; null where they are not known any more
    original: str  #: the publisher's words now


class Change(BaseModel):
    """A run of text: same, gone or come."""

    kind: str
    text: str


class Version(BaseModel):
    """One wording an article has had, and what changed to it."""

    article: str
    number: int
    at: datetime
    title: str
    text: str
    published: datetime | None
    language: str
    sha256: str
    title_changes: list[Change]
    text_changes: list[Change]


class Event(BaseModel):
    """Something that happened to a story."""

    at: datetime
    kind: str
    who: str
    article: str
    facts: dict[str, Any]


class Story(BaseModel):
    """A story with what is known of it."""

    id: str
    state: str
    first_seen: datetime
    updated: datetime
    aliases: list[str]
    thread: str
    texts: list[Side]
    pair: Pair | None
    related: list[Related]
    captures: list[Capture]
    tags: list[str]
    starred_by: list[str]
    notes: list[Put]
    citations: list[dict[str, Any]]  #: CSL-JSON


def whole(told: Dossier, config: Config) -> Story:
    """Return a story as JSON has it."""
    own = told.story
    match = own.match
    here = [one for one in told.marks if one.gone is None]
    return Story(
        id=own.id, state=own.state, first_seen=own.first_seen, updated=own.updated, aliases=list(own.aliases),
        thread=own.thread, texts=[_side(one) for one in view.sides(told, config)],
        pair=Pair(ru=match.ru, en=match.en, probability=match.probability, reasons=list(match.reasons)) if match else None,
        related=[
            Related(story=one.story, url=one.url, title=one.title, language=one.language, probability=one.probability,
                    reasons=list(one.reasons))
            for one in own.related
        ],
        captures=[
            Capture(id=one.id, url=one.url, asked=one.asked, status=one.status, retrieved=one.at, sha256=one.digest)
            for one in told.captures
        ],
        tags=sorted({one.value for one in here if one.kind == "tag"}),
        starred_by=sorted({one.who for one in here if one.kind == "star"}),
        notes=[put(one) for one in here if one.kind == "note"],
        citations=[
            csl(view.citation(told, text.lead, config)) for text in own.texts.values() if text.origin == "publisher"
        ],
    )  # fmt: skip


def put(mark: Mark) -> Put:
    """Return a mark as JSON has it."""
    return Put(
        id=mark.id, kind=mark.kind, value=mark.value, who=mark.who, at=mark.at, gone=mark.gone, gone_by=mark.gone_by
    )


def edit(one: Edit) -> Said:
    """Return an edit as JSON has it."""
    return Said(article=one.article, field=one.field, value=one.value, who=one.who, at=one.at)


def waiting(one: editing.Waiting) -> Waiting:
    """Return an edit that waits as JSON has it."""
    return Waiting(
        **edit(one.edit).model_dump(), story=one.story.id, language=one.text.language, before=one.before or None,
        original=one.original,
    )  # fmt: skip


def event(one: timeline.Event) -> Event:
    """Return an event as JSON has it."""
    return Event(at=one.at, kind=one.kind, who=one.who, article=one.article, facts=dict(one.facts))


def revisions(article: str, kept: Sequence[Revision]) -> list[Version]:
    """Return the wordings of an article, oldest first."""
    return [
        Version(
            article=article, number=number, at=step.revision.at, title=step.revision.title, text=step.revision.text,
            published=step.revision.published, language=step.revision.language, sha256=step.revision.digest,
            title_changes=[Change(kind=one.kind, text=one.text) for one in step.title],
            text_changes=[Change(kind=one.kind, text=one.text) for one in step.text],
        )
        for number, step in enumerate(history.steps(kept), start=1)
    ]  # fmt: skip


def _side(side: view.Side) -> Side:
    wordings = [
        Wording(field=one.name, original=one.original, said=one.said, edited=one.edit is not None and one.holds,
                outdated=one.edit is not None and not one.holds)
        for one in side.fields.values()
    ]  # fmt: skip
    lead = side.text.lead.article
    return Side(
        id=side.text.id, language=side.text.language, origin=side.text.origin, wordings=wordings, text=lead.text,
        copies=[_copy(one) for one in side.copies], dropped=list(side.dropped),
    )  # fmt: skip


def _copy(copy: view.Copy) -> Copy:
    item = copy.item
    return Copy(
        id=item.id, url=item.article.url, source=item.article.source, source_name=copy.name, title=item.article.title,
        published=copy.published.at, date_evidence=copy.published.evidence, date_precision=copy.published.precision,
        first_seen=item.first_seen, updated=item.updated, by_hand=copy.by_hand, gone=copy.gone[0] if copy.gone else None,
        withdrawn=copy.withdrawn[0] if copy.withdrawn else None, digest=item.article.digest,
    )  # fmt: skip
