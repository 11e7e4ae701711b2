"""What the story page shows of a dossier: each side with its words, its edits and what was dropped; pairs; captures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from markupsafe import Markup

from pipeline import editing, edits, history
from pipeline.citation import Citation
from pipeline.dossier import Dossier
from pipeline.model import EDITABLE, Config, Edit, Item, Source, Text
from pipeline.publish import clean, dates, entries
from pipeline.record import dataclass
from pipeline.store import Capture


@dataclass(frozen=True, slots=True)
class Field:
    """A title or summary: as its publisher has it, as it is shown, and what an analyst did to it."""

    name: str
    original: str
    said: str
    edit: Edit | None  #: the last one, unless it was taken back
    holds: bool  #: whether it is shown
    changes: tuple[history.Change, ...]  #: from the publisher's words to the analyst's


@dataclass(frozen=True, slots=True)
class Copy:
    """One site's copy of a text."""

    item: Item
    name: str  #: of its source
    published: dates.Dated
    captures: Sequence[Capture]
    read_from: Capture | None
    by_hand: bool
    gone: tuple[datetime, str] | None
    withdrawn: tuple[datetime, str] | None


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a story."""

    text: Text
    fields: Mapping[str, Field]
    body: Markup
    copies: Sequence[Copy]
    dropped: Sequence[str]

    @property
    def title(self) -> str:
        """The title as it is shown."""
        return self.fields["title"].said


def sides(dossier: Dossier, config: Config) -> list[Side]:
    """Return the sides of a story, the Russian one first."""
    sources = config.by_id
    return [_side(dossier, text, sources) for text in dossier.story.texts.values()]


def _side(dossier: Dossier, text: Text, sources: Mapping[str, Source]) -> Side:
    told = edits.standing(text)
    fields = {name: _field(name, text, told.get(name)) for name in EDITABLE}
    article = text.lead.article
    dropped = tuple(dict.fromkeys(line for item in text.items for line in item.article.dropped))
    return Side(text, fields, body(article.html, article.text), _copies(dossier, text, sources), dropped)


def _field(name: str, text: Text, told: edits.Standing | None) -> Field:
    original = editing.original(name, text.lead)
    if told is None:
        return Field(name, original, original, None, holds=False, changes=())
    said = told.edit.value if told.holds else original
    return Field(name, original, said, told.edit, told.holds, history.diff(original, told.edit.value))


def _copies(dossier: Dossier, text: Text, sources: Mapping[str, Source]) -> list[Copy]:
    by_hand = {one.url for one in dossier.addresses if one.by == "hand"} | {one.target for one in dossier.additions}
    return [
        Copy(
            item, source_name(sources, item, text.language), dates.published(item), dossier.captures_of(item),
            dossier.read_from(item), bool(by_hand & dossier.urls_of(item)), dossier.missing.get(item.id),
            dossier.withdrawn.get(item.id),
        )
        for item in text.items
    ]  # fmt: skip


def body(html: str, text: str) -> Markup:
    """Return an article's body as HTML that passed the allow-list, without pictures."""
    own = html or "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return Markup(clean.fragment(own, images=False))  # noqa: S704 - it passed the allow-list


def source_name(sources: Mapping[str, Source], item: Item, language: str) -> str:
    """Return what an article's source is called; one that has left sources.yaml goes by its host."""
    known = sources.get(item.article.source) or Source(id=item.article.source, name={}, kind="", listings=())
    return entries.source_name(known, item, language)


def citation(dossier: Dossier, item: Item, config: Config) -> Citation:
    """Return an article as a source to cite, in its publisher's own words."""
    sources = config.by_id
    dated, held = dates.published(item), dossier.read_from(item)
    zone = sources[item.article.source].timezone if item.article.source in sources else ""
    day = dates.in_zone(dated.at, dated.zone or zone).date()
    return Citation(
        item.id, item.article.title, source_name(sources, item, item.language.code), item.article.url, day, dated.evidence,
        held.at if held else item.first_seen, item.article.digest if held else "", item.language.code,
        item.article.authors,
    )  # fmt: skip
