"""What the feeds should now show: from the store, through the publish stage, into feeds/, into the ledgers.

    nothing changed since the last time? ─► done
    label     what new articles are about
    offer     new texts to newsletters; kept before they are shown, so that none is offered twice
    archive   what leaves a feed into documents that stay
    days      a file of data for each day whose stories changed (daybook.py)
    render    every feed; write what differs; keep what was shown

Where a feed's rules live is the publish stage's business; nothing is fetched here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline import daybook, makeup, otherwords, printing, publish
from pipeline.imprint import STATE, Desk
from pipeline.makeup import Makeup
from pipeline.record import dataclass
from pipeline.store import Sections, Wanted

__all__ = ["HELD", "VERSION", "Desk", "archive", "bring_out", "keep_private", "label", "offer", "put_out", "show"]

#: Of the code that makes documents of stories: raised when the same stories would now read otherwise.
VERSION = "4"
#: So many stories beyond a feed's size are looked at, as some of the newest may be held.
HELD = 50
#: Articles labelled, or stories read, at once.
_BATCH = 500


def put_out(desk: Desk, *, sending: bool = True) -> publish.Written:
    """Bring feeds/ up to date. sending: false where what is new comes of a replay, and is no news.

    One at a time, so that what is read is not older than what stands: nothing is offered twice, no feed goes back.
    """
    with desk.store.alone.publishing():
        return _put_out(desk, sending=sending)


def _put_out(desk: Desk, *, sending: bool) -> publish.Written:
    desk.store.removals.again(desk.now)
    desk.store.selections.settle(desk.now)
    made_of = f"{desk.rules} {desk.store.publications.fingerprint()}"
    names = _standing(desk, made_of)
    if names is not None:
        return publish.Written(unchanged=names)
    label(desk)
    ledger = desk.store.publications
    every = publish.channels(desk.config, desk.store.stories.sources(), ledger.machine())
    with makeup.begun(desk) as turn:
        offer(turn, publish.newsletters(ledger.machine()), sending=sending)
        sections = ledger.sections(max(channel.size for channel in every) + HELD)
        archived = archive(turn, every, sections)
        dated = daybook.days(turn)  # many small files, on their way to the disk while feeds are rendered
        shown = show(turn, every, sections)
        turn.press.settle()
    done = publish.together([archived, shown.written, dated])
    if not done.refused:
        files = publish.sizes(desk.feeds, sorted((*done.written, *done.unchanged)))
        about = {"files": files, "until": shown.until.isoformat() if shown.until else ""}
        ledger.keep_state(STATE, made_of, about)
    return done


def label(desk: Desk) -> None:
    """Find out what articles are about that are new, have changed, or were looked at by other rules."""
    also = otherwords.shipped() if publish.asks_words(desk.config) else None
    rules = publish.label_rules(desk.config, also.digest if also else "")
    while rules and (found := desk.store.publications.unlabelled(rules, _BATCH)):
        tagged = desk.store.marks.tags_of(one.id for one in found) if publish.asks_tags(desk.config) else {}
        own = [
            (one, publish.labels(one.article, desk.config, one.language.code, tagged.get(one.id, ()), also))
            for one in found
        ]
        desk.store.publications.record_labels(rules, own)


def offer(turn: Makeup, every: Iterable[publish.Channel], *, sending: bool) -> None:
    """Let each newsletter take in or pass over the texts it has not met; one that is switched off, too.

    So digests have news to choose from, and a newsletter switched on again does not begin with a flood.
    """
    desk, ledger = turn.desk, turn.desk.store.publications
    for channel in every:
        begun = ledger.begun(channel.name)
        for part in _parts(ledger.unoffered(channel.name, channel.language or "", machine=channel.machine)):
            found = publish.standing(turn.stories.load(part), turn.withdrawn)
            made = publish.offer(channel, found, desk.now, desk.config.publish, begun=begun, sending=sending)
            ledger.record_offer(channel.name, made.offered, made.passed, desk.now)


def archive(turn: Makeup, every: Sequence[publish.Channel], sections: Sections) -> publish.Written:
    """Make the archive documents that are due, and those anew whose rights or entries changed, or whose file is gone."""
    desk, ledger, rules = turn.desk, turn.desk.store.publications, turn.desk.config.publish
    done = []
    by_name = {channel.name: channel for channel in every}
    newest = dict(turn.archived)

    def stands(feed: str, page: int) -> bool:
        return feed not in by_name or publish.there(desk.feeds, publish.archive_name(feed, page))

    for feed, page, ids in ledger.stale_archives(desk.rules, stands):
        if feed in by_name:
            done.append(_write_archive(turn, by_name[feed], page, ids, {}, followed=newest[feed] > page))
    for channel in every:
        if channel.newsletter or channel.private or _all_of(channel, sections, channel.size) is not None:
            continue  # what is all shown leaves nothing for an archive
        wanted = _wanted(channel)
        latest = turn.newest(wanted, channel.size + HELD)
        if len(latest) <= channel.size:
            continue  # and where no more than the newest are there, all is shown
        rows = ledger.unarchived(wanted, desk.now - rules.hold, desk.now - rules.hold_doubtful)
        current = set(latest[: channel.size])
        left = [row for row in rows if row[0] not in current]
        own = {row[1]: row for row in rows}
        kept = [row[1] for row in rows if row[0] in current]
        last = newest.get(channel.name, 0)
        pages = publish.archive_pages([row[1] for row in reversed(left)], list(reversed(kept)), first=not last)
        for page, entries in enumerate(pages, start=last + 1):
            stories, updated = [own[entry][0] for entry in entries], {entry: own[entry][2] for entry in entries}
            written = _write_archive(turn, channel, page, stories, updated, followed=page < last + len(pages))
            done.append(written)
            if written.refused:
                break
    return publish.together(done)


def _write_archive(
    turn: Makeup, channel: publish.Channel, page: int, ids: Iterable[str], updated: Mapping[str, datetime], *,
    followed: bool,
) -> publish.Written:  # fmt: skip
    """Set up an archive document, and have kept what it holds. updated: entries that stand in none yet, and their dates."""
    desk, ledger = turn.desk, turn.desk.store.publications
    stories = publish.standing(turn.stories.load(ids), turn.withdrawn)
    past = publish.Past(labels=desk.labels(stories))
    made = publish.archive(channel, stories, desk.config, page, past, followed=followed, setting=turn.setting)
    written = turn.press.set_up([made], excused=True)
    if not written.refused:
        turn.archived[channel.name] = max(page, turn.archived.get(channel.name, 0))
        turn.press.then(partial(ledger.record_archive, channel.name, page, updated, desk.rules))
    return written


def bring_out(
    desk: Desk, galleys: Sequence[publish.Galley], documents: Mapping[str, bytes], *,
    excused: Collection[str] | bool = (),
) -> publish.Written:  # fmt: skip
    """Write the documents that were made of these galleys, and keep what they were made of."""
    return printing.bring_out(desk.store, desk.feeds, galleys, documents, desk.now, excused=excused)


@dataclass(frozen=True)
class _Shown:
    written: publish.Written
    until: datetime | None  #: when a story that is held now comes out


def show(turn: Makeup, every: Sequence[publish.Channel], sections: Sections) -> _Shown:
    """Render every feed, set up what differs, and have kept what was shown."""
    desk, stories, ledger = turn.desk, turn.desk.store.stories, turn.desk.store.publications
    wanted: set[str] = set()
    offered = {}
    for channel in every:
        if channel.newsletter:
            offered[channel.name] = ledger.offered(channel.name, channel.size)
            wanted |= ledger.stories_of(offered[channel.name])
        else:
            size = channel.size + HELD
            known = _all_of(channel, sections, size)
            wanted.update(turn.newest(_wanted(channel), size) if known is None else known)
    found = turn.stories.load(wanted)
    sides = {text.id for story in found for text in story.texts.values()}
    shown = stories.published({*wanted, *sides, *stories.aliases(wanted)})
    gone = {feed: [publish.Gone(*row) for row in rows] for feed, rows in ledger.gone().items()}
    past = publish.Past(shown, offered, turn.withdrawn, gone, desk.labels(found), turn.archived)
    sent = [
        publish.Sent(one.id, one.language, one.name, one.title, one.at, one.entries) for one in desk.store.issues.all()
    ]
    past = replace(past, issues=sent, missing=desk.store.missing.since(), tokens=desk.tokens)
    edition = publish.publish(found, desk.config, desk.now, past, stories.sources(), ledger.machine(), turn.setting)
    lost = {one.id for rows in gone.values() for one in rows}
    excused = _altered(desk) or lost
    files = (ledger.state(STATE)[1] or {}).get("files", {})
    written = turn.press.renew(edition.galleys, files, excused=excused)
    written = publish.together([written, keep_private(desk, edition.private, excused)])
    new = [(feed, one) for feed, ids in edition.entries.items() for one in ids if one not in shown.get(feed, ())]
    turn.press.then(partial(stories.record_published, new, desk.now))
    every_shown = frozenset(one for ids in edition.entries.values() for one in ids)
    held = (publish.free_from(story, desk.config.publish, every_shown) for story in found)
    return _Shown(written, min((at for at in held if at > desk.now), default=None))


def keep_private(desk: Desk, documents: Mapping[str, bytes], excused: set[str] | bool) -> publish.Written:
    """Keep the feeds that are not public where no web server finds them, and take away what was public of them."""
    kept = desk.store.private
    refused = {}
    for name, new in documents.items():
        old = kept.get(name)
        if why := publish.refusal(name, new, old[0] if old else None, excused=excused):
            refused[name] = why
    kept.keep({name: body for name, body in documents.items() if name not in refused}, refused, desk.now)
    publish.remove(desk.feeds, documents)
    bring_out(desk, [publish.nothing(name) for name in sorted({publish.stem(one) for one in documents})], {})
    return publish.Written(refused=refused)


def _standing(desk: Desk, made_of: str) -> tuple[str, ...] | None:
    """Return the names of the files, where they are as they should be; None where something is to do."""
    before, about = desk.store.publications.state(STATE)
    if before != made_of or not about:
        return None
    until = about["until"]
    if until and desk.now >= datetime.fromisoformat(until):
        return None
    files: Mapping[str, int] = about["files"]
    return tuple(files) if publish.intact(desk.feeds, files) else None


def _altered(desk: Desk) -> bool:
    """Return whether the configuration is another than last time: then feeds may hold much less than they did."""
    before, _ = desk.store.publications.state(STATE)
    return bool(before) and before.split()[0] != desk.rules.split()[0]


def _wanted(channel: publish.Channel) -> Wanted:
    return Wanted(
        channel.name, channel.language or "",
        None if channel.sources is None else tuple(sorted(channel.sources)),
        None if channel.topics is None else tuple(sorted(channel.topics)), channel.query, channel.machine,
    )  # fmt: skip


def _all_of(channel: publish.Channel, sections: Sections, most: int) -> frozenset[str] | None:
    """Return every story of a feed of one source; None where they are more than so many, or the feed is another."""
    source = channel.source
    if source is None or _wanted(channel) != Wanted(channel.name, sources=(source,)):
        return None
    return sections.of(source, most)


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
