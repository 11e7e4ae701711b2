"""What leaves the house: digests, and word to a hub that there is news.

Digests: choose what no digest had yet, render it, keep that it went out; make frozen ones anew where they must be.

No mail is sent from here: a sender takes the files, or the feed of digests.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from pipeline import collect, publish, timetable
from pipeline.errors import FetchError
from pipeline.model import LANGUAGES, Config, DigestPlan, FeedEntry
from pipeline.newsstand import Desk, bring_out
from pipeline.store import Issue, Store

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Nevawire"}
#: The period of a digest whose order is a person's: it is not arranged by topic.
COMPOSED = "composed"
_PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7)}
#: What lies longer back than this is not news, however long no digest went out.
_FURTHEST = timedelta(days=28)


async def tell_hub(config: Config, guard: collect.Guard, written: Collection[str]) -> str:
    """Tell the WebSub hub, where there is one, which feeds changed; return why that failed, "" where it did not.

    After the files are in place, and where there is news: `has_news`. A failing hub harms nothing.
    """
    hub = config.publish.hub
    if not hub or not written:
        return ""
    home = publish.home(config.publisher)
    feeds = [name for name in sorted(written) if "/" not in name and name.endswith((".rss", ".atom", ".json"))]
    body = urlencode([("hub.mode", "publish"), *(("hub.url", home + name) for name in feeds)])
    try:
        status = await collect.post(hub, body.encode(), _FORM, guard=guard)
    except FetchError as error:
        return str(error)
    return "" if 200 <= status < 300 else f"{hub} answered with status {status}"


def has_news(store: Store, since: datetime) -> bool:
    """Return whether newsletters offered something since then: history, corrections and withdrawals are no news."""
    return any(store.issues.fresh("", (one,), since) for one in LANGUAGES)


def languages(language: str) -> tuple[str, ...]:
    """Return the languages of a kind of digest: ru, en or both."""
    return ("ru", "en") if language == "both" else (language,)


def prepared(
    desk: Desk, period: str, language: str, back_to: datetime | None = None
) -> publish.Digest | None:  # fmt: skip
    """Return the digest that would go out now; None where there is nothing new.

    period: day, week, or a number of entries. back_to: when it should have gone out already.
    """
    newest = int(period) if period.isdigit() else None
    since = None if newest is not None else _since(desk, language, _PERIODS[period], back_to or desk.now)
    rows = desk.store.issues.fresh(language, languages(language), since)
    order = list(dict.fromkeys(story if language == "both" else text for text, story, _ in rows))[:newest]
    found = entries(desk, language, order)
    return letter(desk, language, publish.arranged(found)) if found else None


def letter(
    desk: Desk, language: str, sections: Mapping[str, Sequence[FeedEntry]], title: str = "",
    intro: Mapping[str, str] | None = None,
) -> publish.Digest:  # fmt: skip
    """Return a digest of now under a name that is not taken; title "": made of the date."""
    taken = {issue.name for issue in desk.store.issues.all()}
    base = f"{language}-{desk.now:%Y-%m-%d}"
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    name = next(one for one in names if one not in taken)
    home = desk.config.publisher.home
    id_ = uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, home), f"digest {name}").urn
    title = title or publish.digest_title(language, desk.now, desk.config.publisher)
    return publish.Digest(id_, name, title, language, desk.now.replace(microsecond=0), sections, intro=intro or {})


def send(
    desk: Desk, digest: publish.Digest, period: str, slot: tuple[str, str] | None = None
) -> publish.Written:  # fmt: skip
    """Write a digest's files and keep that its entries went out; the ledger first, so that nothing goes twice.

    slot: as for `store.issues.record`. A crash between ledger and files is made good by `reissue`. Nothing is written
    where somebody else sent these entries meanwhile.
    """
    own = [one.id for rows in digest.sections.values() for one in rows]
    about = (digest.id, digest.language, period, digest.name, digest.title, digest.at)
    issue = Issue(*about, len(own), digest.intro)
    with desk.store.alone.publishing():
        if not desk.store.issues.record(issue, own, slot):
            return publish.Written()
        galley = publish.of_digest(digest, desk.config.publisher)
        written = bring_out(desk, [galley], documents(desk, digest))
        if not written.refused:
            desk.store.publications.keep_state(f"digest:{digest.id}", desk.rules)
        return written


def scheduled(desk: Desk) -> publish.Written:
    """Make the digests that are due by sources.yaml; what was missed, however often, is made up for once.

    A plan that is met for the first time begins with its next turn.
    """
    written: list[str] = []
    for plan in desk.config.digests:
        slot = (f"plan:{plan.id}", timetable.last(plan, desk.now).isoformat())
        known, _ = desk.store.publications.state(slot[0])
        if known and known < slot[1] and (made := _planned(desk, plan, known)) is not None:
            written += send(desk, made, plan.period, slot).written
        elif known < slot[1]:
            desk.store.publications.keep_state(*slot)
    return publish.Written(tuple(written))


def next_turn(config: Config, now: datetime) -> datetime | None:
    """Return when the next digest is due; None where none is planned."""
    return min((timetable.following(plan, now) for plan in config.digests), default=None)


def _planned(desk: Desk, plan: DigestPlan, before: str) -> publish.Digest | None:
    """Return the digest of a plan whose last turn was then; None where nothing is new, or too little."""
    own = languages(plan.language)
    if plan.period.isdigit() and desk.store.issues.waiting(plan.language, own) < int(plan.period):
        return None
    return prepared(desk, plan.period, plan.language, datetime.fromisoformat(before))


def reissue(desk: Desk) -> publish.Written:
    """Make those digests anew whose entries or rights changed; their ids, names and dates stay."""
    with desk.store.alone.publishing():
        states = desk.store.publications.states("digest:")
        stale = (one for one in desk.store.issues.all() if states.get(f"digest:{one.id}") != desk.rules)
        return publish.Written(tuple(name for issue in stale for name in _reissued(desk, issue)))


def _reissued(desk: Desk, issue: Issue) -> Sequence[str]:
    """Make a digest's files anew; return those that changed."""
    digest = again(desk, issue)
    galley = publish.of_digest(digest, desk.config.publisher)
    done = bring_out(desk, [galley], documents(desk, digest), excused=True)
    if not done.refused:
        desk.store.publications.keep_state(f"digest:{issue.id}", desk.rules)
    return done.written


