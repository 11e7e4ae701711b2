"""Who translates: one file for each engine, all of one shape.

An engine takes texts in its form (`dress`) and gives as many back, or raises `EngineFailed`, which
says whether it may have been billed. What is remembered and what may be spent is not known here.
"""

from pipeline.translate.engines.engine import BROKEN, KINDS, Engine, EngineFailed, Traits

__all__ = ["BROKEN", "KINDS", "Engine", "EngineFailed", "Traits"]
