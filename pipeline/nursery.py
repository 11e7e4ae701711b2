"""What children are forked from: the program they read pages with, imported once, before the first of them is there.

Imported by that server alone, for what the import does. What is not here: starting it (children.py), what is done
for the first time (rehearsal.py).
"""

from __future__ import annotations

import sys
from importlib import import_module

from pipeline import frugal

# httpx has a command of its own, whose terminal takes as long to import as all the rest of it, and which it does without.
sys.modules["httpx._main"] = None  # type: ignore[assignment]  # what the import system takes for "not there"

with frugal.unsearched():
    for _name in ("pipeline.reader", "pipeline.collect", "feedparser", "trafilatura"):
        import_module(_name)
