"""What every engine is and how it fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.errors import TranslateError
from pipeline.record import dataclass

#: How a request can fail. quota: nothing more today; overload: not now; refused: the key or the request is wrong;
#: unsupported: not these languages; too-large: in smaller pieces; network: it was not reached; lost: it was, and what
#: it answered is not known, or made no sense.
KINDS = ("quota", "overload", "refused", "unsupported", "too-large", "network", "lost")
#: Of these nobody can know whether they were billed.
BROKEN = "lost"


class EngineFailed(TranslateError):
    """An engine gave no translation; `kind` is one of `KINDS`."""

    def __init__(self, engine: str, kind: str, detail: str = "") -> None:
        super().__init__(engine, kind, detail)
        assert kind in KINDS
        self.engine = engine
        self.kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.engine}: {self.kind}" + (f" ({self.detail})" if self.detail else "")

    @property
    def unsent(self) -> bool:
        """Whether the engine surely did not translate, and so did not bill, what it was sent."""
        return self.kind != BROKEN


@dataclass(frozen=True, slots=True)
class Traits:
    """What has to be known of an engine before it is asked."""

    name: str
    form: str  #: tags | plain
    batch: int  #: texts in one request
    longest: int  #: characters in one request
    bills: bool  #: costs by what it is sent
    outside: bool  #: text leaves the installation


class Engine(Protocol):
    """One engine, open."""

    @property
    def traits(self) -> Traits:
        """What has to be known of it."""

    def about(self, source: str, target: str) -> tuple[str, str, str]:
        """Return model, version and credit of what translates these languages; raises EngineFailed."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return the translations of texts, in order; raises EngineFailed."""

    def close(self) -> None:
        """Let go of whatever is open."""
