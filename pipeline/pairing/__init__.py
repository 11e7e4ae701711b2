"""Items and Verdicts → Stories: which Russian and which English article tell one story.

`nearby` says which articles of a window are worth a close look, `pair` looks; `shelved` is what
is kept of an article in between. What compares is imported when it is first named: children make what is kept, and
begin sooner without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.pairing.declared import targets
from pipeline.pairing.features import Features, digest
from pipeline.pairing.features import features as read
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.lexicon import shipped as shipped_lexicon
from pipeline.pairing.lexicon import shipped_digest as lexicon_digest
from pipeline.pairing.shelf import asked_of, claims, features_of, shelved, version
from pipeline.pairing.sketch import Sketches

if TYPE_CHECKING:
    from pipeline.pairing.align import Segment, aligned
    from pipeline.pairing.candidates import Ranking
    from pipeline.pairing.headlines import VERSION as HEADLINE_VERSION
    from pipeline.pairing.instalments import threads
    from pipeline.pairing.learned import Learned, learn, told, unpacked
    from pipeline.pairing.links import CONFIRMED
    from pipeline.pairing.machine import put_back, set_aside
    from pipeline.pairing.machine import text_id as machine_text_id
    from pipeline.pairing.marks import Run, marked
    from pipeline.pairing.meaning import VERSION as MEANING_VERSION
    from pipeline.pairing.meaning import packed, passages_of
    from pipeline.pairing.neighbours import Nearby, compared, nearby
    from pipeline.pairing.pool import Standing
    from pipeline.pairing.proposals import clues_of
    from pipeline.pairing.reasons import Beside, Explanation, beside, explain
    from pipeline.pairing.score import Weights, matcher, weights_of
    from pipeline.pairing.stories import Pairing, pair
    from pipeline.pairing.verdicts import UNDO, content, standing
else:
    #: Of what compares: where it is, none of these modules named like anything in them.
    _COMPARING = {
        "align": ("Segment", "aligned"),
        "candidates": ("Ranking",),
        "headlines": ("HEADLINE_VERSION",),
        "instalments": ("threads",),
        "learned": ("Learned", "learn", "told", "unpacked"),
        "links": ("CONFIRMED",),
        "machine": ("machine_text_id", "put_back", "set_aside"),
        "marks": ("Run", "marked"),
        "meaning": ("MEANING_VERSION", "packed", "passages_of"),
        "neighbours": ("Nearby", "compared", "nearby"),
        "pool": ("Standing",),
        "proposals": ("clues_of",),
        "reasons": ("Beside", "Explanation", "beside", "explain"),
        "score": ("Weights", "matcher", "weights_of"),
        "stories": ("Pairing", "pair"),
        "verdicts": ("UNDO", "content", "standing"),
    }
    _HOME = {name: home for home, names in _COMPARING.items() for name in names}
    _THERE = {"HEADLINE_VERSION": "VERSION", "MEANING_VERSION": "VERSION", "machine_text_id": "text_id"}

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(name)
        found = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), _THERE.get(name, name))
        return found


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
