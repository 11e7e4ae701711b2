"""Which texts a newsletter feed offers, each once: senders take what is new since they last looked.

History never enters: what came with a source's first pass or a backfill, what was old when it was
first seen, what turned up only because stored pages were read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipeline.model import PublishRules, Story, Text
from pipeline.publish import dates
from pipeline.publish.channels import Channel
from pipeline.record import dataclass

#: How far back a newsletter reaches that begins where news have been collected for a while.
HEAD_START = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What becomes of texts a newsletter has not met before, by id."""

    offered: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()  #: never to be offered


def offer(
    channel: Channel, stories: Iterable[Story], now: datetime, rules: PublishRules, *, begun: bool = True,
    sending: bool = True,
) -> Offer:  # fmt: skip
    """Return which of these texts, none of which the newsletter has met, it offers from now on.

    begun: the newsletter has been published before. sending: false where a replay or a backfill
    brought them to light.
    """
    since = now - (rules.newsletter_max_age if begun else HEAD_START)
    offered: list[str] = []
    passed: list[str] = []
    for story in stories:
        text = story.texts.get(channel.language or "")
        if text is None or (text.origin != "publisher" and not channel.machine):
            continue
        news = sending and not _history(text, rules) and min(item.first_seen for item in text.items) >= since
        (offered if news else passed).append(text.id)
    return Offer(tuple(sorted(offered)), tuple(sorted(passed)))


def _history(text: Text, rules: PublishRules) -> bool:
    """Return whether a text was no news when it was first seen, on any site that carries it."""
    return any(
        item.history or dates.published(item).at < item.first_seen - rules.newsletter_max_age for item in text.items
    )
