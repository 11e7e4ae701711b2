"""The parts of trafilatura that read pages, without those that fetch them.

It imports its own way to the network, a pool of connections with all that belongs to one, and a finder of dates that is
asked on its own (dates.py): a tenth of what whoever reads pages imports. What is not here: how they are asked (cascade.py).
"""

from __future__ import annotations

from importlib import import_module

from pipeline import frugal

with frugal.unfilled("urllib3", "urllib3.response", "courlan.network", "trafilatura.downloads", "htmldate"):
    from trafilatura import core, external, xpaths

    baseline = import_module("trafilatura.baseline")  # a function of the package has the same name

__all__ = ["baseline", "core", "external", "xpaths"]
