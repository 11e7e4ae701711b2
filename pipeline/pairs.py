"""The pairing of what is new: out of the store, through the pairing stage, back into the store.

    fresh     what is new, changed, or freed by an analyst's word
    shelve    what pairing looks at in an article, made once and kept
    near      which of the window's articles fresh ones may belong to: only these are read
    pair      fresh and near ones into stories; what changed is kept

What makes two articles one story is the pairing stage's business.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from pipeline import frugal, pairing, semantics, vocabulary
from pipeline.model import Config, Instalment, Item, Source, Story
from pipeline.record import dataclass
from pipeline.store import Seen, Store

#: Items dated this near a new one are looked at with it; wider than any window of the pairing stage.
WINDOW = timedelta(days=30)
#: Name of the fitted weights in the store.
WEIGHTS = "weights"
#: Name, in the store, of what judged last.
MATCHER = "matcher"
#: So many new articles are paired at once, the oldest first: what memory a first pass over an archive of years needs is
#: bounded so. Whatever is near them in time is in sight, paired or not; but how rare a word is depends on what is in sight,
#: so only what is paired at once comes out alike whatever was known before, as a replay must.
PORTION = 5_000
#: Articles read at once where what is kept of them is missing.
_BATCH = 500
#: Where so many of a window are missing (nothing is paired yet, or the lexicon is new), a look at one pair does without.
_UNREAD = 500
#: The sketches of the last window of each store that is open: most of them stand in the next one, too. A window of more
#: articles (a backfill) is not kept.
_SKETCHES: WeakKeyDictionary[Store, pairing.Sketches] = WeakKeyDictionary()
_MOST = 50_000
#: A pair that comes apart frees another, seldom more than one after the other.
_ROUNDS = 3
#: Stories that are looked through for one another's threads at most.
_LONGEST_THREAD = 20_000


def pair_up(store: Store, config: Config, now: datetime) -> None:
    """Put the versions of each story together, for what is new and all that it may belong to.

    One at a time: a second one would keep stories as they were before the first.
    """
    if config.pairing.semantic:
        semantics.check()
    with store.alone.pairing():
        _paired_up(Window(store, config), now)


def _paired_up(window: Window, now: datetime) -> None:
    store = window.store
    _upgraded(window, now)
    for _ in range(_ROUNDS):
        fresh = store.features.fresh()
        if not fresh:
            return
        freed: set[str] = set()
        with _one_thread():
            for start in range(0, len(fresh), PORTION):
                with frugal.unhindered():
                    freed |= _paired(window, store.features.items(fresh[start : start + PORTION]), now)
        if freed:
            store.features.free(freed)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Multiply in one thread: products this small wait longer for others than they take.

    Where OpenBLAS was told so before numpy was imported (`__main__`), the libraries need not be looked for.
    """
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1" and "openblas" in blas:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield


def _upgraded(window: Window, now: datetime) -> None:
    """Let what is open be judged anew where the judge is another than last time; what is linked stays."""
    name = pairing.matcher(pairing.lexicon_digest(), window.weights) + (
        " semantic" if window.config.pairing.semantic else ""
    )
    name += f" titles-{pairing.HEADLINE_VERSION}" if window.config.pairing.translated_titles else ""
    before = window.store.verdicts.learned(MATCHER)
    if before is None or before["name"] != name:
        if before is not None:
            window.store.features.free_open(now - WINDOW)
        window.store.verdicts.keep_learned(MATCHER, {"name": name}, now)


def _paired(window: Window, fresh: Sequence[Item], now: datetime) -> frozenset[str]:
    """Pair these items; return the ids of those whose counterpart is theirs no more."""
    store = window.store
    near = window.near(fresh)
    items, kept = _with_mates(store, near.ids, fresh)
    stories, aside = pairing.set_aside(kept)
    mates = (item.id for story in stories for text in story.texts.values() for item in text.items)
    kept_words = store.features.told({*mates, *(item.id for item in items)})
    verdicts, heard = store.verdicts.heard()
    paired = pairing.pair(
        items,
        stories=stories,
        verdicts=verdicts,
        sources=window.sources,
        home=window.config.publisher.home,
        now=now,
        rules=window.config.pairing,
        cache={made_of: pairing.features_of(words, sketch) for made_of, words, sketch in kept_words},
        lexicon=window.lexicon,
        weights=window.weights,
        fresh={item.id for item in fresh},
        ranking=near.ranking,
        meanings=window.meanings(items),
        learned=window.learned,
        headlines=window.headlines(items),
    )
    known = {story.id: story for story in kept}
    made = pairing.put_back(paired.stories, aside, known)
    ours = {item.id for item in fresh}
    told = [story for story in made.stories if known.get(story.id) != story]
    # What is new, but of a later portion, and alone so far has no story yet.
    changed = [one for one in told if one.id in known or one.state != "single" or not ours.isdisjoint(_items(one))]
    ours |= {item for story in stories if not ours.isdisjoint(_items(story)) for item in _items(story)}
    store.proposed.renew(ours, paired.proposals, now)
    store.stories.record(changed, paired.merged, fresh, now, made.replaced, heard)
    _thread(store, {*(story.id for story in changed), *(younger for younger, _ in paired.merged)})
    store.features.keep_hubs(near.ranking.measured)
    vocabulary.note(store, changed, window.lexicon, now)
    return paired.freed


