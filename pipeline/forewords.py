"""The words of new articles, made in a child while they are paired and published, for the search that comes after.

Pairing and publishing leave a core idle, and the search waits for neither: an article's words are those of its title
and text. Whatever does not come back is made where it is looked for (store/cards.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

from pipeline import log, shadow
from pipeline.children import ChildLost
from pipeline.errors import NoChildrenError
from pipeline.newsroom import Newsroom
from pipeline.shadow import Shadow

#: Articles whose words are made so: a child takes 2 ms for one, and their texts are sent there and back.
MOST = 1000

#: Shadows by what they go by.
Words = Mapping[str, Shadow]


async def begin(room: Newsroom) -> Awaitable[Words]:
    """Give the children their last task, and let them end after it; return what will have come of it.

    What is paired and published then has their memory. Where no page was read there are none, and none are started.
    """
    made = asyncio.create_task(_made(room, room.store.search.unread(MOST) if room.children.there else ()))
    leaving = asyncio.create_task(room.children.let_go())
    await asyncio.sleep(0)  # both begin now: what follows may leave the loop no turn
    return asyncio.ensure_future(_first(made, leaving))


async def _made(room: Newsroom, articles: Sequence[tuple[str, str]]) -> Words:
    if not articles:
        return {}
    try:
        return await room.children.run(shadow.cast_all, articles)
    except (ChildLost, NoChildrenError) as lost:
        log.warn("words are made later", why=str(lost))
        return {}


async def _first(made: Awaitable[Words], leaving: Awaitable[None]) -> Words:
    await leaving
    return await made
