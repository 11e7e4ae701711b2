"""A pass that is asked for by hand: made here, or by the `watch` that is at work on the same store.

One process at a time collects and publishes; it holds the lease of duty.py. Where it is free, it is taken for the
length of the pass. Where somebody alive holds it, the pass is left to them as an errand for each source; should they
end meanwhile (it was another `run`, or the watch was stopped), the pass is made here after all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline import cycle
from pipeline.cycle import Work
from pipeline.duty import NAME, PATIENCE, Duty, at_work
from pipeline.errors import NevawireError
from pipeline.model import Source
from pipeline.newsroom import Newsroom, Orders
from pipeline.record import dataclass
from pipeline.report import PassReport
from pipeline.store import Errand

#: Between two looks at what the other one has done, real seconds.
_LOOK = 0.5


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of a pass that somebody else made."""

    holder: str
    outcomes: Mapping[str, Mapping[str, Any]]  #: source → report of its pass, or why there is none

    @property
    def exit_code(self) -> int:
        """0 all well; 3 some source failed."""
        return 3 if any(one.get("exit_code", 3) for one in self.outcomes.values()) else 0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"made_by": self.holder, "exit_code": self.exit_code, "passes": dict(self.outcomes)}

    def summary(self) -> str:
        """Return it in words, a line a source."""
        lines = [f"made by the watch at work ({self.holder}):"]
        for source, one in sorted(self.outcomes.items()):
            own = one.get("sources", {}).get(source, {})
            failure = own.get("failure") or {}
            why = one.get("why") or failure.get("kind", "")
            lines.append(f"  {source}: " + (f"failed; {why}" if why else f"{own.get('new', 0)} new"))
        return "\n".join(lines)


async def in_turn(
    room: Newsroom, sources: Sequence[Source], tell: Callable[[str], None], work: Work = cycle
) -> PassReport | Handed:
    """Make a pass over these sources as soon as it can be, here or there. work: who makes it where that is ours to do.

    Raises NevawireError where somebody is at work who could not make the pass as it was asked for.
    """
    while True:
        holder = await asyncio.to_thread(at_work, room.store, room.clock)
        if not holder:
            report = await _made_here(room, sources, work)
            if report is not None:
                return report
        elif room.orders != Orders():
            raise NevawireError(
                f"a watch is at work on this store ({holder}), and --recheck and --backfill are for a pass of one's own: "
                "stop it, run, and start it again"
            )
        else:
            tell(f"a watch is at work on this store ({holder}); it is asked to make the pass")
            handed = await _left_to(holder, room, sources)
            if handed is not None:
                return handed
            tell(f"{holder} has ended; the pass is made here")


async def _made_here(room: Newsroom, sources: Sequence[Source], work: Work) -> PassReport | None:
    """Make the pass under the lease; None where it is not to be had: its holder lives, and was only silent for long."""
    lost, enough = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def taken_over() -> None:
        loop.call_soon_threadsafe(lost.set)

    duty = Duty(room.store, room.clock, taken_over)
    loop.call_later(room.clock.real_seconds(2 * PATIENCE), enough.set)
    if not await duty.wait(enough, lambda _line: None):
        return None
    try:
        return await work.run(replace(room, stopping=lambda: lost.is_set() or room.stopping()), sources)
    finally:
        duty.leave()


async def _left_to(holder: str, room: Newsroom, sources: Sequence[Source]) -> Handed | None:
    """Have the holder of the lease make the pass; None where it ended before."""
    errands = room.store.errands
    asked = [errands.ask("run", source.id, "run", room.clock.now()) for source in sources]
    while True:
        found = [errands.get(one.id, room.clock.now()) or one for one in asked]
        if not any(one.open for one in found):
            return Handed(holder, {one.source: one.outcome for one in found})
        held = room.store.leases.look(NAME)
        if held is None or held.holder != holder:
            _withdraw(room, found)
            return None
        await asyncio.sleep(_LOOK)


def _withdraw(room: Newsroom, asked: Sequence[Errand]) -> None:
    for one in asked:
        if one.open:
            room.store.errands.end(
                one.id, {"why": "withdrawn: made by a pass of its own"}, room.clock.now(), good=False
            )
