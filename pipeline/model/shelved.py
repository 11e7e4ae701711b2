"""What pairing keeps of an article, so that no article is read twice. What it is made of is `pairing.shelf`'s."""

from __future__ import annotations

from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Shelved:
    """One article as it is kept: `made_of` names the content and `version` the code that it was made by."""

    article: str
    made_of: str  #: `pairing.digest` of the content
    version: str
    url: str
    claims: tuple[str, ...]  #: ids of the articles its page declares to be versions of it
    pictures: tuple[str, ...]  #: names of its picture files
    sketch: bytes
    told: str  #: the features, but for the runs of words, which the sketch has
