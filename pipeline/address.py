"""Addresses of pages: cleaned for asking, folded for telling whether two are one.

`clean` keeps an address askable; `key` is what identity hangs on. Both keep every
query parameter they do not know, because many sites carry the article's id there
(`?ELEMENT_ID=12`, `?news_id=1923&lang=l2`). Imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

#: An address is asked for its identity a dozen times on its way through the stages: so many are remembered.
_LATELY = 2_000
# Parameters that never choose the article.
_TRACKING = re.compile(
    r"^(utm_\w+|at_\w+|mc_[ce]id|_openstat|yclid|ysclid|gclid|gbraid|wbraid|dclid|fbclid|igshid|msclkid|"
    r"_ga|_gl|yadclid|yadordid|from_source|roistat|calltouch_tm|rs?s?_?source|ref_src|share_id)$",
    re.IGNORECASE,
)
# Parameters that choose a view of the article, not another article: whatever their value, or as a number.
_VIEW = frozenset({"amp", "print"})
_NUMBERED_VIEW = frozenset({"page", "per-page", "category", "pagen_1"})
# A visitor's number, new on every visit; told from an article's by its length.
_SESSION = re.compile(
    r"^((s|sid|session_?id|oscsid|zenid)=[\w-]{16,}|(phpsessid|jsessionid|aspsessionid\w*)=[\w-]*)$", re.IGNORECASE
)
_SESSION_PATH = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]+")
# A host name with a punycode label: behind :// or @, or standing by itself; not a part of a path.
_LABELS = r"(?:[a-z0-9_-]{1,63}\.){0,8}xn--[a-z0-9-]{1,59}(?:\.[a-z0-9-]{1,63}){0,8}"
_PUNYCODE = re.compile(rf"(?:(?<=://)|(?<=@)|(?<![\w./%-])){_LABELS}", re.IGNORECASE)
# What a template error left behind an address: /news/5039/'+item.image+'/
_SCRIPT_TAIL = re.compile(r"""(['"]\s*\+|["<>{}]).*$""", re.DOTALL)
# The second text of a page that holds two (`of_part`); every other fragment is a place on the page.
_PART = re.compile(r"#(language-[a-z]{2})$")
_PATH_SAFE = ":@!$&()*+,;=~-._"
# A path that is as `_path` would leave it, but for parts that begin with a dot.
_TIDY = re.compile(rf"(?:/[A-Za-z0-9{re.escape(_PATH_SAFE)}]*)*")
_QUERY_SAFE = "/?:@!$&'()*+,;=~-._%[]"
# What `clean` leaves as it is, but for path parts that begin with a dot: most addresses are such, and taking one apart
# costs ten times as much as this look. Without a semicolon: joined to another, an address loses one at its path's end.
_TIDY_PATH = rf"/[/A-Za-z0-9{re.escape(_PATH_SAFE.replace(';', ''))}]*"
_TIDY_QUERY = rf"(?:\?(?P<query>[A-Za-z0-9{re.escape(_QUERY_SAFE.replace(';', ''))}]+))?"
_FROM_ROOT = re.compile(rf"(?!//){_TIDY_PATH}{_TIDY_QUERY}")
#: Ports of four digits and more are no scheme's own.
_CLEAN = re.compile(rf"https?://[a-z0-9._-]*[a-z0-9_-](?::[1-9][0-9]{{3}}|:[1-5][0-9]{{4}})?{_TIDY_PATH}{_TIDY_QUERY}")


def resolve(base: str, href: str) -> str | None:
    """Return href as an absolute, cleaned http(s) address, or None where it is none."""
    href = href.strip()
    try:
        return href if _is_clean(href) else clean(_joined(base, href))
    except ValueError:
        return None


def _joined(base: str, href: str) -> str:
    """Return what `urljoin` does; a path from the root, as most links are, needs nothing of base but its origin."""
    if _FROM_ROOT.fullmatch(href) and "/." not in href:
        parts = urlsplit(base)
        if parts.scheme in _PORTS and parts.netloc:
            return f"{parts.scheme}://{parts.netloc}{href}"
    return urljoin(base, href)


def clean(url: str) -> str:
    """Return url askable and tidy: ASCII, no fragment, no tracking, no user name, lower-case punycode host.

    Raises ValueError where url is no http(s) address.
    """
    url = url.strip()
    if _is_clean(url):
        return url
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url!r}")
    host = _host(parts.hostname)
    netloc = host if parts.port in (None, _PORTS[scheme]) else f"{host}:{parts.port}"
    return urlunsplit((scheme, netloc, _path(parts.path), _query(parts.query), ""))


def _is_clean(url: str) -> bool:
    found = _CLEAN.fullmatch(url)
    if found is None or "/." in url:
        return False
    query = found["query"]
    return query is None or _untracked(query) == query


@lru_cache(maxsize=_LATELY)
def key(url: str) -> str:
    """Return the identity of an address: scheme, www., end slash, views, visits and order of parameters folded away.

    Raises ValueError like `clean`.
    """
    parts = urlsplit(clean(url))
    netloc = parts.netloc.removeprefix("www.")
    path = re.sub(r"/(index\.(html?|php)|amp)$", "", _SESSION_PATH.sub("", parts.path).rstrip("/"))
    part = _PART.search(url.strip())
    return urlunsplit(("", netloc, path or "/", _identity(parts.query, bare=not path), str(part[1]) if part else ""))


def of_part(url: str, language: str) -> str:
    """Return the address of the text in language on a page that holds two, the other at url itself.

    A fragment, so that it still leads to the page; in a form that no site uses.
    """
    return f"{url}#language-{language}"


def is_part(url: str) -> bool:
    """Return whether url was made by `of_part`: not to be asked for, and of a page that has another article."""
    return bool(_PART.search(url))


@lru_cache(maxsize=_LATELY)
def article_id(url: str) -> str:
    """Return the id of the article at url: "a" and 15 hex digits over `key`."""
    return "a" + hashlib.sha256(key(url).encode()).hexdigest()[:15]


def origin(url: str) -> str:
    """Return scheme, host and port of url, the unit robots.txt and credentials belong to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def shown(text: str) -> str:
    """Return an address, or a message with addresses in it, with host names as people write them: пример.рф."""
    return _PUNYCODE.sub(_as_written, text)


def _as_written(found: re.Match[str]) -> str:
    name = found[0]
    try:
        written = name.encode("ascii").decode("idna")
        # A label that does not come back as it was is some trick, and shown as it is.
        return written if written.encode("idna").decode() == name.lower() and written.isprintable() else name
    except UnicodeError:
        return name


def _host(name: str) -> str:
    host = name.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    labels = (label if label.isascii() else label.encode("idna").decode() for label in host.split("."))
    host = ".".join(labels)
    if not _HOST.fullmatch(host):
        raise ValueError(f"not a host name: {name!r}")
    return host


def _path(path: str) -> str:
    """Return a path with every part quoted one way, and without "." and ".." parts (RFC 3986, 5.2.4)."""
    if _TIDY.fullmatch(path) and "/." not in path:
        return path or "/"
    parts = _SCRIPT_TAIL.sub("", path).split("/")
    quoted = [
        quote(unquote(part, errors="surrogateescape"), safe=_PATH_SAFE, errors="surrogateescape") for part in parts[1:]
    ]
    kept: list[str] = []
    for part in quoted:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    end = "/" if quoted[-1:] in (["."], [".."]) and kept else ""
    return "/" + "/".join(kept) + end


def _query(query: str) -> str:
    """Return a query without tracking; the rest as it was written, since a server may care."""
    return quote(_untracked(query), safe=_QUERY_SAFE, errors="surrogateescape")


def _untracked(query: str) -> str:
    kept = [part for part in query.replace("&amp;", "&").split("&") if not _TRACKING.match(part.partition("=")[0])]
    return "&".join(kept)


def _identity(query: str, *, bare: bool) -> str:
    """Return what of a query tells one article from another, written one way; bare: nothing else in the address does."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(n, v) for n, v in pairs if n.lower() not in _VIEW and not _SESSION.match(f"{n}={v}")]
    if not bare:
        kept = [(n, v) for n, v in kept if not (n.lower() in _NUMBERED_VIEW and v.isdigit())]
    return urlencode(sorted(kept, key=lambda pair: pair[0]), errors="surrogateescape")
