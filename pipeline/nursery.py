"""What children are forked from: the program they read pages with, imported once, before the first of them is there.

Imported by that server alone, for what the import does. What is not here: starting it (cradle.py), what is done
for the first time (rehearsal.py).
"""

from __future__ import annotations

import atexit
import os
import signal
from importlib import import_module

from pipeline import frugal

# Ctrl-C reaches all processes of a terminal; how they end is for the command to say, and the server heeds none once it serves.
signal.signal(signal.SIGINT, signal.SIG_IGN)
# It has nothing to put in order at its end, and whoever reads the program's output to the end waits for that.
atexit.register(os._exit, 0)
with frugal.unsearched():
    for _name in (
        "pipeline.children",  # what a child gets its tasks by
        "pipeline.reader",
        "pipeline.pairing",
        "pipeline.extract.reading",
        "pipeline.language.weighing",
        "pipeline.collect.readers",
        "feedparser",
        "trafilatura",
    ):
        import_module(_name)
