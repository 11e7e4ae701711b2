"""The store: the only code that opens the store/ folder.

`open_store(folder)` gives a `Store` whose parts, its attributes, each own some tables; and the `archive` of raw pages.
All of it (whole.py) is imported when something of it is first asked for: that takes a third of a second, and whether a pass
will bring pages is asked before (prospects.py).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.store.whole import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        if find_spec(f"{__name__}.{name}"):  # a file of this folder, which the import system asks for here first
            raise AttributeError(name)
        found = globals()[name] = getattr(import_module("pipeline.store.whole"), name)
        return found
