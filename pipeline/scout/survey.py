"""What a page says of its site and where it points; pure, run in a child that can be killed.

Feeds it names, links called news, the RU/EN switch, where its list goes on. Which of its links are
articles is the collect stage's finder's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline import address, characters
from pipeline.collect import markup, shapes
from pipeline.model import LANGUAGES, FetchedPage
from pipeline.scout import apis, paging
from pipeline.scout.findings import Survey

#: So many links called news are worth a request each.
MAX_NEWS = 6
#: So many addresses of interfaces, too.
MAX_APIS = 3
#: A page with fewer words than this has not been filled yet.
_FEW_WORDS = 60
_SILENT = frozenset({"script", "style", "noscript", "template", "title", "[document]", "head"})
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_PATH = re.compile(
    r"(^|/)(rss|feed|atom)(\.(xml|php|rss))?/?$|\.(rss|atom)$|/(rss|feed|news|index)\.xml$", re.IGNORECASE
)
_NEWS_TEXT = re.compile(
    r"^\W*((все |последние |наши )?новости|лента новостей|события|публикации|статьи|блог|анонсы|пресс-?\s?центр|пресс-?\s?служба|"
    r"пресс-?релизы|сми о нас|медиа|((all|latest|our|recent) )?news(room)?|press(\s?-?\s?(cent(er|re)|releases?|room|service))?|"
    r"media( cent(er|re))?|blog|events|articles|publications|updates)\b",
    re.IGNORECASE,
)
_NEWS_PART = re.compile(
    r"^(news\d?|novosti|press|press-?(center|centre|releases?|room)|press-?centr|blog|posts|media|articles?|stati|events|sobytiya|"
    r"publications|publikatsii|newsroom|events-and-news|allnews)(\.\w+)?$",
    re.IGNORECASE,
)
#: Addresses of a section, which is no article, but a list of news where it is called so.
_SECTION = re.compile(r"[/?&](?:categor(?:y|ies)|kategoriya|cat|rubrics?|rubrik[ai])[/=]", re.IGNORECASE)
_NAMES = {
    "ru": "ru", "rus": "ru", "рус": "ru", "русский": "ru", "russian": "ru", "русская версия": "ru", "по-русски": "ru", "ру": "ru",
    "en": "en", "eng": "en", "english": "en", "англ": "en", "английский": "en", "english version": "en", "in english": "en",
}  # fmt: skip
_SUFFIX = re.compile(r"\s+[|–—·•»/-]\s+|\s*[|:]\s+")


def survey(page: FetchedPage) -> Survey:
    """Read what a page tells of its site; never fails, whatever the page."""
    soup = markup.read(page)
    base = markup.base_of(soup, page)
    pages = paging.find(soup, base, page.url)
    return Survey(
        url=page.url,
        language=_language(soup),
        site_name=_site_name(soup),
        generator=_meta(soup, "generator"),
        feeds=tuple(dict.fromkeys(_feeds(soup, base, page.url))),
        news=tuple(dict.fromkeys(_news(soup, base, page.url)))[:MAX_NEWS],
        switches=_switches(soup, base, page.url),
        next=pages.next,
        second=pages.second,
        pages=pages.count,
        apis=_apis(soup, base, page.url),
        shell=_shell(soup),
    )


def _apis(soup: BeautifulSoup, base: str, own: str) -> tuple[str, ...]:
    """Return addresses of the same site that the page's own scripts ask, as far as they stand there whole."""
    text = "\n".join(tag.get_text() for tag in soup.find_all("script", src=False, limit=50))
    urls = (markup.link(base, each) for each in apis.scripted(text))
    return tuple(dict.fromkeys(url for url in urls if url and _same_site(url, own)))[:MAX_APIS]


def _shell(soup: BeautifulSoup) -> bool:
    if soup.find("script") is None:
        return False
    words = [word for part in soup.find_all(string=True, limit=3000) if part.parent is not None
             and part.parent.name not in _SILENT for word in part.split()]  # fmt: skip
    return len(words) < _FEW_WORDS


