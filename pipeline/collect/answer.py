"""What an HTTP answer means to us: page, nothing new, elsewhere, or a failure with a kind; pure."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

import httpx

from pipeline.collect import challenge, hosts, robots
from pipeline.collect.robots import RobotsFile
from pipeline.errors import FetchError
from pipeline.model import Fetch, FetchedPage, Validators
from pipeline.record import dataclass

#: Headers later stages read; nothing else of an answer's head is kept.
KEPT = (
    "content-type", "etag", "last-modified", "content-language", "x-robots-tag", "tdm-reservation",
    "link", "content-encoding", "cache-control", "retry-after",
)  # fmt: skip
_KEPT_CHARS = 2_000
#: A page with more links than this is neither an article nor a listing, and costs its reader dearly.
MAX_ANCHORS = 10_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTML = frozenset({"text/html", "application/xhtml+xml"})
# Types servers give when they do not know; the bytes are looked at instead.
_VAGUE = frozenset({"", "text/plain", "application/octet-stream", "text/xml", "application/xml", "unknown/unknown"})
# A listing may be HTML, a feed, a sitemap or JSON, gzipped or not, but none of these.
_NO_LISTING = re.compile(
    r"^(image|audio|video|font)/|^application/(pdf|zip|msword|vnd\.(ms-|openxmlformats)|x-(rar|7z)|javascript)|^text/(css|javascript)"
)
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"Rar!",
    b"RIFF",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
)
_HTML_START = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which request an answer belongs to."""

    source: str
    asked: str
    url: str  #: reached
    role: str
    validators: Validators


def judge(seen: Seen, response: httpx.Response, body: bytes, now: datetime) -> Fetch:
    """Return the good end an answer is; raises FetchError where it is none."""
    if response.status_code == 304 and condition(seen.validators):
        return Fetch(seen.source, seen.asked, "not-modified", now)
    _refuse_challenge(seen, response, body, now)
    _refuse_status(seen, response, now)
    if worth_reading(response, seen.role) and (not body or body.isspace()):
        raise FetchError("empty", seen.url, "the answer has no body")
    problem = _not_html(response, body, seen.role)
    if problem:
        raise FetchError("not-html", seen.url, problem)
    if seen.role != "robots" and _crowded(body):
        raise FetchError("too-large", seen.url, f"more than {MAX_ANCHORS} links")
    digest = hashlib.sha256(body).hexdigest()
    page = FetchedPage(seen.source, seen.asked, seen.url, response.status_code, _kept(response), body, now, digest)
    kind = "same-digest" if digest == seen.validators.digest else "ok"
    return Fetch(seen.source, seen.asked, kind, now, size=len(body), page=page)


def redirect(response: httpx.Response, url: str) -> str | None:
    """Return where an answer sends us, or None; raises FetchError where that is nowhere."""
    target = response.headers.get("location")
    if response.status_code not in _REDIRECTS or target is None:
        return None
    try:
        absolute = urldefrag(urljoin(without_userinfo(url), target.strip())).url
        refuse_scheme(absolute)
        return without_userinfo(absolute)
    except ValueError as error:
        raise FetchError("redirects", url, f"redirected to no address: {target[:200]!r}") from error
    except FetchError as error:
        kind = "blocked-address" if error.kind == "blocked-address" else "redirects"
        raise FetchError(kind, url, f"redirected to {target[:200]!r}: {error.detail}") from error


