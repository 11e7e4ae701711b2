"""A desk with something on every page, and the addresses of all its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import update

from pipeline.model import EDITABLE, Config, Edit, Story, Verdict
from pipeline.review.office import Office
from pipeline.store.engine import writing
from pipeline.store.tables import articles, revisions

#: Answers that are files, or pieces for a script, and no pages.
FILES = re.compile(
    r"/ops\.atom|/translation$|/effects/|/story/.*\.(json|tmx)|/captured|\{form\}|/preview|/why$|/export|/items/(?!$)|/searches/.*\."
)


def fill(office: Office, said: Sequence[str] = ("x",)) -> None:
    """Put something on every page; said: what sources, errors and people say there."""
    store, now = office.store, office.now()
    every, own = "\n\n".join(said), [one.id for one in office.config().sources]
    chosen = [one.story for one in store.selections.page("new", 8)]
    store.selections.move(chosen[:5], "selected", "anna", now)
    store.selections.move(chosen[5:6], "ignored", "anna", now)
    draft = store.drafts.begin("both", every[:300], chosen[:6], said[0], now)
    store.drafts.change(
        draft.id, 1, now, title=every[:300], intro={"ru": every, "en": every}, stories=chosen[:6], who=said[0]
    )
    store.drafts.begin("ru", "", [], "anna", now)
    for source in own[:2]:
        store.ledger.record_pass(source, new=0, failure=(said[0], every), now=now, trouble=12)
        store.alarms.settle(source, {"failing": {"kind": every, "url": every, "failures": 3}}, now)
        store.pauses.begin(source, said[-1], every, now)
        for kind, outcome, good in _outcomes(source, every):
            errand = store.errands.ask(kind, source, said[-1], now)
            store.errands.end(errand.id, outcome, now, good=good)
        store.errands.ask("run", source, "anna", now)
    store.ledger.start("1", "run", now)
    store.ledger.event("missed", own[0], every, now)
    store.audit.note(said[0], "note", every, now, facts=every)
    for number, story in enumerate(store.stories.load(chosen[6:8])):  # a correction came after each of these edits
        lead = next(iter(story.texts.values())).lead
        store.marks.tag(story.id, said[number % len(said)][:60], "anna", now)
        store.marks.star(story.id, "anna", now)
        store.edits.record(Edit(lead.id, EDITABLE[number], every[:300], "older words", said[0], now), shown=True)
        with writing(store._engine) as connection:
            connection.execute(revisions.insert().values(
                article=lead.id, at=now, digest="", title="Before", text=every, html="", version="",
            ))  # fmt: skip
    pair = next(one.match for one in store.stories.each() if one.match)
    store.verdicts.record(Verdict("confirm", pair.ru, pair.en, said[0], now, ("", "")))


def say(office: Office, said: Sequence[str]) -> None:
    """Let sources be called so, and every article say one of these in title and text, as if nothing had cleaned it.

    The story of `paths` has all of them as tags and notes, too.
    """
    marked = _whole(office).id
    for words in said:
        office.store.marks.tag(marked, words, "anna", office.now())
        office.store.marks.note(marked, words, words[:30], office.now())
    config = office.config()
    names = {number: " ".join(said[number :: len(config.sources)]) for number in range(len(config.sources))}
    called = tuple(
        replace(one, name={"ru": names[number], "en": names[number]}) for number, one in enumerate(config.sources)
    )
    renamed: Config = replace(config, sources=called)
    object.__setattr__(office, "config", _Renamed(renamed))
    with writing(office.store._engine) as connection:
        ids = [one.id for one in office.store.articles.each()]
        for number, one in enumerate(ids):
            words = said[number % len(said)]
            values = {"title": words, "text": f"{words}\n{words}", "html": f"<p>{words}</p>"}
            connection.execute(update(articles).where(articles.c.id == one).values(**values))


class _Renamed:
    wrong = ""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self) -> Config:
        return self._config


def paths(office: Office) -> list[str]:
    """The addresses of all pages, below /desk."""
    story = _whole(office)
    pair = f"/pair/{story.match.ru}/{story.match.en}"
    source = office.config().sources[0].id
    return [
        "/", "/items", "/items?q=%D0%BF%D0%BE%D1%80%D1%82", pair, f"{pair}/partner", f"/story/{story.id}",
        "/add", "/selection", "/selection?state=selected", "/selection?state=ignored",
        "/selection/digests", "/selection/digests/1", "/sources", f"/sources/{source}", "/status", "/users", "/audit", "/glossary", "/marked", "/marked?note=1", "/edits",
        "/measures?since=2026-06-01&until=2026-11-20", "/nothing/is/here",
    ]  # fmt: skip


def _whole(office: Office) -> Story:
    """Return a story in two languages."""
    return next(one for one in office.store.stories.each() if one.match and len(one.texts) == 2)


def left_out(documented: Sequence[str], covered: Sequence[str]) -> Iterator[str]:
    """Yield the routes that none of these addresses leads to, though they are pages."""
    bare = [one.partition("?")[0] for one in covered]
    for route in documented:
        pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(route)))
        if not FILES.search(route) and not any(pattern.fullmatch(one) for one in bare):
            yield route


def _outcomes(source: str, said: str) -> list[tuple[str, dict, bool]]:
    sample = {
        "url": said, "outcome": "ok", "problem": "", "title": said, "text_chars": 7, "first_lines": [said], "language": "ru",
        "made_by": said, "published": None, "published_evidence": said, "dropped": [said], "versions": [],
    }  # fmt: skip
    listing = {
        "url": said,
        "links": [{"url": said, "title": said}, {"url": said, "title": ""}],
        "selector": said,
        "group": "",
        "problem": said,
    }
    refused = {"url": said, "outcome": "dns", "problem": said}
    run = {
        "listed": 1,
        "fetched": 1,
        "new": 1,
        "changed": 0,
        "refused": 2,
        "problems": [{"kind": said, "url": said, "detail": said}],
    }
    proposal = {
        "complaints": [said],
        "unmended": [said],
        "diff": f"--- a\n+++ b\n+{said}\n-{said}\n {said}",
        "rule": {},
        "links": {},
    }
    return [
        ("probe", {"robots": said, "requests": 2, "listings": [listing], "articles": [sample, refused]}, True),
        ("doctor", proposal | {"until": "2026-01-01", "file": ""}, True),
        ("add", {"why": said}, False),
        ("run", {"sources": {source: run}}, True),
    ]