def _language(soup: BeautifulSoup) -> str:
    html = soup.find("html")
    stated = markup.attribute(html, "lang") if isinstance(html, Tag) else ""
    code = (stated or _meta(soup, "og:locale")).lower()[:2]
    return code if code in LANGUAGES else ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    return characters.line(markup.attribute(tag, "content")) if isinstance(tag, Tag) else ""


def _site_name(soup: BeautifulSoup) -> str:
    """Return what the site calls itself: og:site_name, else the part of the title that is not the page's heading."""
    stated = _meta(soup, "og:site_name") or _meta(soup, "application-name")
    if stated:
        return stated
    title = characters.line(soup.title.get_text(" ", strip=True)) if soup.title else ""
    heading = soup.find("h1")
    own = characters.line(heading.get_text(" ", strip=True)).casefold() if isinstance(heading, Tag) else ""
    parts = [part for part in _SUFFIX.split(title) if part.strip()]
    others = [part for part in parts if part.casefold() != own and not _NEWS_TEXT.fullmatch(part)]
    named = others or [part for part in parts if not _NEWS_TEXT.fullmatch(part)]
    return max(named, key=len, default="")[:120]


def _feeds(soup: BeautifulSoup, base: str, own: str) -> Iterator[str]:
    for tag in soup.find_all("link", href=True):
        kind = markup.attribute(tag, "type").lower()
        url = markup.link(base, markup.attribute(tag, "href"))
        if url and kind in _FEED_TYPES and "alternate" in markup.attribute(tag, "rel") and "comment" not in url:
            yield url
    for tag in soup.find_all("a", href=True, limit=2000):
        url = markup.link(base, markup.attribute(tag, "href"))
        if url and _same_site(url, own) and _FEED_PATH.search(urlsplit(url).path):
            yield url


def _news(soup: BeautifulSoup, base: str, own: str) -> Iterator[str]:
    """Yield the links whose words or whose address say news; those whose words do first, sections called so last."""
    by_part, sections = list[str](), list[str]()
    for tag in soup.find_all("a", href=True, limit=2000):
        url = markup.link(base, markup.attribute(tag, "href"))
        text = characters.line(tag.get_text(" ", strip=True))
        if url is None or not _same_site(url, own) or address.key(url) == address.key(own) or len(text) > 40:
            continue
        if shapes.is_furniture(url, own):
            if _NEWS_TEXT.match(text) and _SECTION.search(url):
                sections.append(url)
        elif _NEWS_TEXT.match(text):
            yield url
        elif _NEWS_PART.match(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])):
            by_part.append(url)
    yield from by_part
    yield from sections


def _switches(soup: BeautifulSoup, base: str, own: str) -> dict[str, str]:
    """Return where the page's other languages are: hreflang first, then a link called RU, EN or the like."""
    found: dict[str, str] = {}
    for tag in [*soup.find_all("link", hreflang=True), *soup.find_all("a", href=True, limit=2000)]:
        text = characters.line(tag.get_text(" ", strip=True)).casefold().strip(" .|/[]()")
        code = markup.attribute(tag, "hreflang").lower()[:2] or _NAMES.get(text, "")
        if not code and not text:
            code = _NAMES.get(markup.attribute(tag, "title").casefold(), "")
        url = markup.link(base, markup.attribute(tag, "href"))
        if url and code in LANGUAGES and address.key(url) != address.key(own):
            found.setdefault(code, url)
    return found


def _same_site(url: str, own: str) -> bool:
    """Tell whether two addresses are of one site: the same host, or one a part of the other's domain."""
    one, two = ((urlsplit(each).hostname or "").removeprefix("www.") for each in (url, own))
    same = one == two or one.endswith(f".{two}") or two.endswith(f".{one}")
    return same and urlsplit(url).port == urlsplit(own).port