def refuse_scheme(url: str) -> None:
    """Raise FetchError where url is no http(s) address: "blocked-address", or "protocol" where it is none at all."""
    try:
        parts = urlsplit(url)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise FetchError("protocol", url, f"not an address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise FetchError("blocked-address", url, f"{parts.scheme or 'no scheme'}: only http and https are fetched")
    if not complete:
        raise FetchError("protocol", url, "an address without a host, or with port 0")


def worth_reading(response: httpx.Response, role: str) -> bool:
    """Tell whether the body can matter: not of a failure, not of a film."""
    return 200 <= response.status_code < 300 and (role == "robots" or _plausible(_media_type(response), role))


def worth_a_glance(response: httpx.Response, role: str) -> bool:
    """Tell whether the body of a failure can matter: a wall put up against programs is told from a plain refusal."""
    return response.status_code >= 400 and role != "robots" and _media_type(response) in _HTML


def is_html(page: FetchedPage) -> bool:
    """Tell whether a page is HTML, by its content-type or, where that is vague, by its first bytes."""
    media_type = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type in _HTML or (media_type in _VAGUE and bool(_HTML_START.search(page.body[:2048])))


def robots_file(asked: Fetch) -> RobotsFile:
    """Return what the answer to a request for robots.txt amounts to (RFC 9309 §2.3.1)."""
    if asked.page:
        return RobotsFile(robots.decode(asked.page.body), asked.page.status, asked.at)
    if asked.kind.startswith("status-"):
        return RobotsFile("", int(asked.kind.removeprefix("status-")), asked.at)
    if asked.kind == "empty":
        return RobotsFile("", 200, asked.at)
    # §2.3.1.2: a file that redirects without end counts as unavailable, which is "no file".
    return RobotsFile("", 404 if asked.kind == "redirects" else 0, asked.at)


def condition(validators: Validators) -> dict[str, str]:
    """Return the headers of a conditional request, none where nothing is known."""
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in named.items() if value and value.isascii() and value.isprintable()}


def credentials(url: str) -> dict[str, str]:
    """Return the header for the user name and password in url, none where it has none."""
    parts = urlsplit(url)
    if not parts.username and not parts.password:
        return {}
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def without_userinfo(url: str) -> str:
    """Return url without a user name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _refuse_challenge(seen: Seen, response: httpx.Response, body: bytes, now: datetime) -> None:
    who = "" if seen.role == "robots" else challenge.maker(response.status_code, response.headers, body)
    if who:
        said = f"{who} wants to see a browser or a person (answered {response.status_code})"
        raise FetchError("challenge", seen.url, said, retry_after=_wait(response, now))


def _wait(response: httpx.Response, now: datetime) -> float | None:
    return hosts.retry_after(response.headers.get("retry-after", ""), response.headers.get("date", ""), now)


def _refuse_status(seen: Seen, response: httpx.Response, now: datetime) -> None:
    status = response.status_code
    if status in (204, 205):
        raise FetchError("empty", seen.url, f"answered {status}: no content")
    if 200 <= status < 300 and status != 206:  # nobody asked for a part
        return
    wait = _wait(response, now)
    said = "".join(c for c in response.reason_phrase if c.isprintable())[:100]
    raise FetchError(f"status-{status}", seen.url, f"answered {status} {said}".strip(), retry_after=wait)


def _plausible(media_type: str, role: str) -> bool:
    if role == "part":  # of a page that a browser shows: scripts and what they ask for
        return True
    if role == "article":
        return media_type in _HTML or media_type in _VAGUE
    return not _NO_LISTING.match(media_type)


def _not_html(response: httpx.Response, body: bytes, role: str) -> str:
    if role == "robots":
        return ""
    media_type = _media_type(response)
    length = str(response.headers.get("content-length", ""))
    if not _plausible(media_type, role):
        return f"content-type {media_type}" + (f", {int(length)} bytes" if re.fullmatch("[0-9]{1,12}", length) else "")
    start = body[:2048].lstrip()
    if role == "article":
        if start.startswith(_BINARY):
            return f"content-type {media_type or 'missing'}, but the bytes are those of a file"
        if media_type in _VAGUE and not _HTML_START.search(start):
            return f"content-type {media_type or 'missing'}, and no HTML in the first bytes"
    return ""


def _crowded(body: bytes) -> bool:
    """Tell whether there are too many links; most pages have fewer tags, and tags are counted sooner."""
    return body.count(b"<") > MAX_ANCHORS and body.count(b"<a ") + body.count(b"<A ") > MAX_ANCHORS


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _kept(response: httpx.Response) -> dict[str, str]:
    return {name: response.headers[name][:_KEPT_CHARS] for name in KEPT if name in response.headers}
