"""Items and Verdicts → Stories: which Russian and which English article tell one story.

`nearby` says which articles of a window are worth a close look, `pair` looks; `shelved` is what
is kept of an article in between.
"""

from __future__ import annotations

from pipeline.pairing.declared import targets
from pipeline.pairing.features import Features, digest
from pipeline.pairing.lexicon import shipped as shipped_lexicon
from pipeline.pairing.nearby import Nearby, nearby
from pipeline.pairing.pool import Standing
from pipeline.pairing.shelf import Shelved, features_of, shelved, version
from pipeline.pairing.stories import Pairing, pair
from pipeline.pairing.when import When, dated

__all__ = [
    "Features",
    "Nearby",
    "Pairing",
    "Shelved",
    "Standing",
    "When",
    "dated",
    "digest",
    "features_of",
    "nearby",
    "pair",
    "shelved",
    "shipped_lexicon",
    "targets",
    "version",
]