def again(desk: Desk, issue: Issue) -> publish.Digest:
    """Return a digest that went out, as its entries may be shown now."""
    found = entries(desk, issue.language, desk.store.issues.entries(issue.id))
    sections = {"": found} if issue.period == COMPOSED else publish.arranged(found)
    about = (issue.id, issue.name, issue.title, issue.language, issue.at)
    return publish.Digest(*about, sections, intro=issue.intro)


def documents(desk: Desk, digest: publish.Digest) -> dict[str, bytes]:
    """Return a digest's files by name."""
    return publish.digest_documents(digest, desk.config.publisher, publish.home(desk.config.publisher))


def _since(desk: Desk, language: str, period: timedelta, back_to: datetime) -> datetime:
    """Reach back to the last digest, or turn, where that was longer ago than usual, so that nothing is left out."""
    last = desk.store.issues.last(language)
    return max(desk.now - _FURTHEST, min(desk.now - period, last or desk.now, back_to))


def entries(desk: Desk, language: str, order: Collection[str]) -> list[FeedEntry]:
    """Return the entries of these texts, or stories of a digest of both languages, that may be shown, in this order."""
    ledger = desk.store.publications
    ids = set(order) if language == "both" else ledger.stories_of(order)
    stories = publish.standing(desk.store.stories.load(ids), ledger.withdrawn())
    articles = (item.id for story in stories for text in story.texts.values() for item in text.items)
    past = publish.Past(labels=ledger.labels_of(articles))
    channel = publish.Channel("digest", {}, None if language == "both" else language)
    made = publish.entries_of(channel, stories, desk.config, past)
    return [made[one] for one in order if one in made]
