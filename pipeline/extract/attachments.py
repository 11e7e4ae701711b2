"""Documents an article hands out: links to PDF, Word and the like, with the type and the size the page tells.

Which links are the article's is told by where they stand: in its text, and in a list of files
right below it. What is not here: asking for a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipeline import address, characters
from pipeline.extract import dom
from pipeline.extract.blocks import Block
from pipeline.model import DOCUMENT_TYPES, Attachment
from pipeline.record import dataclass

#: No article hands out more.
_MOST = 50
#: Below the text so many short lines ("Documents:", "Share") may stand before a list of files.
_BETWEEN, _SHORT = 6, 60
#: Of the words in and around a link so many are read.
_SAID = 300
_OUTSIDE = frozenset({"nav", "footer", "aside", "form"})
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:side-?bar|aside|widgets?|(?:main-?|top-?)?menu|nav(?:bar|igation)?|footer|header|banner)",
    re.IGNORECASE,
)
_UNITS = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_CYRILLIC = str.maketrans("бкмг", "bkmg")
_SIZE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,9})(?:[.,](\d{1,3}))?[ \u00a0\u202f]*"
    r"(кбайт|мбайт|гбайт|байт|кб|мб|гб|[kmg]i?b(?:ytes?)?|bytes?|[кмгkmg]|[бb])(?!\w)",
    re.IGNORECASE,
)
#: A single letter is a unit only beside the word for a type or in brackets: "5 м" is a length, "2 г" a year.
_LONE = re.compile(r"[кмгkmgбb]", re.IGNORECASE)
_NAMED = re.compile(rf".\.({'|'.join(DOCUMENT_TYPES)})$", re.IGNORECASE)
#: The kind of each media type.
_BY_MEDIA = {media: kind for kind, media in DOCUMENT_TYPES.items()}
#: An address in which every sign stands for itself, and what names a document in it.
_PLAIN = re.compile(r"[!-$&-~]*")
_ENDING = re.compile(rf"\.(?:{'|'.join(DOCUMENT_TYPES)})", re.IGNORECASE)
#: What an address without a document's ending cannot be one for.
_PAGE = re.compile(r"\.(?:html?|php|aspx?|jpe?g|png|gif|webp|svg|mp[34])(?:$|[?#])", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_LABEL = re.compile(rf"(?<!\w)({'|'.join(DOCUMENT_TYPES)})(?!\w)", re.IGNORECASE)
#: What a title's tail may only tell: its size, its type set apart: "(PDF, 1.2 MB)".
_SIZE_TAIL = re.compile(rf"[\s(\[,;:|–—-]*{_SIZE.pattern}[\s)\]]*$", re.IGNORECASE)
_TYPE_TAIL = re.compile(
    rf"(?:\s*[(\[,;:|–—-]\s*|^\W*|\s+(?=\S+$))\.?(?:{'|'.join(DOCUMENT_TYPES)})[\s)\],]*$", re.IGNORECASE
)
_NAMELESS = re.compile(
    r"\W*(?:(?:скачать|загрузить|открыть|смотреть|download|open|view|get)?\W*(?:файл|документ|здесь|тут|file|document|here|this|link)?)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """An attachment and the line it stands in."""

    attachment: Attachment
    place: int
    line: str


def of_article(blocks: Sequence[Block], places: Sequence[int], title_at: int | None, base: str) -> tuple[Found, ...]:
    """Return the documents an article links to, in the order of the page, each address once.

    places: of the article's text among the page's blocks; title_at: of its title.
    """
    kept: dict[str, Found] = {}
    for place in _near(blocks, places, title_at):
        for one in _of_block(blocks, place, base):
            old = kept.get(one.attachment.url)
            kept[one.attachment.url] = one if old is None else replace(old, attachment=_joined(old, one))
            if len(kept) == _MOST:
                return tuple(kept.values())
    return tuple(kept.values())


def _near(blocks: Sequence[Block], places: Sequence[int], title_at: int | None) -> Iterator[int]:
    """Yield the places where an article's documents may stand."""
    if not places and title_at is None:
        return
    first, last = (places[0], places[-1]) if places else (title_at or 0, title_at or 0)
    own = set(places)
    start = min(first, title_at) if title_at is not None else first
    within = dom.around([blocks[place].element for place in (*places, *([title_at] if title_at is not None else []))])
    for place in range(start, last + 1):
        if blocks[place].linked and (place in own or not _stands_aside(blocks[place], within)):
            yield place
    between = 0
    for place in range(last + 1, len(blocks)):
        block = blocks[place]
        if block.image is not None or not block.text:
            continue
        handed = any(name == "a" and _kind_of(href) for _, inline in block.pieces for name, href in inline)
        between += not handed
        if between > _BETWEEN or (not handed and len(block.text) > _SHORT) or _stands_aside(block, within):
            return
        yield place


def _stands_aside(block: Block, within: HtmlElement | None) -> bool:
    """Whether a block is outside what holds title and text, or in a margin or menu of it."""
    if block.zones & _OUTSIDE:
        return True
    for one in (block.element, *block.element.iterancestors()):
        if one is within:
            return False
        if _ASIDE.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
            return True
    return within is not None


