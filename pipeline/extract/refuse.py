"""Pages that are no article, told by status, type, address and title: certain signs only.

Better an odd page for the desk than a lost article. What is not here: pages told by what they say
and how they are built (disguise.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline import address
from pipeline.model import FetchedPage, Source

_NOT_FOUND = re.compile(
    r"\W*(?:error\W*|ошибка\W*)?(?:404|403|500|502|503)?\W*(?:(?:error|ошибка)\b\W*)?(?:"
    r"(?:the |this )?(?:requested )?page (?:was |is |could |can)?\s?(?:not|n't|no longer) (?:be )?(?:found|available|exists?)|not found|"
    r"(?:запрашиваемая |запрошенная |данная )?страница(?: сайта)? (?:не найдена|не существует|удалена)|"
    r"(?:такой )?страниц[аы] (?:не существует|нет)|(?:файл|документ|материал|элемент|раздел) не найден[а-я]*|ничего не найдено|"
    r"access (?:denied|to this page)|forbidden|доступ (?:запрещ|ограничен|закрыт)|just a moment|attention required|"
    r"checking your browser|ddos-guard|проверка браузера|are you (?:a )?(?:robot|human)|(?:подтвердите, что )?вы не робот|captcha|"
    r"bad gateway|service (?:temporarily )?unavailable|сайт (?:временно )?недоступен|технические работы|"
    r"site (?:is )?under (?:construction|maintenance)|internal server error|"
    r"(?:(?:log|sign) ?in|login|вход(?: на сайт| в систему)?|авторизация|войти)\s*(?:$|[|–—-]))",
    re.IGNORECASE,
)
# What a broken site prints in place of its page, at the very beginning and with nothing around it.
_BROKEN = re.compile(
    r"\W*(?:php\s+)?(?:(?:fatal|parse) error:|uncaught \w|warning: +(?:mysqli?|pg|include|require|pdo)[_:( ]|sqlstate\[|"
    r"error establishing a database connection|traceback \(most recent call last\)|(?:mysql|db|database)(?: query)? error\b|"
    r"too many connections\b|ошибка (?:подключения|соединения|при подключении|при соединении) (?:к|с) баз)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\W*(?:(?:error|ошибка|http)\W*)?(?:404|403|410|500|502|503)\W*(?:$|[-–—|:])", re.IGNORECASE)
_HOME = re.compile(r"/?(?:(?:ru|rus|en|eng)/?)?(?:index\.\w{2,5}|default\.aspx?)?", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"/(?:404|403|(?:page-?)?not-?found|error(?:-?(?:404|403|500))?|log-?in|sign-?in|auth(?:orize|orization)?|wp-login|consent|captcha)"
    r"(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
#: A page with more text than this tells a story, whatever its title.
_STORY = 700
_TITLE = 70
_OTHER_TYPES = re.compile(
    r"(?:application/(?:pdf|json|zip|msword|octet-stream|vnd|rss|atom)|image/|audio/|video/|text/(?:css|javascript|csv))"
)
_OTHER_STARTS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x1f\x8b",
)
#: Of a page's bytes that no text has: C0 controls but for white space and the escape of ISO-2022.
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])
_MOST_CONTROLS = 0.01


def before_parsing(page: FetchedPage, source: Source) -> str:
    """Return why the answer cannot hold an article, or ""."""
    if page.status >= 400:
        return f"status {page.status}"
    kind = page.headers.get("content-type", "").lower().strip()
    if _OTHER_TYPES.match(kind):
        return f"content type {kind.split(';')[0]}"
    return _by_start(page.body) or _by_address(page.url, source) or _by_redirect(page)


def undecipherable(html: bytes) -> str:
    """Return why decoded bytes are no page at all, as of a server that sends something else while it fails, or ""."""
    controls = len(html) - len(html.translate(None, _CONTROLS))
    return "not HTML: bytes that are no text" if controls > _MOST_CONTROLS * len(html) else ""


def _by_start(body: bytes) -> str:
    start = body[:512].lstrip()
    if start.startswith(_OTHER_STARTS):
        return "not HTML: a document or picture"
    if start[:1] in (b"{", b"[") and b"<" not in body[:2000]:
        return "not HTML: JSON"
    if re.match(rb"(?:<\?xml[^>]*>\s*)?<(?:rss|feed|urlset|sitemapindex)\b", start):
        return "not HTML: a feed or sitemap"
    return ""


def _by_address(url: str, source: Source) -> str:
    try:
        own = address.key(url)
        if own in {address.key(listing.url) for listing in source.listings}:
            return "a listing, not an article"
    except ValueError:
        return "address is no http(s) address"
    return ""


def _by_redirect(page: FetchedPage) -> str:
    """Return why the page that was reached instead of the one asked for is no article, or ""."""
    asked, reached = urlsplit(page.asked), urlsplit(page.url)
    if asked.path == reached.path:
        return ""
    if _HOME.fullmatch(reached.path) and not reached.query and not _HOME.fullmatch(asked.path):
        return "leads to the home page"
    if _ELSEWHERE.search(reached.path) and not _ELSEWHERE.search(asked.path):
        return f"leads to {reached.path[:_TITLE]}"
    return ""


def by_title(titles: Sequence[str], text: str, *, missing: bool = False) -> str:
    """Return why a page with these titles and this text is no article, or ""; missing: it says so below its title."""
    if missing:
        for title in titles:
            bare = title.rstrip(" .!…")
            if _NOT_FOUND.fullmatch(bare) or _CODE.fullmatch(bare):
                return f"says “{title}”"
    if len(text) >= _STORY:
        return ""
    if _BROKEN.match(text):
        return f"a broken site's message: “{text[:_TITLE]}”"
    for title in titles:
        if len(title) <= _TITLE and (_NOT_FOUND.match(title) or _CODE.match(title)):
            return f"says “{title}”"
    return ""
