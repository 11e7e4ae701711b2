"""What stands beside a link on a listing: title, date, picture, a few words; pure.

A teaser's block is the largest element around a link that has no other article's link in it.
Dates are only found here, as they are written; reading them is extraction's business.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bs4 import Tag

from pipeline import characters
from pipeline.collect import markup
from pipeline.collect.reading import TEASER_CHARS
from pipeline.record import dataclass

TITLE_CHARS = 250
_BLOCK_CHARS = 3_000
_LEVELS = 7
_MONTHS = (
    r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
)
# Day and month in words or figures, with or without a year and a time; "вчера, 14:05".
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:\s*[-–—]\s*\d{{1,2}})?\s+(?:{_MONTHS})\b\.?(?:,?\s+\d{{4}}(?:\s*г(?:ода|\.)?)?)?"
    rf"|\b(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?\b"
    r"|\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b|\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b\d{1,2}-\d{1,2}-\d{4}\b"
    r"|\b(?:сегодня|вчера|позавчера|today|yesterday)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"^\s*(?:[,|в—–-]|at)?\s*\d{1,2}:\d{2}(?::\d{2})?\b")
_DATE_CLASS = re.compile(
    r"(^|[-_\s])(date|datetime|time|published|pubdate|posted|day|data|created)([-_\s]|$)", re.IGNORECASE
)
_TITLE_CLASS = re.compile(r"(^|[-_\s])(title|headline|heading|name|caption|zagolovok)([-_\s]|$)", re.IGNORECASE)
# What links say that lead to an article without naming it.
_GENERIC = re.compile(
    r"^\W*(читать\b.{0,25}|подробн\w*.{0,15}|далее|узнать\s+больше|показать\s+\w+|перейти\b.{0,15}|смотреть\b.{0,15}|"
    r"(read|learn|find out|see|show|view|full)\s*(more|on|full|story|article|all|details)?\b.{0,20}|more(\s+\w+)?|details|"
    r"continue\b.{0,20}|permalink|link|ссылка|комментари\w*.{0,12}|\d+\s*(комментари|comment|ответ|просмотр)\w*.{0,10}|"
    r"(leave a )?comments?\b.{0,10}|оставить\b.{0,20}|нет комментариев|фото|видео|photo|video)?\W*\d*\W*$",
    re.IGNORECASE,
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-image", "data-url", "src")
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')\s]+)""")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Blocks:
    """Which articles' links stand inside which element of a page."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, str], set[str]] = defaultdict(set)

    def add(self, key: str, anchors: Iterable[Tag], group: str = "") -> None:
        """Note the anchors of one article; blocks are told apart within a group only."""
        for anchor in anchors:
            for parent, _ in zip(anchor.parents, range(_LEVELS), strict=False):
                self._keys[id(parent), group].add(key)

    def around(self, anchor: Tag, group: str = "") -> Tag:
        """Return the largest element around an anchor that holds no other article of the group."""
        block = anchor
        for parent, _ in zip(anchor.parents, range(_LEVELS), strict=False):
            if parent.name in ("body", "html", "main") or len(self._keys[id(parent), group]) > 1:
                break
            block = parent
        return block


@dataclass(frozen=True, slots=True)
class Teaser:
    """The evidence around one link."""

    title: str
    date: str
    image: str
    text: str


def read(anchors: Sequence[Tag], block: Tag, base: str) -> Teaser:
    """Read the teaser of the article that all anchors in block lead to."""
    inside = _inside(block)
    title = _title(anchors, inside)
    whole = words(block)
    date = _date(block, inside)
    return Teaser(title, date, _image(inside, base), _text(inside, whole, title, date))


def _inside(tag: Tag) -> list[Tag]:
    """Return the elements in another, in their order: Beautiful Soup's own searches each make a filter and walk anew."""
    return [one for one in tag.descendants if isinstance(one, Tag)]


def _heading(inside: Iterable[Tag]) -> Tag | None:
    return next((one for one in inside if one.name in _HEADINGS), None)


def _classed(inside: Iterable[Tag], kind: re.Pattern[str]) -> Tag | None:
    return next((one for one in inside if kind.search(markup.attribute(one, "class"))), None)


def words(tag: Tag) -> str:
    """Return the text of an element as one line, cut where no teaser goes on."""
    pieces: list[str] = []
    size = 0
    for piece in tag.stripped_strings:
        pieces.append(piece)
        size += len(piece)
        if size > _BLOCK_CHARS:
            break
    return characters.line(" ".join(pieces))[:_BLOCK_CHARS]


def is_headed(anchor: Tag) -> bool:
    """Tell whether a link stands in a heading, or holds one."""
    return any(parent.name in _HEADINGS for parent in anchor.parents) or _heading(_inside(anchor)) is not None


def title_of(anchors: Sequence[Tag], block: Tag) -> str:
    """Return the best name the anchors, or a heading beside them, give their article."""
    return _title(anchors, _inside(block))


