"""Everything that can go wrong, as one tree.

NevawireError
├── ConfigError       sources.yaml or a setting is wrong: stop at once
├── SourceError       one source misbehaves: recorded, the others go on
│   ├── FetchError    no usable answer came; `kind` names the outcome
│   ├── ListingError  fewer links than expected
│   └── ExtractError  no title, text or date where there should be one
├── NoChildrenError   this machine starts no processes to read pages in
├── TranslateError    the story waits, or goes out in one language
├── StoreError        disk or schema: stop the cycle
│   └── ArchiveAway   the place raw pages lie in cannot be asked now: feeds go on without it
└── PublishRefused    the new feed is empty, shrunken or invalid: keep the last good one

Expected failures of a page travel as values (`model.Fetch`, `model.Refusal`); these
exceptions are for the places where the work at hand cannot go on. Bugs are not
here: they crash with a traceback.
"""

from __future__ import annotations

from pipeline.record import dataclass


class NevawireError(Exception):
    """Root of every error this program raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a file: where it stands, and what would be right."""

    file: str
    line: int  #: from 1
    column: int  #: from 1
    key: str  #: sources.bureau.listings[0].url; "" where the whole file is meant
    what: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.line}:{self.column}", self.key, self.what)))


class ConfigError(NevawireError):
    """sources.yaml or a setting is wrong; the message has one problem a line."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        #: The message's lines as data, where they are about places in a file.
        self.problems = problems


class SourceError(NevawireError):
    """One source misbehaves; the others go on."""


class FetchError(SourceError):
    """No usable answer from `url`; `kind` is one of `model.FETCH_KINDS`."""

    def __init__(self, kind: str, url: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(kind, url, detail, retry_after)  # all of them: it must survive the way out of a child process
        self.kind = kind
        self.url = url
        self.detail = detail
        #: Seconds the server asked us to stay away (429, 503), if it said so.
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.kind}: {self.url}" + (f" ({self.detail})" if self.detail else "")


class ListingError(SourceError):
    """A listing cannot be read, or shows fewer links than `expect.links`."""

    def __init__(self, kind: str, url: str, detail: str = "") -> None:
        super().__init__(kind, url, detail)
        self.kind = kind
        self.url = url
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.kind}: {self.url}" + (f" ({self.detail})" if self.detail else "")


class ExtractError(SourceError):
    """A page gave no title, text or date where there should be one."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


class NoChildrenError(NevawireError):
    """This machine starts no processes to read pages in."""


class TranslateError(NevawireError):
    """A translation could not be made or was not good enough."""


class StoreError(NevawireError):
    """Disk or schema trouble: the cycle stops."""


class ArchiveAway(StoreError):
    """The place raw pages lie in cannot be asked now; what is in it is not known, or what is new not kept."""


class PublishRefused(NevawireError):
    """A new feed document is not fit to replace the last good one."""
