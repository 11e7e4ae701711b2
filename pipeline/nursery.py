"""What children are forked from: the program they read pages with, imported once, before the first of them is there.

Imported by that server alone, for what the import does. What is not here: starting it (cradle.py), what is done
for the first time (rehearsal.py).
"""

from __future__ import annotations

from importlib import import_module

from pipeline import frugal

#: What trafilatura imports beside what reads pages: its own way to the network, a pool of connections with all that belongs to
#: one, and a finder of dates that is asked on its own (dates.py). A tenth of what whoever reads pages would import.
_NOT_ASKED = ("urllib3", "urllib3.response", "courlan.network", "trafilatura.downloads", "htmldate")

# Here alone, and not where trafilatura is imported: in a process with threads another one might import them just then.
with frugal.unsearched(), frugal.without("ssl"):  # children ask for nothing
    with frugal.unfilled(*_NOT_ASKED):
        import_module("pipeline.extract.borrowed")
    for _name in (
        "pipeline.child",  # what a child gets its tasks by
        "pipeline.reader",
        "pipeline.pairing",
        "pipeline.extract.reading",
        "pipeline.language.weighing",
        "pipeline.collect.readers",
        "feedparser",
    ):
        import_module(_name)
