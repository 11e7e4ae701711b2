"""Looking at a site, politely: the page given, then what it points at, then a few articles of each listing.

the page ─► survey (feeds, news links, RU/EN switch) ─► candidate listings, tried ─► the ones to keep
    ─► articles sampled ─► languages, versions (one checked by asking), doubts ─► proposal
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from pipeline import address, collect
from pipeline.errors import ConfigError
from pipeline.model import Fetch, Link, Listing, VersionRule
from pipeline.scout import choose, doubt, propose, trial, versions
from pipeline.scout.findings import Findings, Survey, Trial
from pipeline.scout.visitor import Visitor

#: Pages tried as listings, besides feeds and sitemaps.
MAX_PAGES = 8
_MAX_FEEDS = 4
#: Addresses of interfaces, named in scripts, that are tried.
MAX_APIS = 3


async def look(visitor: Visitor, url: str, *, kind: str, taken: Collection[str] = (), id_: str = "") -> Findings:
    """Return what a site shows at and around url, and the source it is proposed to become.

    kind: the proposal's; taken: source ids it may not have; id_: the one it shall have.
    """
    front = await visitor.fetch(url)
    findings = Findings(url, front, visitor.robots_says(url))
    if front.page is None:
        return findings
    if collect.kind_of(front.page, Listing(url)) == "html":
        trials, visitor, hint = await _filled(visitor, url)
        findings = replace(findings, hint=hint, render=visitor.source.render == "browser")
    else:
        trials = (await trial.sampled(visitor, await trial.attempt(visitor, url, "the address given")),)
    if not any(one.works for one in trials):
        return replace(findings, trials=trials)
    rule, pair = await _version(visitor, trials)
    findings = replace(findings, trials=trials, version=rule, pair=pair)
    rules = await doubt.rules(visitor, [sample for one in findings.proposed for sample in one.samples])
    now, zone = visitor.room.clock.now(), visitor.source.timezone
    return propose.proposal(findings, rules, kind=kind, taken=taken, id_=id_, clock=now, zone=zone)


async def _filled(visitor: Visitor, url: str) -> tuple[tuple[Trial, ...], Visitor, str]:
    """Look around; where pages come empty, ask what their scripts ask, and then as a browser shows them.

    Returns what was tried, with whom, and what the operator could do to see more.
    """
    trials = await _around(visitor, url)
    if any(one.works for one in trials):
        return trials, visitor, ""
    surveys = [one.survey for one in trials if one.survey]
    asked = list(dict.fromkeys(each for one in surveys for each in one.apis))[:MAX_APIS]
    more = [await trial.sampled(visitor, await trial.attempt(visitor, each, "asked by a script")) for each in asked]
    trials = (*trials, *more)
    if any(one.works for one in more) or not any(one.shell for one in surveys):
        return trials, visitor, ""
    browsing = replace(visitor.source, render="browser")
    try:
        collect.ready([browsing], os.environ)
    except ConfigError as error:
        return trials, visitor, f"its pages are empty until scripts fill them, and no browser is here: {error}"
    shown = Visitor(visitor.room, browsing)
    return await _around(shown, url), shown, ""


async def _around(visitor: Visitor, url: str) -> tuple[Trial, ...]:
    """Try the page at url, what it calls news, and the same in the other language; then feeds; a sitemap last."""
    pages, surveys = await _pages(visitor, url)
    feeds = [await trial.attempt(visitor, each, "a feed it names") for each in _feeds(surveys)]
    announced = [link for feed in feeds for link in feed.links]
    sampled = []
    for page in choose.distinct(pages):
        one = page if page.dropped else await trial.sampled(visitor, page)
        if not one.works and not one.dropped and announced:
            one = await trial.with_selector(visitor, one, announced)
        sampled.append(one)
    kept = choose.pages(sampled)
    for feed in feeds:
        judged = choose.feed(feed, kept)
        kept.append(judged if judged.dropped or judged.problem else await trial.sampled(visitor, judged))
    kept = choose.one_feed_each(kept)
    return (*kept, *await _sitemaps(visitor, url, kept))


async def _pages(visitor: Visitor, url: str) -> tuple[list[Trial], list[Survey]]:
    """Try pages as listings: each may name further ones, until MAX_PAGES are tried."""
    queue: list[tuple[str, str]] = [(url, "the address given")]
    queued = {address.key(url)}
    trials: list[Trial] = []
    surveys: list[Survey] = []
    while queue and len(trials) < MAX_PAGES:
        each, why = queue.pop(0)
        one = await trial.attempt(visitor, each, why)
        trials.append(one)
        if one.survey is None:
            continue
        surveys.append(one.survey)
        switched = [(target, f"where {code.upper()} leads") for code, target in sorted(one.survey.switches.items())]
        news = [(target, "called news on " + each) for target in one.survey.news]
        for target, reason in (*switched, *news) if len(surveys) <= 2 or why.startswith("where") else switched:
            if address.key(target) not in queued:
                queued.add(address.key(target))
                queue.append((target, reason))
    return trials, surveys


def _feeds(surveys: Sequence[Survey]) -> list[str]:
    """Return the feeds the pages name, and those that sites of the kind are known to have."""
    named = [feed for survey in surveys for feed in survey.feeds]
    for survey in surveys[:1]:
        if "wordpress" in survey.generator.lower():
            named.append(address.origin(survey.url) + "/feed/")
        elif (urlsplit(survey.url).hostname or "").endswith(".nethouse.ru"):
            named.append(address.origin(survey.url) + "/posts/rss")
    return list({address.key(feed): feed for feed in reversed(named)}.values())[::-1][:_MAX_FEEDS]


async def _sitemaps(visitor: Visitor, url: str, kept: Sequence[Trial]) -> list[Trial]:
    """Look at the sitemap; it is proposed only where nothing else announces articles, since it lists every page."""
    named = visitor.sitemaps(url) or (address.origin(url) + "/sitemap.xml",)
    tried = []
    for each in named[:1]:
        one = await trial.attempt(visitor, each, "the sitemap")
        if any(other.works and not other.dropped for other in kept):
            tried.append(replace(one, dropped="a sitemap lists every page of a site; its news has a list of its own"))
        else:
            tried.append(await trial.sampled(visitor, one))
    return tried


# ── the other language ──────────────────────────────────────────────────────────────────────
async def _version(visitor: Visitor, trials: Sequence[Trial]) -> tuple[VersionRule | None, versions.Pair | None]:
    """Return the rule of the other language's address, and the two articles it was checked on."""
    kept = [one for one in trials if one.works and not one.dropped]
    articles = list(dict.fromkeys(_declared(kept)))
    listed = [
        (one.listing.url, two.listing.url)
        for one in kept for two in kept
        if (one.listing.language, two.listing.language) == ("ru", "en") and one.kind == two.kind
    ]  # fmt: skip
    for rule in versions.guesses(articles or listed, articles):
        pair = await _checked(visitor, rule, kept, articles)
        if pair is not None:
            return rule, pair
    return None, None


