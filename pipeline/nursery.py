"""What children are forked from: the program they read pages with, imported once, before the first of them is there.

Imported by that server alone, for what the import does. What is not here: starting it (cradle.py), what is done
for the first time (rehearsal.py).
"""

from __future__ import annotations

from importlib import import_module

from pipeline import frugal

with frugal.unsearched(), frugal.without("ssl"):  # they ask for nothing
    for _name in (
        "pipeline.child",  # what a child gets its tasks by
        "pipeline.reader",
        "pipeline.pairing",
        "pipeline.extract.reading",
        "pipeline.language.weighing",
        "pipeline.collect.readers",
        "feedparser",
        "pipeline.extract.borrowed",
    ):
        import_module(_name)
