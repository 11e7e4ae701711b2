"""The text of a page on which trafilatura found none, or far less than was promised.

readability-lxml is asked first, then the densest container of our own, which also looks into asides and footers;
the one wins that says more of what the page's description or the listing's teaser promises. What is not here:
when a rescue is called for (article.py).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Sequence

from lxml import html
from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract import align, furniture
from pipeline.extract.blocks import Block

#: Share of readability's words that must be found among the page's blocks.
_COVERED = 0.7
#: Where a text stands only if it stands nowhere else.
_OUTSIDE = frozenset({"nav", "footer", "aside", "form"})
#: Shorter blocks are no running text.
_PROSE = 40
#: By how much of the promise our own choice must be better: readability's has less around it.
_BETTER = 0.1
#: Shorter words stand in every text.
_WORD = re.compile(r"\w{4,}")

logging.getLogger("readability").setLevel(logging.CRITICAL)


def chosen(
    root: HtmlElement, blocks: Sequence[Block], titles: Collection[str], promise: str
) -> tuple[str, list[int], str]:
    """Return who found most of the text, the indices of its blocks (none where nobody did), and why that one won."""
    readable = furniture.revise(blocks, _by_readability(root, blocks), titles)
    own = max(
        (furniture.revise(blocks, _densest(blocks, outside), titles) for outside in (_OUTSIDE, frozenset[str]())),
        key=lambda places: (_kept(blocks, places, promise), -len(places)),
    )
    theirs, ours = _kept(blocks, readable, promise), _kept(blocks, own, promise)
    if readable and theirs + _BETTER >= ours:
        return "readability", readable, _why(theirs, promise)
    return "rescue", own, _why(ours, promise) + ("" if readable else ", readability found nothing")


def _why(kept: float, promise: str) -> str:
    return f"it says {kept:.0%} of what was promised" if promise else "nothing was promised"


def _kept(blocks: Sequence[Block], places: Sequence[int], promise: str) -> float:
    """Return the share of the promise's words that the blocks at places say; of letters found where none is made."""
    promised = set(_WORD.findall(promise.casefold()))
    if not promised:
        return min(1.0, sum(len(blocks[index].text) for index in places) / 1000)
    said = {word for index in places for word in _WORD.findall(blocks[index].text.casefold())}
    return len(promised & said) / len(promised)


def _by_readability(root: HtmlElement, blocks: Sequence[Block]) -> list[int]:
    from readability import Document  # type: ignore[import-untyped]  # no types published; seldom asked

    try:
        summary = Document(html.tostring(root, encoding="unicode")).summary(html_partial=True)
        text = html.fromstring(summary).text_content() if summary.strip() else ""
    except Exception:  # noqa: BLE001  # it wraps whatever lxml raises on its way; our own rescue then has the word
        return []
    places, share = align.covered(characters.paragraphs(text), blocks)
    return places if share >= _COVERED else []


def _densest(blocks: Sequence[Block], outside: Collection[str]) -> list[int]:
    """Return the blocks of the container with most running text: a small readability."""
    prose = [
        index
        for index, block in enumerate(blocks)
        if len(block.text) >= _PROSE and block.linked * 3 <= len(block.text) and block.zones.isdisjoint(outside)
    ]
    scores: dict[HtmlElement, float] = {}
    for index in prose:
        weight = float(len(blocks[index].text))
        for parent in list(blocks[index].element.iterancestors())[:3]:
            if parent.tag not in ("body", "html"):
                scores[parent] = scores.get(parent, 0.0) + weight
                weight /= 2
    if not scores:
        return [index for index in prose if not blocks[index].linked]
    best = max(scores, key=lambda element: scores[element])
    return [index for index, block in enumerate(blocks) if block.text and under(block.element, {best})]


def under(element: HtmlElement, containers: Collection[HtmlElement]) -> bool:
    """Return whether an element is one of the containers, or inside one."""
    return element in containers or any(parent in containers for parent in element.iterancestors())
