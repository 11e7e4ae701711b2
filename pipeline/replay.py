"""Articles made again from the archive, by better code than made them first; no request leaves the machine.

for each source, a batch at a time:
stale     the pages that older stage versions read, in the order in which a pass would read them
read      in child processes that can be killed (reading.py)
compare   with their siblings, and with the articles there are
keep      one transaction a batch; what is kept is not stale any more, so a killed replay goes on where it was
for all of them, once:
publish   what changed, as no news

With a review nothing is kept before all of it was shown: batches wait in a temporary file.
What is not here: who is asked and how it looks (cli_replay.py).
"""

from __future__ import annotations

import pickle
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from functools import partial
from typing import IO

from pipeline import address, extract, mailroom, newsstand, pairs
from pipeline.characters import legal
from pipeline.model import Article, Item, Profile, Source
from pipeline.newsroom import Newsroom
from pipeline.reading import BATCH, VERSION, Readings, announce_versions, compare, sift, taught
from pipeline.record import dataclass
from pipeline.store import Outcome, Waiting

#: Changes that are told one by one; the rest is counted.
_SHOWN = 50

#: Told the source, how many of its pages were read, and how many there are to read.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a replay changes."""

    pages: int = 0  #: read again
    titles: int = 0
    dates: int = 0
    texts: int = 0
    languages: int = 0
    new: int = 0  #: articles on pages that gave none before
    lost: int = 0  #: articles whose pages give none now; they are kept as they were
    unreadable: int = 0  #: pages missing from the archive, or damaged there
    examples: tuple[str, ...] = ()

    def __add__(self, other: Difference) -> Difference:
        """Count together."""
        counts = {
            one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self) if one.name != "examples"
        }  # fmt: skip
        return Difference(**counts, examples=(*self.examples, *other.examples)[:_SHOWN])


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages of one source, read again, with what was learned from them and from those before."""

    source: Source
    outcomes: Sequence[Outcome]
    also: Sequence[Outcome]
    profile: Profile
    unreadable: tuple[str, ...]


async def replay(
    room: Newsroom, sources: Sequence[Source], since: datetime | None, tell: Tell,
    agreed: Callable[[Difference], bool] | None = None,
) -> Difference | None:  # fmt: skip
    """Redo what older stage versions made of archived pages, and publish; return what that changed.

    since: only addresses first seen then or later. agreed: asked before anything is kept; where it
    says no, nothing is, and None is returned.
    """
    name, start = uuid.uuid4().hex[:12], room.clock.now()
    found = Difference()
    with tempfile.TemporaryFile() as spool:
        for source in sources:
            async for batch in _batches(room, source, since, tell):
                found += difference(room, batch)
                if agreed is None:
                    _keep(room, batch)
                else:
                    pickle.dump(batch, spool)
        if agreed is not None:
            if not agreed(found):
                return None
            _keep_all(room, spool)
    room.store.ledger.start(name, "replay", start)
    publish(room)
    room.store.ledger.finish(name, 0, asdict(found), room.clock.now())
    return found


def publish(room: Newsroom) -> None:
    """Pair anew what changed, and bring the feeds up to date; nobody is sent what is no news."""
    pairs.pair_up(room.store, room.config, room.clock.now())
    desk = newsstand.Desk(room.config, room.store, room.feeds, room.clock.now(), room.secret)
    written = newsstand.put_out(desk, sending=False)
    mailroom.reissue(desk)
    for name, why in written.refused.items():
        room.store.ledger.event("refused", name, why, desk.now)


async def _batches(room: Newsroom, source: Source, since: datetime | None, tell: Tell) -> AsyncIterator[Batch]:
    rounds = room.store.replays.stale(source.id, VERSION, since)
    count, done = sum(map(len, rounds)), 0
    profile = room.store.articles.profile(source.id)
    if since is None and profile.version != VERSION:
        # Lines that older code saw teach something else; of a part of the pages too little could be learned.
        profile = replace(profile, pages={}, title_suffix={}, layouts=(), version=VERSION)
    for keys in (round_[start : start + BATCH] for round_ in rounds for start in range(0, len(round_), BATCH)):
        batch = Readings(*taught(profile, len(keys)), shelving=False)
        read, unreadable = await _read(room, source, batch, keys, partial(_tell, tell, source.id, done, count))
        done += len(keys)
        learned = replace(profile, layouts=batch.layouts or ())
        outcomes, also, profile = await compare(room, read, learned, source, batch)
        yield Batch(source, outcomes, also, profile, unreadable)


def _tell(tell: Tell, source: str, start: int, total: int, done: int) -> None:
    tell(source, start + done, total)


async def _read(
    room: Newsroom, source: Source, batch: Readings, keys: Sequence[str], tell: Callable[[int], None]
) -> tuple[list[tuple[Waiting, extract.PageReading]], tuple[str, ...]]:
    """Read the pages of a batch; some at a time, since bodies are large."""
    unreadable = []
    for number, (key, page) in enumerate(room.store.replays.pages(keys)):
        if isinstance(page, Waiting):
            await batch.begin(room, source, page)
            tell(number + 1)
        else:
            unreadable.append(f"{key.removeprefix('//')}: {page}")
    taken = await batch.take()
    read = [(waiting, part) for waiting, one in taken for part in extract.parts(sift(waiting, one, batch.told))]
    return read, tuple(unreadable)


def _keep(room: Newsroom, batch: Batch) -> None:
    now = room.clock.now()
    room.store.articles.record(batch.source, batch.outcomes, batch.also, batch.profile, now, anew=True)
    announce_versions(room, batch.source, batch.outcomes)


def _keep_all(room: Newsroom, spool: IO[bytes]) -> None:
    spool.seek(0)
    while True:
        try:
            batch = pickle.load(spool)  # noqa: S301  # our own, from a file that has no name
        except EOFError:
            return
        _keep(room, batch)


def difference(room: Newsroom, batch: Batch) -> Difference:
    """Return how a batch differs from the articles there are."""
    ids = [address.article_id(_url(one)) for one in batch.outcomes]
    before = {item.id: item for item in room.store.features.items(ids)}
    found = Difference(unreadable=len(batch.unreadable), examples=batch.unreadable)
    found = sum((_changes(before.get(id_), one) for id_, one in zip(ids, batch.outcomes, strict=True)), start=found)
    return replace(found, pages=len({one.waiting.capture for one in (*batch.outcomes, *batch.also)}))


def _changes(old: Item | None, outcome: Outcome) -> Difference:
    url, made = _url(outcome), outcome.result
    if not isinstance(made, Article):
        return Difference() if old is None else Difference(lost=1, examples=(f"{url}: {made.kind}, {made.detail}",))
    assert outcome.language is not None
    if old is None:
        return Difference(new=1, examples=(f"{url}: new, “{made.title}”",))
    title, text = legal(made.title), legal(made.text)
    told = []
    if titled := title != old.article.title:
        told.append(f"{url}: title “{old.article.title}” → “{title}”")
    if dated := made.published != old.article.published:
        told.append(f"{url}: date {_day(old.article)} → {_day(made)}")
    if worded := text != old.article.text:
        gone, come = set(old.article.text.split("\n")), set(text.split("\n"))
        told.append(f"{url}: text −{len(gone - come)} +{len(come - gone)} lines")
    if other := outcome.language.code != old.language.code:
        told.append(f"{url}: language {old.language.code} → {outcome.language.code}")
    return Difference(titles=titled, dates=dated, texts=worded, languages=other, examples=tuple(told))


def _url(outcome: Outcome) -> str:
    return outcome.result.url if isinstance(outcome.result, Article) else outcome.waiting.page.url


def _day(article: Article) -> str:
    dated = article.published
    return f"{dated.at:%Y-%m-%d %H:%M} ({dated.evidence})" if dated else "none"
