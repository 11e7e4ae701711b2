"""What publishing works with, and what documents depend on beside stories. Writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pipeline import access, printing
from pipeline.model import Config, Story
from pipeline.record import dataclass
from pipeline.store import Store

#: Under this name it is kept what the feeds as a whole were last made of.
STATE = "feeds"


@dataclass(frozen=True)
class Desk:
    """What publishing works with."""

    config: Config
    store: Store
    feeds: Path
    now: datetime
    secret: str = ""  #: tokens are made from it; "": from the store's

    @cached_property
    def rules(self) -> str:
        """A digest of everything in the configuration that documents depend on."""
        about = (
            printing.VERSION,
            self.config.publisher,
            self.config.publish,
            self.config.topics,
            self.config.feeds,
            self.config.searches,
            self.tokens,
        )
        sources = [
            (one.id, one.name, one.kind, one.enabled, one.timezone, one.rights, one.listings)
            for one in self.config.sources
        ]
        return hashlib.sha256(repr((about, sources)).encode()).hexdigest()[:16]

    @property
    def tokens(self) -> dict[str, str]:
        """The tokens of saved searches that are not public, by feed."""
        names = [f"search-{one.id}" for one in self.config.searches if not one.public]
        secret = self.secret or (self.store.private.secret(self.now) if names else "")
        return {name: access.token(secret, name) for name in names}

    @property
    def known(self) -> frozenset[str]:
        """The names of the files that belong to feeds there are."""
        return frozenset(self.store.publications.state(STATE)[1]["files"])

    def labels(self, stories: Iterable[Story]) -> Mapping[str, Sequence[str]]:
        """Return the labels of the articles of these stories."""
        ids = (item.id for story in stories for text in story.texts.values() for item in text.items)
        return self.store.publications.labels_of(ids)
