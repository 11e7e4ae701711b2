"""Collect: network → FetchedPage, and a source's listing page, feed or sitemap → links.

`Fetcher.fetch` asks for one address, politely and only where the guard allows; `walk` follows one
listing; `read_page` is its pure half, to be run in a child process that can be killed.
What asks is imported when it is first named: children read, and begin sooner without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pipeline import frugal
from pipeline.collect.guard import Allowance, Guard, parse_allowance
from pipeline.collect.kinds import kind_of
from pipeline.collect.reading import Reading
from pipeline.collect.robots import RobotsFile
from pipeline.collect.walk import Walk, read_page, walk

if TYPE_CHECKING:
    from pipeline.collect.fetch import Fetcher, user_agent
    from pipeline.collect.hosts import Hosts
    from pipeline.collect.posting import post
    from pipeline.collect.route import ready
else:
    _ASKING = {"Fetcher": "fetch", "Hosts": "hosts", "user_agent": "fetch", "post": "posting", "ready": "route"}

    def __getattr__(name: str) -> object:
        if name not in _ASKING:
            raise AttributeError(name)
        with frugal.without("httpx._main"):  # as long to import as all the rest of it
            found = globals()[name] = getattr(import_module(f"{__name__}.{_ASKING[name]}"), name)
        return found


__all__ = [
    "Allowance",
    "Fetcher",
    "Guard",
    "Hosts",
    "Reading",
    "RobotsFile",
    "Walk",
    "kind_of",
    "parse_allowance",
    "post",
    "read_page",
    "ready",
    "user_agent",
    "walk",
]