def _items(story: Story) -> set[str]:
    return {item.id for text in story.texts.values() for item in text.items}


def _thread(store: Store, changed: set[str]) -> None:
    """Find anew the threads that these stories are part of, or were."""
    known: dict[str, Instalment] = {}
    left = set(changed)
    while left and len(known) < _LONGEST_THREAD:
        found = store.threads.instalments(left)
        known |= {one.story: one for one in found}
        left = {other for one in found for other in one.beside}
        left |= store.threads.members(one.thread for one in found if one.thread)
        left -= known.keys()
    store.threads.keep({*known, *changed}, pairing.threads(known.values()))


@dataclass(frozen=True)
class Window:
    """The recent articles of an installation, as pairing sees them."""

    store: Store
    config: Config

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources by id."""
        return self.config.by_id

    @cached_property
    def lexicon(self) -> pairing.Lexicon:
        """The words that translate each other."""
        return pairing.shipped_lexicon()

    @cached_property
    def weights(self) -> pairing.Weights:
        """What clues are worth: as fitted here, or as shipped."""
        return pairing.weights_of(self.store.verdicts.learned(WEIGHTS))

    @cached_property
    def learned(self) -> pairing.Learned:
        """The words learned from this installation's certain pairs."""
        return vocabulary.known(self.store)

    def near(self, items: Sequence[Item]) -> pairing.Nearby:
        """Return what these items may belong to, of all that is dated near them or declared by them."""
        near = pairing.nearby(self._seen(items).rows, items, self.sources, self.config.pairing.window, self._before)
        if len(near.sketches.packed) <= _MOST:
            _SKETCHES[self.store] = near.sketches
        return near

    def compared(self, items: Sequence[Item]) -> tuple[pairing.Ranking, int]:
        """Return what items are to one another among what is dated near them, and how many of that are not read yet."""
        seen = self._seen(items, _UNREAD)
        unread = set(seen.stale)
        rows = [row for row in seen.rows if row.id not in unread]
        return pairing.compared(rows, items, self.sources, self.config.pairing.window, self._before), len(unread)

    @property
    def _before(self) -> pairing.Sketches | None:
        return _SKETCHES.get(self.store)

    def _seen(self, items: Sequence[Item], most: int | None = None) -> Seen:
        """Return what is kept of all that is dated near items; made first where it is missing, of so many at most."""
        version = pairing.version(pairing.lexicon_digest())
        made = self.store.features.current([item.id for item in items], version)
        self._shelve([item for item in items if made.get(item.id) != (pairing.digest(item), pairing.claims(item))])
        declared = {one for item in items for one in pairing.targets(item, self.sources)}
        dates = [item.article.published.at if item.article.published else item.first_seen for item in items]
        also = {*declared, *(item.id for item in items)}
        seen = self.store.features.window(dates, WINDOW, version, also)
        if seen.stale and (most is None or len(seen.stale) <= most):
            for start in range(0, len(seen.stale), _BATCH):
                self._shelve(self.store.features.items(seen.stale[start : start + _BATCH]))
            return self.store.features.window(dates, WINDOW, version, also)
        return seen

    def meanings(self, items: Sequence[Item]) -> dict[str, bytes] | None:
        """Return the vectors of items, made where they are missing; None where meanings are not compared."""
        if not self.config.pairing.semantic:
            return None
        made_by, names = semantics.made_by(), {item.id: pairing.digest(item) for item in items}
        kept = {one: known for one, known in self.store.meanings.of(names, made_by).items() if known[0] == names[one]}
        missing = [item for item in items if item.id not in kept]
        for start in range(0, len(missing), _BATCH):
            rows = [
                (item.id, names[item.id], pairing.packed(self._encode(pairing.passages_of(item))))
                for item in missing[start : start + _BATCH]
            ]
            self.store.meanings.keep(rows, made_by)
            kept |= {article: (made_of, vectors) for article, made_of, vectors in rows}
        return {one: vectors for one, (_, vectors) in kept.items()}

    def headlines(self, items: Sequence[Item]) -> dict[str, str] | None:
        """Return the titles of items as a machine translated them; None where these are no clue."""
        if not self.config.pairing.translated_titles:
            return None
        return self.store.machine.titles(item.id for item in items)

    @cached_property
    def _encode(self) -> semantics.Encode:
        return semantics.encoder()

    def _shelve(self, items: Iterable[Item]) -> None:
        """Make what pairing keeps of these items."""
        self.store.features.keep([pairing.shelved(item, self.lexicon) for item in items])


def _with_mates(store: Store, ids: Sequence[str], fresh: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Story, ...]]:
    """Return these items and the stories they belong to, with the likely counterparts of the doubtful ones.

    fresh: those of them that were read already.
    """
    known = {item.id: item for item in fresh}
    known |= {item.id: item for item in store.features.items(one for one in ids if one not in known)}
    items = tuple(known[one] for one in sorted(known))
    stories = store.stories.of_items(items)
    waiting = [story.match for story in stories if story.state == "review" and story.match]
    partners = {one for match in waiting for one in (match.ru, match.en)}
    if missing := partners - known.keys():
        items = tuple(sorted((*items, *store.features.items(missing)), key=lambda item: item.id))
        stories = store.stories.of_items(items)
    return items, stories
