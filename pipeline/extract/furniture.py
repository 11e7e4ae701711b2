"""Second judgement over an extractor's choice of blocks: what it took too much, and too little.

trafilatura's errors are mostly extra text: the headline once more, "read also" links, captions,
bylines; and now and then a subheading or a table row lost. What is not here: what other pages
of the source teach (boilerplate.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from lxml.html import HtmlElement

from pipeline.extract.blocks import Block, words

#: Lines that never belong to an article, compared as a whole, letters and digits only.
_LINES = words(
    "share print subscribe readmore readalso seealso related advertisement tolistnews subscribetonewsletter backtolist "
    "comments sharethis loading moreonthistopic requestforproposal regularversionofthesite allnews listentothisarticle "
    "поделиться поделитьсяновостью распечатать печать подписаться читайтетакже читатьтакже смотритетакже реклама "
    "комментарии обсудить вернутьсяксписку кспискуновостей всеновости назад перевестистраницу пожалуйстаподождите "
    "версиядляпечати обычнаяверсиясайта поделитьсявсоцсетях топмейлру яндексметрика материалыпотеме потеме"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: A line this long is running text: the article has begun.
_PARAGRAPH = 80
_LEAD_IN = re.compile(
    r"(?:read (?:more|also|next|the full)|also read|see also|more:|more on|related(?: \w+)?:|click here|subscribe|sign up|follow us|"
    r"читайте|читать|смотрите также|см\. также|по теме:|подпис(?:аться|ывайтесь|ка)|ранее (?:сообщалось|мы писали):?$|"
    r"lesen sie|mehr zum|mehr:|lire aussi|leia|erid)",
    re.IGNORECASE,
)

_COMMENTS = re.compile(
    r"\W*(?:(?:top (?:rated )?|reader |leave a |view |all |\d+ )?comments?|leave a reply|комментарии(?: читателей)?|добавить комментарий|обсуждение)\W*\d*\W*",
    re.IGNORECASE,
)
#: Shorter lines may well be said twice ("Да").
_LINE = 28
#: A line said so often on one page is a widget's …
_OFTEN = 3
#: … where there are no more of them than this.
_WIDGETS = 2
#: How often a page was looked at, and nothing else.
_COUNTER = re.compile(
    r"\W*(?:(?:page ?)?views?|viewed|hits|(?:количество |число |всего )?(?:просмотр(?:ов|ы|а)?|прочтени[йея]|прочитали|посещени[йея]))"
    r"\W*\d[\d\s.,]*\W*(?:times|раза?)?\W*|\W*\d[\d\s.,]*\s*(?:views?|просмотр(?:ов|а)?|прочтени[йея])\W*",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"\W*(?:©|copyright\b|\(c\)\s)")
_RESERVED = ("all rights reserved", "все права защищены")


def revise(blocks: Sequence[Block], chosen: Sequence[int], titles: Collection[str]) -> list[int]:
    """Return the indices of the blocks that make the article's text.

    titles: keys (blocks.fold) of what the page calls itself.
    """
    own = kept_of(blocks, _whole_tables(blocks, chosen), titles)
    kept = [index for index in own if not _leads_away(blocks[index])]
    return _without_ends(blocks, _without_repeats(blocks, _before_comments(blocks, kept))) or own


def kept_of(blocks: Sequence[Block], chosen: Sequence[int], titles: Collection[str]) -> list[int]:
    """Return chosen without what is certainly no running text: the title, captions, buttons, copyright lines."""
    kept: list[int] = []
    begun = False
    for index in chosen:
        block = blocks[index]
        # Below the first paragraph the same words are a subheading of their own.
        is_title = block.key in titles and (not begun or block.element.tag in _HEADINGS)
        if not is_title and not _is_foreign(block):
            kept.append(index)
            begun = begun or len(block.text) >= _PARAGRAPH
    return kept


def _is_foreign(block: Block) -> bool:
    if not block.key or block.key in _LINES:
        return True
    if any(tag == "figcaption" for tag, _ in block.path):
        return True
    small = block.text.lower()
    if _COPYRIGHT.match(small) or any(map(small.__contains__, _RESERVED)):
        return True
    return len(block.text) < _LINE and _COUNTER.fullmatch(block.text) is not None


def _leads_away(block: Block) -> bool:
    """Whether a block is there to be clicked: nothing but a link to another story."""
    if any(tag in ("td", "th") for tag, _ in block.path):
        return False
    if len(block.text) > 300:
        return False
    if block.linked >= 0.9 * len(block.text):
        return True
    return block.linked > 0 and bool(_LEAD_IN.match(block.text)) and block.linked >= 0.4 * len(block.text)


def _whole_tables(blocks: Sequence[Block], chosen: Sequence[int]) -> list[int]:
    """Return chosen with tables made whole that were taken in part: short cells repeat and get lost."""
    marked = set(chosen)
    tables: dict[HtmlElement, list[int]] = {}
    for index, block in enumerate(blocks):
        if not block.path or not block.text:
            continue
        table = next((element for tag, element in block.path if tag == "table"), None)
        if table is not None:
            tables.setdefault(table, []).append(index)
    for cells in tables.values():
        taken = sum(len(blocks[index].text) for index in cells if index in marked)
        if 3 * taken >= sum(len(blocks[index].text) for index in cells):
            marked.update(cells)
    return sorted(marked)


def _without_repeats(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """Return kept with a line said twice kept once, and one said more often (a widget's excuse) not at all."""
    times = Counter(blocks[index].key for index in kept if _is_line(blocks[index]))
    often = {key for key, count in times.items() if count >= _OFTEN}
    if len(often) > _WIDGETS:
        return list(kept)  # a menu or a timetable says the same every day
    seen: set[str] = set()
    left = []
    for index in kept:
        block = blocks[index]
        if _is_line(block) and (block.key in often or block.key in seen):
            continue
        seen.add(block.key)
        left.append(index)
    return left


def _is_line(block: Block) -> bool:
    return len(block.text) >= _LINE and all(tag not in ("td", "th", "li") for tag, _ in block.path)


def _before_comments(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """Return kept up to the readers' comments."""
    for number, index in enumerate(kept):
        if number and _COMMENTS.fullmatch(blocks[index].text) and len(blocks[index].text) < _LINE:
            return list(kept[:number])
    return list(kept)


def _without_ends(blocks: Sequence[Block], kept: list[int]) -> list[int]:
    """Return kept without headings that nothing follows."""
    while kept and blocks[kept[-1]].element.tag in _HEADINGS:
        kept = kept[:-1]
    return kept
