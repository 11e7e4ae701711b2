"""No document above the limit: the oldest bodies are cut down to their summaries first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from pipeline.model import FeedEntry
from pipeline.publish.entries import shortened
from pipeline.publish.gate import LIMIT


def fitted(
    entries: Sequence[FeedEntry], render: Callable[[Sequence[FeedEntry]], Mapping[str, bytes]], limit: int = LIMIT
) -> Mapping[str, bytes]:
    """Return the documents that render makes of entries (newest first), each of at most `limit` bytes.

    The same entries are shortened in every format, so that the formats say the same. Where even
    summaries are too many, the oldest entries are left out.
    """
    rows = list(entries)
    whole = len(rows)  # rows[whole:] are shortened
    while (over := _excess(documents := render(rows), limit)) > 0 and whole:
        while over > 0 and whole > 0:
            whole -= 1
            short = shortened(rows[whole])
            if len(short.content) < len(rows[whole].content):
                over -= len(rows[whole].content.encode()) - len(short.content.encode())
                rows[whole] = short
    if over <= 0:
        return documents
    fits = bisect_left(range(len(rows)), True, key=lambda last: _excess(render(rows[: last + 1]), limit) > 0)
    return render(rows[:fits])


def _excess(documents: Mapping[str, bytes], limit: int) -> int:
    return max((len(document) for document in documents.values()), default=0) - limit
