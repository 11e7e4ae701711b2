"""The public preview of a Telegram channel, t.me/s/CHANNEL → one link for each message; pure.

A message's own page shows its text only in the form that sites embed, so that is the address
it gets (t.me/CHANNEL/7?embed=1&mode=tme), and the first words of its text are its title. Older messages
stand behind `rel=prev` of the preview. Which forwarded message is whose news is not told here.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline import address, characters
from pipeline.collect import markup
from pipeline.collect.reading import MAX_LINKS, TEASER_CHARS, Reading
from pipeline.model import FetchedPage, Link, Listing

TITLE_CHARS = 120
_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
_POST = re.compile(r"[A-Za-z0-9_]{3,64}/\d{1,10}")
_SENTENCE = re.compile(r"(?<=[.!?…])\s")
_BACKGROUND = re.compile(r"url\(\s*['\"]?([^'\")]+)")


def is_preview(url: str) -> bool:
    """Tell whether an address is the preview of a channel."""
    parts = urlsplit(url)
    return parts.hostname in _HOSTS and parts.path.startswith("/s/")


def read_preview(page: FetchedPage, listing: Listing) -> Reading:
    """Read a preview's messages that have text, newest first."""
    soup = markup.read(page, listing.encoding)
    links: dict[str, Link] = {}
    for message in reversed(soup.select("[data-post]", limit=MAX_LINKS)):
        link = _link(message, page.url, listing, len(links))
        if link is not None:
            links.setdefault(address.key(link.url), link)
    return Reading(tuple(links.values()), next=_older(soup, page.url))


def _link(message: Tag, base: str, listing: Listing, place: int) -> Link | None:
    post, body = (
        markup.attribute(message, "data-post"),
        message.select_one(".js-message_text, .tgme_widget_message_text"),
    )
    if not _POST.fullmatch(post) or body is None:
        return None
    text = characters.line(body.get_text(" ", strip=True))
    url = address.resolve(base, f"/{post}?embed=1&mode=tme")
    if not text or url is None:
        return None
    date = message.select_one("time[datetime]")
    photo = _BACKGROUND.search(markup.attribute(message.select_one("[style*='background-image']") or message, "style"))
    return Link(
        url=url,
        title=_title(body),
        date_text=markup.attribute(date, "datetime") if date else "",
        image=markup.link(base, photo[1]) or "" if photo else "",
        teaser=text[:TEASER_CHARS],
        language=listing.language,
        place=place,
        listing=listing.url,
    )


def _title(body: Tag) -> str:
    """Return a message's first line, or of a long one its first sentence, cut between words."""
    lines = (characters.line(line) for line in body.get_text("\n").splitlines())
    first = next((line for line in lines if any(sign.isalpha() for sign in line)), "")
    sentence = _SENTENCE.split(first)[0] if len(first) > TITLE_CHARS else first
    if len(sentence) <= TITLE_CHARS:
        return sentence
    return sentence[:TITLE_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + "…"


def _older(soup: BeautifulSoup, base: str) -> str | None:
    tag = soup.select_one("link[rel=prev][href], a.tme_messages_more[data-before][href]")
    return markup.link(base, markup.attribute(tag, "href")) if tag else None
