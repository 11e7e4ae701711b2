"""How much of an article may leave the program, and that much of it.

The source's `rights` in sources.yaml, narrowed by what the page itself asks for
(noarchive, nosnippet, max-snippet, tdm-reservation). Never widened here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from pipeline.model import Article, Attachment, Image, Rights
from pipeline.publish import clean
from pipeline.record import dataclass

#: What a summary holds at most, whatever the rights allow.
SUMMARY_CHARS = 300
# A long word of the two languages: turns a limit in characters into one in words, so that
# 300 characters of short words do not become a quotation of forty.
_CHARS_A_WORD = 8
#: So many beginnings of texts are remembered: an article stands in feeds, an archive document and its day's data.
_RECENT = 256
_SENTENCE_END = re.compile(r"[.!?…]+[\"»”’')\]]*")
# What ends in a full stop without ending a sentence: abbreviations, and initials (А. С. Пушкин).
_NO_END = re.compile(
    r"(?:^|[\s(«\"“])(?:[^\W\d_]|им|ул|пр|пл|наб|руб|коп|тыс|млн|млрд|стр|корп|см|др|гг|вв|"
    r"St|Mr|Mrs|Ms|Dr|Prof|No|vs|Inc|Ltd|Co|Corp|etc|approx|e\.g|i\.e|т\.\s?[едкпч])\.$"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be shown of one article."""

    publish: str  #: link | excerpt | full
    chars: int  #: of an excerpt
    images: bool


def bounds(article: Article, rights: Rights) -> Bounds:
    """Return what rights and the page's own wishes leave of an article."""
    publish, chars = rights.publish, max(0, rights.excerpt_chars)
    for wish in article.robots:
        name, _, value = wish.partition(":")
        if name in ("noarchive", "tdm-reservation") and value != "0":
            publish = _narrower(publish, "excerpt")
        elif name == "nosnippet":
            publish = "link"
        elif name == "max-snippet" and value.strip().isdigit():  # -1 is no limit
            publish, chars = _narrower(publish, "excerpt"), min(chars, int(value))
    if publish == "excerpt" and not chars:
        publish = "link"
    return Bounds(publish, chars, rights.images == "link")


def of_translation(allowed: Bounds, rights: Rights) -> Bounds:
    """Return what may be shown of a machine translation: never more than of the original."""
    if rights.translate in ("none", "titles"):
        return replace(allowed, publish="link")
    return replace(allowed, publish=_narrower(allowed.publish, rights.translate))


def summary(article: Article, allowed: Bounds) -> str:
    """Return the plain text that stands for the article in a list; "" where only a link may stand."""
    if allowed.publish == "link":
        return ""
    return excerpt(article.text, SUMMARY_CHARS if allowed.publish == "full" else min(SUMMARY_CHARS, allowed.chars))


def lead_of(article: Article) -> str:
    """Return the beginning of an article that would be its summary if nothing bounded it."""
    return excerpt(article.text, SUMMARY_CHARS)


def shows_summary(article: Article, rights: Rights) -> bool:
    """Tell whether more than the title of an article may be shown."""
    return bounds(article, rights).publish != "link"


@lru_cache(maxsize=_RECENT)
def excerpt(text: str, chars: int) -> str:
    """Return the beginning of text in at most `chars` characters, up to the end of a sentence.

    Where not even the first sentence fits, it is cut between words and ends in an ellipsis.
    """
    whole = _beginning(text, chars)
    words = max(1, chars // _CHARS_A_WORD)
    room = _room(whole, chars, words)
    if room == len(whole):
        return whole
    for end in reversed([found.end() for found in _SENTENCE_END.finditer(whole, 0, room)]):
        sentence = whole[:end]
        if whole[end : end + 1].isspace() and not _NO_END.search(sentence.rstrip("\"»”’')]")):
            return sentence
    return _cut(whole, _room(whole, chars - 1, words)) + "…" if chars > 1 else ""


def _beginning(text: str, chars: int) -> str:
    """Return text as one line: all of it, or its first lines where these are more than `chars` characters."""
    parts: list[str] = []
    size = -1  # no space before the first
    for line in text.splitlines():
        if part := clean.text(line):
            parts.append(part)
            size += 1 + len(part)
            if size > chars:
                break
    return " ".join(parts)


def images(article: Article, allowed: Bounds) -> tuple[Image, ...]:
    """Return the article's pictures that may be linked to, with askable addresses."""
    if not allowed.images:
        return ()
    found = [(clean.web_address(image.url), image) for image in article.images]
    return tuple(
        Image(url, clean.text(image.alt), image.width, image.height, image.type) for url, image in found if url
    )


def attachments(article: Article, allowed: Bounds) -> tuple[Attachment, ...]:
    """Return the documents an article hands out, as links; none where only the article's own link may stand."""
    if allowed.publish == "link":
        return ()
    found = [(clean.web_address(one.url), one) for one in article.attachments]
    return tuple(Attachment(url, clean.text(one.title), one.type, one.size) for url, one in found if url)


def _narrower(publish: str, limit: str) -> str:
    order = ("link", "excerpt", "full")
    return min(publish, limit, key=order.index)


def _room(text: str, chars: int, words: int) -> int:
    """Return how many characters of text stay within both limits."""
    for count, word in enumerate(re.finditer(r"\S+", text), start=1):
        if word.end() > chars:
            return chars
        if count == words:
            return word.end()
    return len(text)


def _cut(text: str, room: int) -> str:
    """Return the whole words of text that fit, or a part of the first where even that does not."""
    fits = text[:room]
    if room < len(text) and not text[room].isspace() and len(fits.split()) > 1:
        fits = fits.rsplit(None, 1)[0]
    return fits.rstrip(' ,;:–—-(«"')
