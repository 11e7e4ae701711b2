"""An analyst puts a title or summary in other words: what may be said, and that it is kept as a fact.

    original   what the publisher's own words give for a field
    edit       keep other words for it; the publisher's own, or none, take them back
    waiting    edits that gave way to a correction, to be looked at

What feeds make of it is the publish stage's business; text that a machine wrote is edited in subeditor.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from pipeline import characters, edits, publish
from pipeline.errors import NevawireError
from pipeline.model import EDITABLE, Config, Edit, Item, Source, Story, Text
from pipeline.record import dataclass
from pipeline.store import Store

#: Characters at most: of a title, of a summary as feeds show it.
LENGTHS: Mapping[str, int] = {"title": 300, "summary": 300}
#: Edits that wait which are listed at once.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """An edit that gave way to a correction."""

    story: Story
    text: Text
    edit: Edit
    before: str  #: the publisher's words it was made for; "" where they are not known any more
    original: str  #: the publisher's words now


def original(field: str, item: Item) -> str:
    """Return what a field of an article says in its publisher's words."""
    return item.article.title if field == "title" else publish.lead_of(item.article)


def said(field: str, text: Text) -> str:
    """Return what a field of a text says now, to readers who may see all of it."""
    own = edits.holding(text).get(field)
    return own.value if own else original(field, text.lead)


def edit(store: Store, config: Config, text: Text, field: str, value: str, who: str, now: datetime) -> Edit | None:
    """Keep what a field of a text is to say from now on; None where it says so already.

    Raises NevawireError where it may not be said.
    """
    if text.origin != "publisher":
        raise NevawireError("a machine wrote this text: its translation is edited, not its title or summary alone")
    words = _checked(field, value)
    lead = text.lead
    if words == characters.line(original(field, lead)):
        words = ""
    known = edits.standing(text).get(field)
    if known is None and not words:
        return None
    if known is not None and known.holds and words == known.edit.value:
        return None
    # Words that came from another copy of the text are taken back where they were said.
    article = lead.id if words or known is None else known.edit.article
    made = Edit(article, field, words, edits.made_for(field, lead.article), who, now)
    return store.edits.record(made, shown=_is_shown(config, text, field))


def waiting(store: Store) -> list[Waiting]:
    """Return the edits that gave way to a correction, those of the stories edited last first."""
    return list(islice(_waiting(store), SHOWN))


def _waiting(store: Store) -> Iterator[Waiting]:
    for story in store.stories.load_in_order(store.edits.doubtful()):
        for text in story.texts.values():
            for field, one in edits.standing(text).items():
                if not one.holds:
                    before = _made_for(store, text, one.edit)
                    yield Waiting(story, text, one.edit, before, original(field, text.lead))


def _made_for(store: Store, text: Text, edit: Edit) -> str:
    """Return what the publisher said of a field when an edit of it was made; "" where that wording was not kept."""
    item = next((one for one in text.items if one.id == edit.article), text.lead)
    for wording in store.articles.history(edit.article):
        then = replace(item.article, title=wording.title, text=wording.text, html=wording.html)
        if edits.made_for(edit.field, then) == edit.made_for:
            return original(edit.field, replace(item, article=then))
    return ""


def _checked(field: str, value: str) -> str:
    if field not in EDITABLE:
        raise NevawireError(f"{field!r} cannot be edited; {' and '.join(EDITABLE)} can")
    words = characters.line(value)
    if len(words) > LENGTHS[field]:
        raise NevawireError(f"the {field} has {len(words)} characters; at most {LENGTHS[field]} are shown")
    return words


def _is_shown(config: Config, text: Text, field: str) -> bool:
    """Tell whether readers of feeds see a field: rights may leave the title alone."""
    article = text.lead.article
    source = next((one for one in config.sources if one.id == article.source), None)
    own = source or Source(id=article.source, name={}, kind="", listings=())
    return field == "title" or publish.shows_summary(article, own.rights)
