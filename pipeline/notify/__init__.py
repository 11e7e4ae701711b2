"""Notify: changes of alarms → the operator, once for each change and channel.

What was told is written down only after it was taken, so a crash, or a channel that fails,
means that it is told again with the next pass, under the same key. A channel that fails
harms nothing: it becomes an event.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline import collect
from pipeline.model import Config
from pipeline.record import dataclass
from pipeline.store import Store

if TYPE_CHECKING:
    from pipeline.notify.message import Message

__all__ = ["Notifier"]

#: A channel that failed is left alone for so long, within one run of the program.
PATIENCE = timedelta(minutes=10)

Channel = Callable[["Message", datetime], Awaitable[str]]


@dataclass(frozen=True)
class Notifier:
    """Who is told, and with which keys."""

    config: Config
    guard: collect.Guard
    keys: Mapping[str, str]  #: the environment
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  #: passes may end at the same time
    failed: dict[str, datetime] = field(default_factory=dict)  #: channel → when it last failed

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels that are configured, by name."""
        hook, smtp = self.config.notify.webhook, self.config.notify.smtp
        named: dict[str, Channel] = {}
        if hook is not None:
            from pipeline.notify import webhook  # as all that is only for telling: most passes tell nobody anything

            named["webhook"] = lambda one, now: webhook.send(one, hook, self.keys, self.guard, now)
        if smtp is not None:
            from pipeline.notify import mail

            named["smtp"] = lambda one, now: mail.send(one, smtp, self.keys, now)
        return named

    async def tell(self, store: Store, now: datetime) -> None:
        """Tell every channel what it was not yet told."""
        async with self.turn:
            for name, send in self.channels.items():
                changes = store.alarms.untold(name, now)
                if not changes or (name in self.failed and now - self.failed[name] < PATIENCE):
                    continue
                from pipeline.notify import message

                failure = await send(message.of_changes(changes, self.config), now)
                if failure:
                    self.failed[name] = now
                    store.ledger.event("not-told", "", f"{name}: {failure}", now)
                else:
                    self.failed.pop(name, None)
                    store.alarms.mark_told(name, changes, now)

    async def test(self, now: datetime) -> dict[str, str]:
        """Send a test message through every channel; return why each failed, "" where it was taken."""
        from pipeline.notify import message

        trial = message.of_test(self.config.notify.language, now)
        return {name: await send(trial, now) for name, send in self.channels.items()}
