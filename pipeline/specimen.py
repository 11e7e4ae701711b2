"""A page as it was fetched, made harmless to look at: its words in their order, and nothing that acts or asks.

What is left is structure and text: no script, style, form, frame, address or picture of the page's own; of a picture its
alternative text stays. `POLICY` says the same to the browser once more, so that one mistake in either is not enough.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

import nh3

from pipeline import charset
from pipeline.characters import legal
from pipeline.record import dataclass

#: Characters of a page that are shown.
MOST = 2_000_000
#: Elements that are left.
TAGS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd",
    "del", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "i", "img", "ins", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "section", "small", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul",
})  # fmt: skip
# What holds no words of the page.
_SILENT = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "title", "textarea", "select",
    "option", "button", "audio", "video", "canvas",
})  # fmt: skip
_ATTRIBUTES = {
    "img": {"alt"}, "time": {"datetime"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "bdo": {"dir"},
    "p": {"lang"}, "div": {"lang"}, "section": {"lang"}, "article": {"lang"}, "span": {"lang"},
}  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags=set(TAGS), clean_content_tags=set(_SILENT), attributes=_ATTRIBUTES, link_rel=None, strip_comments=True,
    url_schemes=set(), url_relative="deny",
)  # fmt: skip
_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:1rem;overflow-wrap:anywhere}"
    "img{border:1px dashed;padding:0 .3em;opacity:.7}a{text-decoration:underline dotted}pre{white-space:pre-wrap}"
    "table{border-collapse:collapse}td,th{border:1px solid #8886;padding:.2em .5em;vertical-align:top}"
)
_OURS = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
#: Content-Security-Policy of the document: nothing is loaded, run, sent or opened; only our own desk may frame it.
POLICY = (
    f"sandbox; default-src 'none'; style-src 'sha256-{_OURS}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page to look at."""

    html: str  #: a whole document
    cut: bool  #: whether the page goes on


def readable(body: bytes, content_type: str, title: str) -> Specimen:
    """Return a page as a document of our own; what is no HTML as its text.

    To be called in a child that can be killed: a page can be made so that cleaning it takes minutes.
    """
    text = source(body, content_type)
    is_html = "html" in content_type.lower() if content_type else text.lstrip().startswith("<")
    return _document(_CLEANER.clean(text[:MOST]), title, text) if is_html else plain(body, content_type, title)


def plain(body: bytes, content_type: str, title: str) -> Specimen:
    """Return a page's source as a document of our own."""
    text = source(body, content_type)
    return _document(f"<pre>{escape(text[:MOST])}</pre>", title, text)


def _document(inner: str, title: str, text: str) -> Specimen:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return Specimen(f"<!doctype html>\n<html><head>{head}</head><body>\n{inner}\n</body></html>\n", len(text) > MOST)


def source(body: bytes, content_type: str) -> str:
    """Return a page's own source, as text to be read and not to be run."""
    return legal(charset.decode(body, content_type, repair=False))
