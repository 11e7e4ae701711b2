"""A file of data for each day whose stories changed, days of few stories together.

What every day is made with (rules, what was withdrawn or is missing) is asked for once; the stories of many days are
found by one look through them, and read and written in lots of a few hundred. What a line of data says is the publish
stage's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pipeline import publish
from pipeline.makeup import Makeup

#: Stories read at once, but for a day that has more.
_BATCH = 500
#: Days whose stories are found by one look.
_LOOK = 100


def days(turn: Makeup) -> publish.Written:
    """Set up the file of data of each day whose stories changed."""
    desk, ledger, rules = turn.desk, turn.desk.store.publications, turn.desk.rules
    known = ledger.states("day:")
    now = {f"day:{day}": f"{rules} {made_of}" for day, made_of in ledger.days().items()}
    due = sorted(name for name in {*known, *now} if known.get(name, "") != now.get(name, ""))
    if not due:
        return publish.Written()
    past = publish.Past(withdrawn=turn.withdrawn, missing=desk.store.missing.since())
    done = []
    for start in range(0, len(due), _LOOK):
        of_day = ledger.stories_of_days([name[4:] for name in due[start : start + _LOOK]])
        done += [_written(turn, lot, past, now) for lot in _lots(of_day)]
    return publish.together(done)


def _lots(of_day: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Sequence[str]]]:
    """Yield the days in lots of so many stories; day → ids of its stories."""
    lot: dict[str, Sequence[str]] = {}
    for day, ids in of_day.items():
        if lot and sum(map(len, lot.values())) + len(ids) > _BATCH:
            yield lot
            lot = {}
        lot[day] = ids
    if lot:
        yield lot


def _written(
    turn: Makeup, lot: Mapping[str, Sequence[str]], past: publish.Past, now: Mapping[str, str]
) -> publish.Written:
    """Set up the files of these days, and have kept what those were made of that were not refused."""
    desk = turn.desk
    stories = {story.id: story for story in turn.stories.load(one for ids in lot.values() for one in ids)}
    past = replace(past, shown=desk.store.stories.published(stories), labels=desk.labels(stories.values()))
    made = {
        day: publish.day(
            day, [stories[one] for one in ids if one in stories], desk.config, desk.now, past, turn.setting
        )
        for day, ids in lot.items()
    }
    written = turn.press.set_up([one.galley for one in made.values()], excused=True)
    refused = {publish.stem(name) for name in written.refused}
    good = {f"day:{day}": one.whole for day, one in made.items() if one.galley.name not in refused}
    # A day that still holds something back is looked at again.
    states = {name: now.get(name, "") if whole else "" for name, whole in good.items()}
    turn.press.then(partial(desk.store.publications.keep_states, states))
    return written
