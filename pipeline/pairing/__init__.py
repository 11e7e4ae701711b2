"""Items and Verdicts → Stories: which Russian and which English article tell one story."""

from __future__ import annotations

from pipeline.pairing.stories import Pairing, pair

__all__ = ["Pairing", "pair"]
