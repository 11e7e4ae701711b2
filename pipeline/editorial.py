"""What editors do with stories: say where each stands, and make a digest of what they selected.

    move      stories to another state; ignored ones leave the feeds, and come back when they no longer are
    composed  a draft as the digest it would go out as, and what of it cannot
    send      that digest, by the same way as scheduled ones; its stories are published from then on

Drafts are the store's to keep; how a digest looks is the publish stage's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from pipeline import mailroom, publish
from pipeline.errors import NevawireError
from pipeline.mailroom import COMPOSED
from pipeline.model import Draft, Standing, Story
from pipeline.newsstand import Desk
from pipeline.record import dataclass
from pipeline.store import Moved, Store

#: A story may go out whose state is one of these: it may have gone out in the other language already.
SENDABLE = ("selected", "published")


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft as it would go out now."""

    digest: publish.Digest
    documents: Mapping[str, bytes]  #: by extension: html, mail.html, txt, md, campaign.json
    left: Mapping[str, str] = field(default_factory=dict)  #: story → why not: gone, sent, silent, state, hidden
    stories: tuple[str, ...] = ()  #: those in it


def move(store: Store, ids: Iterable[str], to: str, who: str, now: datetime, reason: str = "") -> tuple[Moved, bool]:
    """Move stories to a state; return what came of it, and whether feeds should now show something else."""
    wanted = list(dict.fromkeys(ids))
    before = store.selections.of(wanted)
    done = store.selections.move(wanted, to, who, now, reason)
    return done, any("ignored" in (before[one].state, to) for one in done.moved)


def composed(desk: Desk, draft: Draft) -> Composed:
    """Return a draft as the digest it would go out as now, which may have no entry; or as the one it went out as."""
    issue = next((one for one in desk.store.issues.all() if draft.issue and one.id == draft.issue), None)
    if issue is not None:
        digest = mailroom.again(desk, issue)
        return Composed(digest, _by_form(desk, digest), stories=draft.stories)
    entry = {story.id: _entry(story, draft.language) for story in desk.store.stories.load(draft.stories)}
    states = desk.store.selections.of(draft.stories)
    sent = desk.store.issues.sent(draft.language, [one for one in entry.values() if one])
    left = {one: why for one in draft.stories if (why := _unfit(one, entry, states, sent))}
    entries = mailroom.entries(desk, draft.language, [entry[one] for one in draft.stories if one not in left])
    shown = {one.id for one in entries}
    left |= {one: "hidden" for one in draft.stories if one not in left and entry[one] not in shown}
    digest = mailroom.letter(desk, draft.language, {"": entries}, draft.title, draft.intro)
    publisher = desk.config.publisher
    fitted = publish.digest_fitted(digest, publisher, publish.home(publisher))
    return Composed(fitted, _by_form(desk, digest), left, tuple(one for one in draft.stories if one not in left))


def send(desk: Desk, draft: Draft, who: str) -> publish.Written:
    """Let a draft go out, and move its stories on; that feeds show it is left to the next `newsstand.put_out`.

    Raises NevawireError where it has no entry or too many, went out already, or somebody was faster.
    """
    if draft.issue:
        raise NevawireError("this digest went out already")
    made = composed(desk, draft)
    if not made.stories:
        raise NevawireError("nothing in this digest can go out; select stories that were not sent yet")
    if made.digest.left_out:
        raise NevawireError("this digest is longer than mail programs show; take some stories out")
    written = mailroom.send(desk, made.digest, COMPOSED)
    if not desk.store.issues.entries(made.digest.id):
        raise NevawireError("another digest went out with some of these stories meanwhile; look at it again")
    desk.store.drafts.sent(draft.id, made.digest.id, desk.now)
    desk.store.selections.move(made.stories, "published", who, desk.now, made.digest.name)
    return written


def arranged(stories: Sequence[str], order: Mapping[str, int]) -> tuple[str, ...]:
    """Return stories by the places they were given; those without one keep theirs, after the others."""
    return tuple(sorted(stories, key=lambda one: (order.get(one, len(stories) + 1), stories.index(one))))


def _by_form(desk: Desk, digest: publish.Digest) -> dict[str, bytes]:
    documents = mailroom.documents(desk, digest)
    return {name.removeprefix(f"digest/{digest.name}."): body for name, body in documents.items()}


def _entry(story: Story, language: str) -> str:
    """Return what a story goes into a digest as: itself, or its text of a language; "" where it has none."""
    if language == "both":
        return story.id
    text = story.texts.get(language)
    return text.id if text is not None and text.origin == "publisher" else ""


def _unfit(story: str, entry: Mapping[str, str], states: Mapping[str, Standing], sent: frozenset[str]) -> str:
    """Return why a story cannot go out: gone, silent in this language, sent already, or in no such state; "" if it can."""
    if story not in entry:
        return "gone"
    if not entry[story]:
        return "silent"
    if entry[story] in sent:
        return "sent"
    return "" if states[story].state in SENDABLE else "state"