def _declared(trials: Sequence[Trial]) -> list[versions.Pair]:
    """Return the pairs of articles that the pages themselves declare."""
    pairs = []
    for sample in (sample for one in trials for sample in one.samples):
        code = sample.language.code if sample.language else ""
        for alternate in sample.article.alternates if sample.article else ():
            if alternate.language == versions.OTHER.get(code) and sample.article:
                two = (sample.article.url, alternate.url)
                pairs.append(two if code == "ru" else two[::-1])
    return pairs


async def _checked(
    visitor: Visitor, rule: VersionRule, kept: Sequence[Trial], articles: Sequence[versions.Pair]
) -> versions.Pair | None:
    """Ask for other versions until one shows that the rule holds: an article, in the other language, not the same again."""
    for sample in [sample for one in kept for sample in one.samples if sample.article and sample.language]:
        assert sample.article is not None
        assert sample.language is not None
        code, own = sample.language.code, sample.article.url
        declared = {url: pair[1 - pair.index(url)] for pair in articles for url in pair}
        target = declared.get(own) if rule.same_id else versions.other(rule, own, code)
        if target is None or code not in versions.OTHER or (rule.same_id and not versions.holds(rule, (own, target))):
            continue
        fetch: Fetch = await visitor.fetch(target, "article")
        if fetch.page is None or address.key(fetch.page.url) != address.key(target):
            continue
        found = (await visitor.samples([Link(target)]))[0]
        if found.article and found.language and found.language.code == versions.OTHER[code]:
            return (own, target) if code == "ru" else (target, own)
    return None
