"""The words of new articles, made in a child while they are paired and published, for the search that comes after.

Pairing and publishing leave a core idle, and the search waits for neither: an article's words are those of its title
and text. Whatever does not come back is made where it is looked for (store/cards.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

from pipeline import log, shadow
from pipeline.children import ChildLost, Children
from pipeline.errors import NoChildrenError
from pipeline.newsroom import Newsroom
from pipeline.shadow import Shadow

#: Articles whose words are made so: a child takes 2 ms for one, and their texts are sent there and back.
MOST = 1000

#: Shadows by what they go by.
Words = Mapping[str, Shadow]


async def begin(room: Newsroom) -> Awaitable[Words]:
    """Let the children go that read pages, and another one make words; return what will have come of it.

    It is another one, as those have the memory that pairing and publishing need. Where no page was read, none is started.
    """
    articles = room.store.search.unread(MOST) if room.children.there else ()
    room.children.let_go()
    made = asyncio.create_task(asyncio.to_thread(_made, articles))
    await asyncio.sleep(0)  # it begins now: what follows may leave the loop no turn
    return made


def _made(articles: Sequence[tuple[str, str]]) -> Words:
    """Return the words of these articles; none where the child is lost. In a thread, with a loop of its own."""
    if not articles:
        return {}
    try:
        return asyncio.run(_asked(articles))
    except (ChildLost, NoChildrenError) as lost:
        log.warn("words are made later", why=str(lost))
        return {}


async def _asked(articles: Sequence[tuple[str, str]]) -> Words:
    async with Children(count=1) as children:
        return await children.run(shadow.cast_all, articles)
