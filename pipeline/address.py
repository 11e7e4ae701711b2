"""Addresses of pages: cleaned for asking, folded for telling whether two are one.

`clean` keeps an address askable; `key` is what identity hangs on. Both keep every
query parameter they do not know, because many sites carry the article's id there
(`?ELEMENT_ID=12`, `?news_id=1923&lang=l2`). Imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that never choose the article.
_TRACKING = re.compile(
    r"^(utm_\w+|at_\w+|mc_[ce]id|_openstat|yclid|ysclid|gclid|gbraid|wbraid|dclid|fbclid|igshid|msclkid|"
    r"_ga|_gl|yadclid|yadordid|from_source|roistat|calltouch_tm|rs?s?_?source|ref_src|share_id)$",
    re.IGNORECASE,
)
# Parameters that choose a view of the article, not another article.
_VIEW = frozenset({"amp", "page", "per-page", "category", "print", "pagen_1"})
_PORTS = {"http": 80, "https": 443}
# What a template error left behind an address: /news/5039/'+item.image+'/
_SCRIPT_TAIL = re.compile(r"""['"<>{}].*$""", re.DOTALL)


def resolve(base: str, href: str) -> str | None:
    """Return href as an absolute, cleaned http(s) address, or None where it is none."""
    try:
        return clean(urljoin(base, href.strip()))
    except ValueError:
        return None


def clean(url: str) -> str:
    """Return url askable and tidy: no fragment, no tracking, lower-case punycode host.

    Raises ValueError where url is no http(s) address.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url!r}")
    host = _host(parts.hostname)
    netloc = host if parts.port in (None, _PORTS[scheme]) else f"{host}:{parts.port}"
    path = quote(
        unquote(_SCRIPT_TAIL.sub("", parts.path), errors="surrogateescape"),
        safe="/:@!$&'()*+,;=~-._",
        errors="surrogateescape",
    )
    return urlunsplit((scheme, netloc, path or "/", _query(parts.query, drop_views=False), ""))


def key(url: str) -> str:
    """Return the identity of an address: scheme, www., end slash, views folded away.

    Raises ValueError like `clean`.
    """
    parts = urlsplit(clean(url))
    netloc = parts.netloc.removeprefix("www.")
    path = re.sub(r"/(index\.(html?|php)|amp)?$", "", parts.path)
    return urlunsplit(("", netloc, path or "/", _query(parts.query, drop_views=True), ""))


def article_id(url: str) -> str:
    """Return the id of the article at url: "a" and 15 hex digits over `key`."""
    return "a" + hashlib.sha256(key(url).encode()).hexdigest()[:15]


def origin(url: str) -> str:
    """Return scheme, host and port of url, the unit robots.txt and credentials belong to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _host(name: str) -> str:
    host = name.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    return ".".join(label.encode("idna").decode() if not label.isascii() else label for label in host.split("."))


def _query(query: str, *, drop_views: bool) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(n, v) for n, v in pairs if not _TRACKING.match(n) and not (drop_views and n.lower() in _VIEW)]
    if len(kept) == len(pairs):
        return query  # untouched: a server may care how it was written
    return urlencode(kept, errors="surrogateescape")
