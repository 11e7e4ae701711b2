"""Which of the candidate listings are worth proposing: none whose articles all stand on another; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline import address
from pipeline.scout.findings import Trial

#: Below this share of articles of its own a listing adds nothing.
_OWN = 0.2
#: Dates that a page shows itself; where articles have only these others, a feed's are better.
_WEAK = ("", "prose")


def distinct(trials: Sequence[Trial]) -> list[Trial]:
    """Mark the pages whose articles nearly all stand on another that goes further."""
    done: list[Trial] = []
    for one in trials:
        if one.problem:
            done.append(one)
            continue
        larger = next((two for two in trials if two is not one and not two.problem and _covers(two, one, trials)), None)
        done.append(replace(one, dropped=f"its articles stand on {larger.listing.url}, too") if larger else one)
    return done


def pages(trials: Sequence[Trial]) -> list[Trial]:
    """Drop pages of undated texts (services, people) where the site has dated news in the same language."""
    dated = {one.listing.language for one in trials if one.works and not one.dropped and _dated(one)}
    return [
        replace(one, dropped="its pages carry no dates; those of another listing do")
        if one.works and not one.dropped and not _dated(one) and (one.listing.language in dated or None in dated)
        else one
        for one in trials
    ]


def feed(one: Trial, kept: Sequence[Trial]) -> Trial:
    """Mark a feed that tells nothing a page does not: its articles stand there and are dated there."""
    keys = _keys(one)
    shown = {key for two in kept if two.works and not two.dropped for key in _keys(two)}
    dated = all(
        sample.article and sample.article.published and sample.article.published.evidence not in _WEAK
        for two in kept if two.works and not two.dropped and two.kind == "html" and keys & _keys(two)
        for sample in two.samples
    )  # fmt: skip
    if keys and dated and len(keys & shown) >= (1 - _OWN) * len(keys):
        return replace(one, dropped="its articles stand on the pages, too")
    return one


def one_feed_each(trials: Sequence[Trial]) -> list[Trial]:
    """Keep one feed of several with the same articles, in other formats or with comments."""
    kept: list[Trial] = []
    for one in trials:
        same = next(
            (two for two in kept if two.kind == one.kind == "feed" and not two.dropped and _alike(one, two)), None
        )
        kept.append(
            replace(one, dropped=f"the same as {same.listing.url}") if same and one.works and not one.dropped else one
        )
    return kept


def _covers(two: Trial, one: Trial, trials: Sequence[Trial]) -> bool:
    mine, others = _keys(one), _keys(two)
    if not mine or len(mine - others) > _OWN * len(mine):
        return False
    if len(others) != len(mine) or others - mine:
        return len(others) > len(mine)
    # The same articles: the one that goes on is better, then the one that is called news, then the first.
    rank = [(trial.listing.pages == 1, not trial.why.startswith("called"), trials.index(trial)) for trial in (two, one)]
    return rank[0] < rank[1]


def _alike(one: Trial, two: Trial) -> bool:
    mine, others = _keys(one), _keys(two)
    return bool(mine) and len(mine & others) >= (1 - _OWN) * len(mine)


def _dated(one: Trial) -> bool:
    return any(sample.article is not None and sample.article.published is not None for sample in one.samples)


def _keys(one: Trial) -> frozenset[str]:
    return frozenset(address.key(link.url) for link in one.links)
