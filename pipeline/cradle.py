"""Where child processes come from: a server that has imported what they work with, and forks them.

Apart from those who give them work (children.py), so that it can be started before anything else of a pass is imported.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
from multiprocessing import forkserver

#: Imported once by the server, so that no child pays for it again.
_PRELOAD = ["pipeline.nursery"]


def warm_up() -> None:
    """Let the server start beside other work, where it is known that there will be pages."""
    context(rehearsed=True)
    forkserver.ensure_running()


def context(*, rehearsed: bool = False) -> multiprocessing.context.ForkServerContext:
    """Return what children are started by; rehearsed: from a server that has read a page before."""
    found = multiprocessing.get_context("forkserver")
    # The rehearsal takes longer than the first page waits for gladly, so it is for servers that start beside other work.
    found.set_forkserver_preload([*_PRELOAD, "pipeline.rehearsal"] if rehearsed else _PRELOAD)
    return found
