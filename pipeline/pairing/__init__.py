"""Items and Verdicts → Stories: which Russian and which English article tell one story.

`nearby` says which articles of a window are worth a close look, `pair` looks; `shelved` is what
is kept of an article in between.
"""

from __future__ import annotations

from pipeline.pairing.align import Segment, aligned
from pipeline.pairing.candidates import Ranking
from pipeline.pairing.declared import targets
from pipeline.pairing.explain import Beside, Explanation, beside, explain
from pipeline.pairing.features import Features, digest
from pipeline.pairing.features import features as read
from pipeline.pairing.headlines import VERSION as HEADLINE_VERSION
from pipeline.pairing.learned import Learned, learn, told, unpacked
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.lexicon import shipped as shipped_lexicon
from pipeline.pairing.lexicon import shipped_digest as lexicon_digest
from pipeline.pairing.links import CONFIRMED
from pipeline.pairing.machine import put_back, set_aside
from pipeline.pairing.machine import text_id as machine_text_id
from pipeline.pairing.marks import Run, marked
from pipeline.pairing.meaning import VERSION as MEANING_VERSION
from pipeline.pairing.meaning import packed, passages_of
from pipeline.pairing.nearby import Nearby, compared, nearby
from pipeline.pairing.pool import Standing
from pipeline.pairing.proposals import clues_of
from pipeline.pairing.score import Weights, weights_of
from pipeline.pairing.shelf import asked_of, claims, features_of, matcher, shelved, version
from pipeline.pairing.sketch import Sketches
from pipeline.pairing.stories import Pairing, pair
from pipeline.pairing.threads import threads
from pipeline.pairing.verdicts import UNDO, content, standing

__all__ = [
    "CONFIRMED",
    "HEADLINE_VERSION",
    "MEANING_VERSION",
    "UNDO",
    "Beside",
    "Explanation",
    "Features",
    "Learned",
    "Lexicon",
    "Nearby",
    "Pairing",
    "Ranking",
    "Run",
    "Segment",
    "Sketches",
    "Standing",
    "Weights",
    "aligned",
    "asked_of",
    "beside",
    "claims",
    "clues_of",
    "compared",
    "content",
    "digest",
    "explain",
    "features_of",
    "learn",
    "lexicon_digest",
    "machine_text_id",
    "marked",
    "matcher",
    "nearby",
    "packed",
    "pair",
    "passages_of",
    "put_back",
    "read",
    "set_aside",
    "shelved",
    "shipped_lexicon",
    "standing",
    "targets",
    "threads",
    "told",
    "unpacked",
    "version",
    "weights_of",
]
