"""Whether every source had its turns: none left out, none too soon, one cut off by a kill made up for once."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from pipeline.store.engine import connect, reading
from pipeline.store.tables import fetches, runs, sources


@dataclass(frozen=True)
class Turn:
    """One turn of a source; instants in hours."""

    began: float
    ended: float | None  #: None where the watch was killed in it
    counted: bool  #: whether it counts as taken: a turn that was cut off before is due again
    trouble: float  #: of the source after it


@dataclass(frozen=True)
class Verdict:
    """What came of looking through the turns."""

    turns: int
    cut: int
    made_up: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    latest: float  #: hours by which the latest turn was late


class Counted(NamedTuple):
    """The last turn of a source that counted as taken, as the store says."""

    at: datetime
    trouble: float


def counted(folder: Path) -> dict[str, Counted]:
    """Return each source's last turn that counted as taken, as the store says now."""
    engine = connect(f"sqlite:///{folder / 'store' / 'nevawire.sqlite'}")
    with reading(engine) as connection:
        rows = connection.execute(select(sources)).all()
        found = {row.id: Counted(row.last_pass, float(row.failures)) for row in rows if row.last_pass}
    engine.dispose()
    return found


def turns(folder: Path, start: datetime, kills: Sequence[tuple[float, Mapping[str, Counted]]]) -> dict[str, list[Turn]]:
    """Return each source's turns, oldest first; kills: at which hour, and what `counted` said then."""
    engine = connect(f"sqlite:///{folder / 'store' / 'nevawire.sqlite'}")
    with reading(engine) as connection:
        rows = connection.execute(select(runs).order_by(runs.c.started)).all()
        asked = connection.execute(
            select(fetches.c.run, fetches.c.source).where(fetches.c.role != "robots").distinct()
        ).all()
    engine.dispose()
    of_run: dict[str, set[str]] = defaultdict(set)
    for row in asked:
        of_run[row.run].add(row.source)
    found: dict[str, list[Turn]] = defaultdict(list)
    for row in rows:
        ended = None if row.finished is None else _hours(row.finished, start)
        for source in {*row.summary.get("sources", {}), *of_run[row.id]}:
            began = _hours(row.started, start)
            then = next((each.get(source) for hour, each in kills if hour >= began), None)
            in_time = ended is None and then is not None and then.at >= row.started
            trouble = then.trouble if in_time else _trouble(row.summary, source)  # a pass that was killed tells nothing
            found[source].append(Turn(began, ended, ended is not None or in_time, trouble))
    return found


def judge(found: Mapping[str, Sequence[Turn]], every: float, slack: float, end: float) -> Verdict:
    """Hold the turns of all sources against their rhythm; a source in trouble may be left alone for longer."""
    lost, doubled, latest, cut, made_up = [], [], 0.0, 0, 0
    for source, mine in sorted(found.items()):
        taken = [one for one in mine if one.counted]
        for one, following in itertools.pairwise(taken):
            if following.began - one.began < every * 0.98:
                doubled.append(f"{source}: turns at {one.began:.2f} and {following.began:.2f} h")
            late = following.began - (one.ended or one.began) - every
            if not one.trouble:
                latest = max(latest, late)
                if late > slack:
                    lost.append(f"{source}: no turn between {one.began:.2f} and {following.began:.2f} h")
        last = taken[-1] if taken else None
        if last is None or (not last.trouble and end - (last.ended or last.began) > every + slack):
            lost.append(f"{source}: no turn after {last.began if last else 0.0:.2f} h")
        for one in mine:
            if not one.counted:
                cut += 1
                soon = [each for each in taken if one.began < each.began <= one.began + slack]
                made_up += len(soon) == 1
                if len(soon) != 1 and one.began + slack < end:
                    (doubled if soon else lost).append(
                        f"{source}: cut off at {one.began:.2f} h, made up {len(soon)} times"
                    )
    return Verdict(sum(map(len, found.values())), cut, made_up, tuple(lost), tuple(doubled), latest)


def _trouble(summary: Mapping[str, Any], source: str) -> float:
    return 1.0 if summary.get("sources", {}).get(source, {}).get("failure") else 0.0


def _hours(at: datetime, start: datetime) -> float:
    return (at - start).total_seconds() / 3600
