"""What analysts would have articles say, and whether it still may: an edit holds for the words it was made for.

Where the publisher corrects these words, the edit gives way to the correction until somebody looks at both: an old
wording must not hide new facts. A title's edit is made for the title, a summary's for title and text. Purely values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from pipeline.model import Article, Edit, Text
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """The last word on one field of one article."""

    edit: Edit
    holds: bool  #: whether the publisher's words are those it was made for


def made_for(field: str, article: Article) -> str:
    """Return a digest of the words that an edit of this field stands for."""
    return digest(field, article.title, article.text)


def digest(field: str, title: str, text: str) -> str:
    """Return the digest of an article's words that an edit of this field stands for."""
    words = title if field == "title" else f"{title}\n{text}"
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:16]


def last(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the last edit of each field of each article, given oldest first; none where it was taken back."""
    newest = {(one.article, one.field): one for one in edits}
    return tuple(one for one in newest.values() if one.value)


def standing(text: Text) -> Mapping[str, Standing]:
    """Return the last word on each field of a text: that on its leading article first, then on another site's copy.

    One that holds goes before one that does not, so that an edit stays when another copy comes to lead.
    """
    rank = {item.id: place for place, item in enumerate(text.items)}
    found: dict[str, Standing] = {}
    for one in sorted(text.edits, key=lambda edit: (rank.get(edit.article, len(rank)), edit.article)):
        told = Standing(one, made_for(one.field, text.lead.article) == one.made_for)
        if one.field not in found or (told.holds and not found[one.field].holds):
            found[one.field] = told
    return found


def holding(text: Text) -> Mapping[str, Edit]:
    """Return by field the edits of a text that hold."""
    return {field: one.edit for field, one in standing(text).items() if one.holds} if text.edits else {}