def _title(anchors: Sequence[Tag], inside: Iterable[Tag]) -> str:
    texts = [text_of(anchor) for anchor in anchors]
    named = [text for text in texts if not _GENERIC.match(text)]
    heading = _heading(inside)
    headed = words(heading) if heading else ""
    in_heading = [text for text in named if headed and text in headed]
    if in_heading:
        return max(in_heading, key=len)
    best = min(named, key=_unlike_title, default="")
    if headed and (not best or len(best) > TITLE_CHARS or _DATE.fullmatch(best)):
        return headed
    return best or _from_attributes(anchors)


def text_of(anchor: Tag) -> str:
    """Return the words of a link; of one around a whole teaser, those of its heading or title element."""
    inside = _inside(anchor)
    named = _heading(inside) or _classed(inside, _TITLE_CLASS)
    text = words(named or anchor)
    return text if named else _without_date(text)


def _without_date(text: str) -> str:
    """Return text without a date before or after it, if anything is left."""
    found = _DATE.search(text)
    if found and (found.start() == 0 or found.end() == len(text)):
        return (text[: found.start()] + text[found.end() :]).strip(" ,.|—–-·") or text
    return text


def has_date(text: str) -> bool:
    """Tell whether something in text is written like a date."""
    return bool(_DATE.search(text))


def _unlike_title(text: str) -> tuple[bool, int]:
    dated = bool(_DATE.fullmatch(text) or re.fullmatch(r"[\d\s.:,/-]+", text))
    return dated or not 8 <= len(text) <= TITLE_CHARS, -len(text)


def _from_attributes(anchors: Iterable[Tag]) -> str:
    for anchor in anchors:
        picture = anchor.find("img")
        for tag, name in ((anchor, "title"), (picture, "alt"), (picture, "title"), (anchor, "aria-label")):
            text = characters.line(markup.attribute(tag, name)) if isinstance(tag, Tag) else ""
            if text and not _GENERIC.match(text):
                return text
    return ""


def _date(block: Tag, inside: Sequence[Tag]) -> str:
    time = next((one for one in inside if one.name == "time"), None)
    if time:
        stated = markup.attribute(time, "datetime") or characters.line(time.get_text(" ", strip=True))
        if re.search(r"\d", stated):
            return stated
    marked = _classed(inside, _DATE_CLASS)
    if marked:
        text = characters.line(marked.get_text(" ", strip=True))
        if found := _DATE.search(text):
            return _timed(found, text)
    pieces = (characters.line(piece) for piece in block.stripped_strings)
    return next((_timed(found, piece) for piece in pieces if (found := _own_date(piece))), "")


def _own_date(piece: str) -> re.Match[str] | None:
    """Return the date a piece of text is, or begins or ends with set apart; never one within a sentence.

    "20 декабря 2019 года прошло заседание" tells when the council met, not when that was written.
    """
    found = _DATE.search(piece)
    if found is None:
        return None
    before, after = piece[: found.start()], _TIME.sub("", piece[found.end() :])
    if not re.search(r"[^\W\d_]{2}", before + after):
        return found
    figures = not re.search(r"[^\W\d_]", found[0])
    begins = not before.strip(" [(") and (figures or re.match(r"\s*[\])|/:·–—]", after))
    ends = not after.strip(" ])") and (figures or re.search(r"[\[(|/:·–—]\s*$", before))
    return found if begins or ends else None


def _timed(found: re.Match[str], text: str) -> str:
    time_of_day = _TIME.match(text[found.end() :])
    return found[0] + (time_of_day[0] if time_of_day else "")


def _image(inside: Sequence[Tag], base: str) -> str:
    for picture in (one for one in inside if one.name == "img"):
        for candidate in (_largest(markup.attribute(picture, "data-srcset") or markup.attribute(picture, "srcset")),
                          *(markup.attribute(picture, name) for name in _SOURCES)):  # fmt: skip
            url = markup.link(base, candidate) if candidate and not candidate.startswith("data:") else None
            if url:
                return url
    found = next((found for one in inside if (found := _STYLE_URL.search(markup.attribute(one, "style")))), None)
    return (markup.link(base, found[1]) or "") if found and not found[1].startswith("data:") else ""


def _largest(srcset: str) -> str:
    sized: list[tuple[float, str]] = []
    for part in re.split(r",\s+", srcset.strip()):
        url, _, size = part.strip().partition(" ")
        number = re.match(r"\d+(\.\d+)?", size.strip())
        sized.append((float(number[0]) if number else 0.0, url.rstrip(",")))
    return max(sized, key=lambda pair: pair[0])[1] if sized else ""


def _text(inside: Iterable[Tag], whole: str, title: str, date: str) -> str:
    paragraphs = [characters.line(part.get_text(" ", strip=True)) for part in inside if part.name == "p"]
    telling = [text for text in paragraphs if len(text) > 30 and text != title and not _DATE.fullmatch(text)]
    text = max(telling, key=len, default="") or whole.replace(title, " ", 1).replace(date, " ", 1)
    return characters.line(text)[:TEASER_CHARS].strip(" ,.|—–-·")