def _of_block(blocks: Sequence[Block], place: int, base: str) -> Iterator[Found]:
    """Yield the documents one block links to."""
    block = blocks[place]
    links = list(_links(block))
    for number, (href, words) in enumerate(links):
        if not href:
            continue
        anchor = _anchor(block.element, href)
        after = links[number + 1][1] if number + 1 < len(links) and not links[number + 1][0] else ""
        before = links[number - 1][1] if number and not links[number - 1][0] and len(links) == 2 else ""
        if number + 1 == len(links) and place + 1 < len(blocks):  # "1.2 MB" in a box of its own
            after += f" {_only_a_label(blocks[place + 1])}"
        hint = (anchor.get("title") or "") if anchor is not None else ""
        said = (words[:_SAID], after[:_SAID], hint[:_SAID], before[-_SAID:])
        kind = _kind(href, anchor, said)
        url = address.resolve(base, href) if kind else None
        if url:
            size = next((size for one in said if (size := _size(one))), None)
            yield Found(Attachment(url, _title(*said[0::2], href), DOCUMENT_TYPES[kind], size), place, block.text)


def _anchor(element: HtmlElement, href: str) -> HtmlElement | None:
    """Return the link to an address that stands in an element, or around it."""
    links = chain(element.iter("a"), element.iterancestors("a"))
    return next((link for link in links if link.get("href") == href), None)


def _links(block: Block) -> Iterator[tuple[str, str]]:
    """Yield a block's text in turns: (address, words of the link), ("", words between links)."""
    href, words = "", ""
    for text, inline in block.pieces:
        here = next((address for name, address in inline if name == "a"), "")
        if here != href and words:
            yield href, characters.line(words)
            words = ""
        href, words = here, words + text.replace("\x1e", " ")
    if words:
        yield href, characters.line(words)


def _kind(href: str, anchor: HtmlElement | None, said: Iterable[str]) -> str:
    """Return what sort of document a link leads to: told by its address, its attributes, or the words beside it."""
    told = _kind_of(href)
    if told or anchor is None:
        return told
    media = (anchor.get("type") or "").partition(";")[0].strip().lower()
    told = _BY_MEDIA.get(media, "") or _kind_of(anchor.get("download") or "")
    if told or _PAGE.search(href):
        return told
    # An address without an ending, and words like "(PDF, 1.2 MB)" in the link or right behind it.
    for one in list(said)[:2]:
        label = _LABEL.search(one) if _FIGURE.search(one) else None  # most say no size
        if label and _size(one):
            return label[1].lower()
    return ""


def _kind_of(href: str) -> str:
    """Return the ending of the file an address names; "" for none known."""
    if _PLAIN.fullmatch(href) and not _ENDING.search(href):
        return ""  # so it is with most, and taking them apart tells nothing else
    found = _NAMED.search(_file(href))
    return found[1].lower() if found else ""


def _file(href: str) -> str:
    """Return the name of the document an address names, in its path or in a value of its query; else its last part."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    values = [value for pair in parts.query.split("&")[:20] for value in pair.split("=")[1:]]
    names = [unquote(name).rpartition("/")[2] for name in (parts.path, *values)]
    return next((name for name in names if _NAMED.search(name)), names[0])


def _size(text: str) -> int | None:
    """Return the bytes a text tells of ("1,2 МБ", "340 KB"), None where it tells of none."""
    for match in _SIZE.finditer(text[:300]):
        whole, part, unit = match[1], match[2] or "", match[3].lower().translate(_CYRILLIC)
        if (
            _LONE.fullmatch(match[3])
            and not _LABEL.search(text)
            and text[: match.start()].rstrip()[-1:] not in ("(", "[")
        ):
            continue
        bytes_ = float(f"{re.sub(r'[^0-9]', '', whole)}.{part or 0}") * _UNITS[unit[0]]
        return round(bytes_) or None
    return None


def _only_a_label(block: Block) -> str:
    """Return a block's text where it says nothing but type and size."""
    if block.linked or re.search(r"\w", _LABEL.sub("", _SIZE.sub("", block.text))):
        return ""
    return block.text


def _title(words: str, hint: str, href: str) -> str:
    """Return what a document is called: the link's words without type and size, else the name of the file."""
    for told in (words, hint):
        sized = _SIZE_TAIL.sub("", told)
        bare = _TYPE_TAIL.sub("", sized) if sized != told or told.endswith((")", "]")) else told
        named = characters.line(_SIZE_TAIL.sub("", bare))
        if named and not _NAMELESS.fullmatch(_LABEL.sub("", named)):
            return named
    return characters.line(_file(href)) or characters.line(words)


def _joined(old: Found, new: Found) -> Attachment:
    """Return an attachment that is linked to twice with what either link tells."""
    one, two = old.attachment, new.attachment
    return Attachment(
        one.url,
        two.title if one.title == characters.line(_file(one.url)) else one.title,
        one.type,
        one.size or two.size,
    )
