"""What one pass over a source brought to light, as far as alarms are concerned."""

from __future__ import annotations

from datetime import datetime

from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """A listing that could not be read as it should."""

    kind: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One pass over one source, just ended."""

    now: datetime
    began: datetime
    problems: tuple[Trouble, ...] = ()  #: of its listings
    failure: Trouble | None = None  #: why the source counts as failed

    @property
    def answered(self) -> bool:
        """Whether every listing was there to be read: what is not seen is no silence."""
        return self.failure is None and not self.problems
