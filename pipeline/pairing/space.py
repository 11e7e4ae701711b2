"""How much of what two articles say has its translation in the other.

Rarity and cosines come from the `pool`; here are the words and names one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.pairing.features import Bag
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.pool import Pool


@dataclass(frozen=True)
class Space:
    """A window's articles, and the words that translate each other."""

    pool: Pool
    lexicon: Lexicon

    def names(self, names: Mapping[str, str], keys: Mapping[str, int]) -> float:
        """Return the share of names, by rarity, whose skeleton is among keys; unsure while names are few."""
        every = sum(self.pool.rarity("keys", key) for key in names)
        found = sum(self.pool.rarity("keys", key) for key in names if key in keys)
        return (found + 1) / (every + 2)

    def coverage(self, ru: Bag, en: Bag) -> float:
        """Return the share of lexicon words with their counterpart in the other text, by rarity, the lesser of both."""
        return min(self._russian_covered(ru, en), self._english_covered(ru, en))

    def _russian_covered(self, ru: Bag, en: Bag) -> float:
        every = found = 0.0
        for stem in ru.stems:
            targets = self.lexicon.english.get(stem)
            if targets:
                weight = max(self.pool.rarity("words", word) for word in targets)
                every += weight
                found += weight if any(word in en.stems for word in targets) else 0.0
        return (found + 1) / (every + 3)

    def _english_covered(self, ru: Bag, en: Bag) -> float:
        meant = {word for stem in ru.stems for word in self.lexicon.english.get(stem, ())}
        every = found = 0.0
        for word in en.stems:
            if word in self.lexicon.targets:
                weight = self.pool.rarity("words", word)
                every += weight
                found += weight if word in meant else 0.0
        return (found + 1) / (every + 3)
