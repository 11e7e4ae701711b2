"""Collect: network → FetchedPage, and a source's listing page, feed or sitemap → links.

`Fetcher.fetch` asks for one address, politely and only where the guard allows; `walk` follows one
listing; `read_page` is its pure half, to be run in a child process that can be killed.
"""

from __future__ import annotations

from pipeline.collect.fetch import Fetcher, user_agent
from pipeline.collect.guard import Allowance, Guard, parse_allowance
from pipeline.collect.hosts import Hosts
from pipeline.collect.kinds import kind_of
from pipeline.collect.post import post
from pipeline.collect.reading import Reading
from pipeline.collect.robots import RobotsFile
from pipeline.collect.route import ready
from pipeline.collect.walk import Walk, read_page, walk

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
