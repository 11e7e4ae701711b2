"""The pairing of what is new: out of the store, through the pairing stage, back into the store.

    fresh     what is new, changed, or freed by an analyst's word
    shelve    what pairing looks at in an article, made once and kept
    nearby    which of the window's articles fresh ones may belong to: only these are read
    pair      fresh and near ones into stories; what changed is kept

What makes two articles one story is the pairing stage's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pipeline import pairing
from pipeline.model import Config, Item, Story
from pipeline.store import Kept, Store

#: Items dated this near a new one are looked at with it; wider than any window of the pairing stage.
WINDOW = timedelta(days=30)
#: Articles read at once where what is kept of them is missing.
_BATCH = 500
#: A pair that comes apart frees another, seldom more than one after the other.
_ROUNDS = 3


def pair_up(store: Store, config: Config, now: datetime) -> None:
    """Put the versions of each story together, for what is new and all that it may belong to."""
    for _ in range(_ROUNDS):
        fresh = store.features.fresh()
        if not fresh:
            return
        freed = _paired(store, config, now, fresh)
        store.features.free(freed)


def _paired(store: Store, config: Config, now: datetime, fresh: Sequence[Item]) -> frozenset[str]:
    """Pair these items; return the ids of those whose likely counterpart was taken by a better one."""
    lexicon = pairing.shipped_lexicon()
    sources = {source.id: source for source in config.sources}
    _shelve(store, fresh)
    near = pairing.nearby(_standing(store, config, fresh), fresh, sources)
    items, stories = _with_mates(store, near.ids)
    told = store.features.told([item.id for item in items])
    paired = pairing.pair(
        items,
        stories=stories,
        verdicts=store.stories.verdicts(),
        sources=sources,
        home=config.publisher.home,
        now=now,
        rules=config.pairing,
        cache={made_of: pairing.features_of(words, sketch) for made_of, words, sketch in told},
        lexicon=lexicon,
        fresh={item.id for item in fresh},
        ranking=near.ranking,
    )
    known = {story.id: story for story in stories}
    changed = [story for story in paired.stories if known.get(story.id) != story]
    store.stories.record(changed, paired.merged, fresh, now)
    store.features.keep_hubs(near.ranking.measured)
    return paired.freed


def _shelve(store: Store, fresh: Sequence[Item]) -> None:
    """Make what is missing of what pairing keeps, for fresh items and for the window around them."""
    lexicon = pairing.shipped_lexicon()
    version = pairing.version(lexicon)
    made = store.features.current([item.id for item in fresh], version)
    stale: Iterable[Item] = [item for item in fresh if made.get(item.id) != pairing.digest(item)]
    while stale:
        kept = (pairing.shelved(item, lexicon) for item in stale)
        store.features.keep(
            [Kept(one.article, one.made_of, version, one.claims, one.pictures, one.sketch, one.told) for one in kept]
        )
        stale = store.features.outdated(WINDOW, version, _BATCH)


def _standing(store: Store, config: Config, fresh: Sequence[Item]) -> list[pairing.Standing]:
    sources = {source.id: source for source in config.sources}
    declared = {one for item in fresh for one in pairing.targets(item, sources)}
    windows = {source.id: source.date_window or config.pairing.window for source in config.sources}
    return [
        pairing.Standing(
            row.article, row.language, row.source,
            pairing.dated(row.published, row.evidence, windows.get(row.source, config.pairing.window)),
            row.sketch, row.hub, row.url, row.claims, row.pictures,
        )
        for row in store.features.window(WINDOW, declared)
    ]  # fmt: skip


def _with_mates(store: Store, ids: Sequence[str]) -> tuple[tuple[Item, ...], tuple[Story, ...]]:
    """Return these items and the stories they belong to, with the likely counterparts of the doubtful ones."""
    items = store.features.items(ids)
    stories = store.stories.of_items(items)
    doubtful = {
        one for story in stories if story.state == "review" and story.match for one in (story.match.ru, story.match.en)
    }
    if doubtful - {item.id for item in items}:
        items = store.features.items({*ids, *doubtful})
        stories = store.stories.of_items(items)
    return items, stories
