"""The last door: what may leave the program as text, as an address, as HTML.

Everything a source wrote passes here, whatever was done to it before. HTML goes
through nh3's allow-list; nothing is added here, and rights are not here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import nh3

from pipeline import characters
from pipeline.publish import nesting

# What XML 1.0 forbids, the C1 block, U+FFFD and Unicode's noncharacters: the last three are legal but every
# validator warns of them, and they only ever arise from a broken encoding.
_PLANES = "".join(f"{chr(plane * 0x10000)}-{chr(plane * 0x10000 + 0xFFFD)}" for plane in range(1, 17))
_UNFIT = re.compile(f"[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc{_PLANES}]")
# RFC 3986 unreserved and reserved characters, without the brackets that only hosts may have.
_SAFE = "/;?:@&=+$,-_.!~*'()%"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_OCTET = re.compile("%([0-9A-Fa-f]{2})")
#: An address that is as it should be, as most are, and is seen to be ten times as fast as taken apart.
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::(?:[1-5][0-9]{4}|[1-9][0-9]{0,3}))?"
    r"/(?:[A-Za-z0-9/:@&=+$,\-_.!~*'()]|%[0-9A-Fa-f]{2})*(?:\?(?:[A-Za-z0-9/:@&=+$,\-_.!~*'()]|%[0-9A-Fa-f]{2})+)?"
)
#: So many pieces of HTML are remembered as they came out: an article stands in feeds, an archive document and its day's data.
_RECENT = 256
_SIZE = re.compile(r"[1-9]\d{0,4}")
_IMAGE_WITHOUT_ADDRESS = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")*>')

_TAGS = frozenset({
    "p", "div", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "strong", "em", "b", "i", "br",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
})  # fmt: skip
_PICTURES = frozenset({"img", "figure", "figcaption"})
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "section": {"lang"},
}
# Elements whose content is no prose either.
_SILENT = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "title",
    "textarea", "select", "option", "button", "form",
})  # fmt: skip


def text(value: str) -> str:
    """Return value as one line of plain text fit for any document."""
    return characters.line(_fit(value.replace("\x85", " ")))


@lru_cache(maxsize=4096)
def web_address(url: str) -> str | None:
    """Return url as an absolute http(s) address of ASCII characters, or None where it is none.

    Addresses that carry a user name are none: they pass for another site's.
    """
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:  # a port or host that cannot be one
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    netloc = host if port is None else f"{host}:{port}"
    rest = (_ascii(part) for part in (parts.path or "/", parts.query, parts.fragment))
    return urlunsplit((parts.scheme.lower(), netloc, *rest))


def canonical(address: str) -> str:
    """Return a web address as RFC 3986 (6.2.2, 6.2.3) would have it, so that equal ones are equal as text."""
    parts = urlsplit(address)
    netloc = parts.netloc.lower().removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, "\0"))
    path, query, fragment = map(_quoted, (_without_dots(parts.path or "/"), parts.query, parts.fragment))
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))


@lru_cache(maxsize=_RECENT)
def fragment(html: str, *, images: bool) -> str:
    """Return a source's HTML as the allow-list leaves it, with its pictures or without them."""
    cleaned = (_WITH_PICTURES if images else _WITHOUT_PICTURES).clean(_fit(html))
    return nesting.settled(_IMAGE_WITHOUT_ADDRESS.sub("", cleaned))


@lru_cache(maxsize=_RECENT)
def document(html: str) -> str:
    """Return the HTML of a whole entry, put together from fragments, cleaned once more as the last step."""
    # Not characters.legal: NFC would fuse a tag's ">" with a combining stroke after it and so make new markup.
    return _fit(_WHOLE.clean(_fit(html)))


def _fit(value: str) -> str:
    """Return value without what no document may have."""
    if value.replace("\n", "").isprintable() and "\ufffd" not in value:  # as nearly all is, and four times as soon told
        return value
    return _UNFIT.sub("", value)


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    labels = name.rstrip(".").lower().split(".")
    host = ".".join(label if label.isascii() else label.encode("idna").decode() for label in labels)
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", host):
        raise ValueError(f"not a host: {name!r}")
    return host


def _ascii(part: str) -> str:
    return _STRAY_PERCENT.sub("%25", quote(_fit(part), safe=_SAFE, errors="replace"))


def _without_dots(path: str) -> str:
    """Return a path without its . and .. segments."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1] if len(steps) > 1 else steps
        elif step != ".":
            steps.append(step)
    return "/".join(steps) + ("/" if path.endswith(("/.", "/..")) else "")


def _quoted(part: str) -> str:
    """Write percent-encoding in upper case, and only where it is needed."""
    return _OCTET.sub(lambda found: _plain_octet(found[1]), part)


def _plain_octet(digits: str) -> str:
    letter = chr(int(digits, 16))
    return letter if letter.isascii() and (letter.isalnum() or letter in "-._~") else f"%{digits.upper()}"


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name in ("href", "src"):
        return web_address(value)
    if name in ("width", "height", "colspan", "rowspan", "start"):
        most = 1000 if name.endswith("span") else 99_999  # HTML knows no wider cell
        return value if _SIZE.fullmatch(value) and int(value) <= most else None
    return _fit(value)


def _cleaner(tags: frozenset[str], silent: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(silent),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="noopener noreferrer",
    )


_WITH_PICTURES = _cleaner(_TAGS | _PICTURES, _SILENT)
_WITHOUT_PICTURES = _cleaner(_TAGS, _SILENT | {"figure", "figcaption"})
_WHOLE = _cleaner(_TAGS | _PICTURES | {"section"}, _SILENT)
