"""What an installation's certain pairs teach of words: gathered as they come, counted in when there are enough.

A pair is certain where an analyst confirmed it, or where a site declares it and the texts bear it
out. What is made of the words is the pairing stage's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline import pairing
from pipeline.model import Story
from pipeline.pairing.declared import VERSIONS, WAYS
from pipeline.store import Store

#: Names, in the store, of what was learned and of the pairs that wait for being counted in.
LEARNED, WAITING = "lexicon", "lexicon waiting"
#: New certain pairs that are worth counting in, and how many are at once.
ENOUGH, _BATCH = 50, 500
_SURE = frozenset({pairing.CONFIRMED, *(WAYS[way] for way in VERSIONS)})


def is_certain(story: Story) -> bool:
    """Tell whether a story's pair was confirmed by an analyst, or declared by a site and borne out by its texts."""
    return len(story.texts) == 2 and story.match is not None and not _SURE.isdisjoint(story.match.reasons)


def known(store: Store) -> pairing.Learned:
    """Return what was learned so far."""
    kept = store.verdicts.learned(LEARNED)
    return pairing.Learned() if kept is None else pairing.unpacked(kept)


def note(store: Store, stories: Iterable[Story], lexicon: pairing.Lexicon, now: datetime) -> None:
    """Keep which of these stories have certain pairs, and learn from them where enough have gathered."""
    certain = {(one.match.ru, one.match.en) for one in stories if one.match and is_certain(one)}
    if not certain:
        return
    before = (store.verdicts.learned(WAITING) or {"pairs": []})["pairs"]
    waiting = sorted({(ru, en) for ru, en in before} | certain)
    if len(waiting) >= ENOUGH:
        table = known(store)
        for start in range(0, len(waiting), _BATCH):
            table = _counted_in(store, table, waiting[start : start + _BATCH], lexicon)
        store.verdicts.keep_learned(LEARNED, table.packed(), now)
        waiting = []
    store.verdicts.keep_learned(WAITING, {"pairs": [list(one) for one in waiting]}, now)


def _counted_in(
    store: Store, table: pairing.Learned, pairs: Sequence[tuple[str, str]], lexicon: pairing.Lexicon
) -> pairing.Learned:
    ids = {one for pair in pairs for one in pair}
    items = {item.id: item for item in store.features.items(ids)}
    cache = {made_of: pairing.features_of(words, sketch) for made_of, words, sketch in store.features.told(ids)}
    read = {one: pairing.read(item, cache) for one, item in items.items()}
    here = (pair for pair in pairs if pair[0] in read and pair[1] in read)
    return pairing.learn(table, [pairing.told(pair, read[pair[0]], read[pair[1]], lexicon) for pair in here])
