"""The parts of trafilatura that read pages, by their own names; how they are asked is cascade.py's."""

from __future__ import annotations

from importlib import import_module

from trafilatura import core, external, xpaths

baseline = import_module("trafilatura.baseline")  # a function of the package has the same name

__all__ = ["baseline", "core", "external", "xpaths"]
