"""The section `pairing` of sources.yaml: from which probability on two articles are one story, and how far apart."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pipeline.model import PairingRules
from pipeline.sources.checks import to_timedelta
from pipeline.sources.keys import Keys, form, key
from pipeline.sources.wording import show

_SPAN = "-?[0-9]{1,6}[smhd]"
#: Articles further apart than this are never looked at together.
_FARTHEST = timedelta(days=30)
_EXAMPLE = "write for example [-3d, 7d]: from 3 days before the Russian article to 7 days after it"


def span(value: str) -> str:
    """Return value if it is a span of time, before (with a minus) or after."""
    if not re.fullmatch(_SPAN, value):
        raise ValueError(f"should be a span of time such as -3d or 36h, not {show(value)}")
    if abs(to_span(value)) > _FARTHEST:
        raise ValueError(f"{show(value)} is more than 30 days; write up to -30d or 30d")
    return value


def rising(values: list[str]) -> list[str]:
    """Return both ends of a window if it has any time in it."""
    if len(values) == 2 and to_span(values[0]) >= to_span(values[1]):
        raise ValueError(f"should begin before it ends, not {show(values[0])} and {show(values[1])}; {_EXAMPLE}")
    return values


def to_span(value: str) -> timedelta:
    """Return a checked span as a value."""
    return -to_timedelta(value[1:]) if value.startswith("-") else to_timedelta(value)


def to_window(values: list[str]) -> tuple[timedelta, timedelta]:
    """Return a checked window as values."""
    return to_span(values[0]), to_span(values[1])


Span = Annotated[str, AfterValidator(span), form(_SPAN)]
DateWindow = Annotated[list[Span], Field(min_length=2, max_length=2), AfterValidator(rising)]


class Pairing(Keys):
    """When a Russian and an English article count as one story."""

    link: float = key("Link", "From this probability on, two articles are one story. Default: 0.9.", 0.9, gt=0, le=1)
    review: float = key(
        "Review", "From this probability on, they wait for an analyst's word. Default: 0.1.", 0.1, gt=0, le=1
    )
    related: float = key(
        "Related",
        "From this probability on, two articles that are not one story are shown as telling of the same event. "
        "Default: 0.5.",
        0.5,
        gt=0,
        le=1,
    )
    window: DateWindow = key(
        "Window", "From how long after the Russian article, and to how long, the English one is looked for. "
        "Default: [-3d, 7d].", ["-3d", "7d"],
    )  # fmt: skip
    semantic: bool = key(
        "Semantic", "Whether meanings of titles and leads are compared, too; needs nevawire[semantic]. Default: false.",
        True,
    )  # fmt: skip
    translated_titles: bool = key(
        "Translated titles", "Whether a title that a machine translated (`translation`) is compared with those of the "
        "other language, and may speak for a pair. Default: false.", True,
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        link = PairingRules().link if self.link is None else self.link
        review = PairingRules().review if self.review is None else self.review
        if review > link:
            raise ValueError(
                f"review ({review}) lies above link ({link}); write for example {{link: 0.9, review: 0.1}}"
            )
        return self
