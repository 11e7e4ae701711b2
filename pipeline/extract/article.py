"""The text of a page: the source's own rule first, trafilatura otherwise, a rescue last (rescue.py).

Whoever wins answers with a choice of the page's blocks, so that text and HTML are made from
the same words. What is not here: titles, dates, what sibling pages teach.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Sequence
from datetime import date

from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract import cascade, furniture, gaps, rescue
from pipeline.extract.blocks import Block, fold
from pipeline.model import Rule, Source
from pipeline.record import dataclass

#: Share of trafilatura's words that must be found among the page's blocks; below, its own lines are taken
#: (it read the text from JSON-LD, where the page shows none).
_COVERED = 0.7
#: A text this much shorter than the page's own description is a failed extraction.
SHORT = 0.7

# They report every page they cannot read; what becomes of a page is said by our own values.
for _name in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Body:
    """The chosen blocks in order, or bare lines where no block holds the text."""

    made_by: str
    blocks: tuple[Block, ...] = ()
    places: tuple[int, ...] = ()  #: of the blocks in the page
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text, a paragraph a line."""
        return "\n".join(self.lines)


def rule_for(source: Source, day: date) -> tuple[int, Rule] | None:
    """Return the first rule of source that is valid on day, with its number from 1."""
    for number, rule in enumerate(source.rules, 1):
        if rule.until is None or day <= date.fromisoformat(rule.until):
            return number, rule
    return None


def drop(root: HtmlElement, rule: Rule) -> None:
    """Remove what the rule's drop selectors match from the tree."""
    for selector in rule.drop:
        for element in root.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()


def body_of(
    root: HtmlElement,
    blocks: Sequence[Block],
    url: str,
    rule: tuple[int, Rule] | None,
    titles: Collection[str],
    promise: str,
) -> Body:
    """Return the article's text; empty lines where the page has none.

    titles: keys of the page's titles, which are no part of the text. promise: the description or
    teaser, used to tell a failed extraction.
    """
    note = ""
    if rule is not None and rule[1].text:
        places = _by_rule(root, blocks, rule[1].text, titles)
        if places:
            return _body(blocks, places, f"rule {rule[0]}", rule[1])
        note = f"; rule {rule[0]} matched nothing"
    body = _by_trafilatura(root, blocks, url, titles, note, promise)
    if len(body.text) < SHORT * len(promise) or not body.lines:
        body = _rescued(root, blocks, titles, body, promise, note)
    if rule is not None and body.blocks:
        return _body(blocks, body.places, body.made_by, rule[1])
    return body


def of_places(
    blocks: Sequence[Block], places: Sequence[int], titles: Collection[str], made_by: str, rule: tuple[int, Rule] | None
) -> Body:
    """Return as a text the blocks at these places, freed of furniture."""
    return _body(blocks, furniture.revise(blocks, places, titles), made_by, rule[1] if rule else None)


def span(body: Body, start: int, end: int) -> Body:
    """Return the part of body from one line to another."""
    return Body(body.made_by, body.blocks[start:end], body.places[start:end], body.lines[start:end])


def without(body: Body, unwanted: Callable[[int, int, int, Block], bool]) -> Body:
    """Return body without the blocks that unwanted(number, count, place, block) names; never empty."""
    count = len(body.blocks)
    kept = [
        (place, block)
        for n, (place, block) in enumerate(zip(body.places, body.blocks, strict=True))
        if not unwanted(n, count, place, block)
    ]
    if not kept or len(kept) == count:
        return body
    return Body(
        body.made_by,
        tuple(block for _, block in kept),
        tuple(place for place, _ in kept),
        tuple(block.text for _, block in kept),
    )


def _by_rule(root: HtmlElement, blocks: Sequence[Block], selector: str, titles: Collection[str]) -> list[int]:
    containers = set(root.cssselect(selector))
    if not containers:
        return []
    inside = [index for index, block in enumerate(blocks) if block.text and rescue.under(block.element, containers)]
    return furniture.kept_of(blocks, inside, titles)


def _by_trafilatura(
    root: HtmlElement, blocks: Sequence[Block], url: str, titles: Collection[str], note: str, description: str
) -> Body:
    try:
        found = cascade.found(root, blocks, url)
    except Exception as error:  # noqa: BLE001  # it promises nothing about what it raises; the page is then rescued or refused
        return Body(f"trafilatura failed: {type(error).__name__}{note}")
    if found.share < _COVERED:
        lines = tuple(line for line in found.text.splitlines() if fold(line) not in titles)
        return Body(f"trafilatura{note}", lines=lines)
    places = furniture.revise(blocks, gaps.filled(blocks, found.places, description), titles)
    return _body(blocks, places, f"trafilatura{note}", None)


def _rescued(
    root: HtmlElement, blocks: Sequence[Block], titles: Collection[str], body: Body, promise: str, note: str
) -> Body:
    """Return a text found otherwise, or body where nothing better was found."""
    who, places, why = rescue.chosen(root, blocks, titles, promise)
    asked = f" of {len(promise)} promised" if promise else ""
    rescued = _body(blocks, places, f"{who}; trafilatura found {len(body.text)} characters{asked}, {why}{note}", None)
    return rescued if len(rescued.text) > 2 * len(body.text) else body


def _body(blocks: Sequence[Block], places: Sequence[int], made_by: str, rule: Rule | None) -> Body:
    kept: list[tuple[int, Block]] = []
    for index in places:
        block = _rewritten(blocks[index], rule)
        if block.text:
            kept.append((index, block))
    return Body(
        made_by,
        tuple(block for _, block in kept),
        tuple(index for index, _ in kept),
        tuple(block.text for _, block in kept),
    )


def _rewritten(block: Block, rule: Rule | None) -> Block:
    """Return block with the rule's clean-ups applied; a changed line loses its inline mark-up."""
    if rule is None or not rule.rewrite:
        return block
    text = block.text
    for pattern, replacement in rule.rewrite:
        text = re.sub(pattern, replacement, text)
    text = characters.line(text)
    return block if text == block.text else replace_text(block, text)


def replace_text(block: Block, text: str) -> Block:
    """Return block with other words."""
    return Block(text, ((text, ()),), block.element, block.path, block.zones)
