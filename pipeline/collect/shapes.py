"""What an address alone tells: its shape, whether it looks like an article's, whether it is furniture; pure.

A shape is an address with its variable parts folded: digits to "#", the last part of the path to
"*". Two addresses of one shape were written by one template of the site. A family folds
the sections as well: /strategy/*.html and /brokers/*.html are both of /w/*.html.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.record import dataclass


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


# Parts of a path under which no articles stand, whatever follows.
_FURNITURE_PARTS = vocabulary(
    "tag tags teg tegi label labels category categories kategoriya cat rubric rubrics rubrika rubriki author authors avtor "
    "user users profile profiles member members login logout signin signup register registration auth account "
    "search poisk feed rss atom cart basket wp-admin wp-login.php wp-content wp-json comments attachment attachments "
    "page cgi-bin share print sitemap bitrix captcha"
)
# Pages every site has and no reader calls news.
_UTILITY = vocabulary(
    "about about-us o-nas o-kompanii o-proekte contact contacts contact-us kontakty feedback privacy policy "
    "privacy-policy terms legal help faq sitemap site-map karta-sajta advertising advertise reklama vacancies jobs "
    "subscribe subscription newsletter archive arhiv partners partnery team history login register search home main "
    "index cookies disclaimer support services uslugi products catalog katalog price prices gallery calendar "
    "news novosti press events"
)
# Sections whose pages have next to no text.
_PICTURES = vocabulary("video videos photo photos foto gallery galleries fotogalereya audio podcast podcasts live")
_FILE = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|rtf|odt|zip|rar|7z|gz|exe|apk|jpe?g|png|gif|webp|svg|ico|mp3|mp4|avi|mov|flv|wmv|swf|xml|rss|css|js|ics|vcf)$",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"^(?P<stem>.*)\.(?P<ext>php\d?|aspx?|jsp|do|cgi|pl|cfm)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(s?html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_PAGE_PART = re.compile(r"^(page|str|p)[-_]?\d+(\.\w+)?$", re.IGNORECASE)
_PAGE_PARAMETER = re.compile(
    r"^(page|paged|pagen_\d+|pagenum|pageno|pg|start|limitstart|offset|from|showall_\d+|sort|order|orderby|view|filter|set_filter)$",
    re.IGNORECASE,
)
_TAG_PARAMETER = re.compile(
    r"tags?\]?$|^(cat|category|rubric|author|q|s|search|query|replytocom|share)$", re.IGNORECASE
)
_DATE_PATH = re.compile(
    r"/(19|20)\d\d[/-](0?[1-9]|1[0-2])([/-](0?[1-9]|[12]\d|3[01]))?(/|-|$)|/\d\d[_.-]\d\d[_.-](19|20)\d\d"
)
_INDEX = re.compile(r"^(index|default)\.\w+$", re.IGNORECASE)
#: Five digits at either end count articles, or days; fewer may be a year, within they may be a model.
_ID = re.compile(r"^\d{5,}|\d{5,}$")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Shape:
    """Three folds of one address, each wider than the last but one."""

    exact: str
    family: str  #: sections folded where the last part is telling
    parent: str  #: the folder, or the script


def shape(url: str) -> Shape:
    """Return the shape and the family of an address."""
    parts = urlsplit(url)
    path = [part for part in unquote(parts.path).split("/") if part]
    numbers = sorted(
        name for name, value in parse_qsl(parts.query) if value.isdigit() and not _PAGE_PARAMETER.match(name)
    )
    tail = path.pop() if path and _INDEX.match(path[-1]) and not numbers else ""
    script = bool(path) and bool(_SCRIPT.match(path[-1]))
    sections = [_section(part) for part in path[:-1]]
    last = _last(path[-1]) if path else ""
    if numbers and (script or (last == "*" and slug_words(url) < 3)):
        last = f"{_digits(path[-1])}?" + "&".join(numbers)  # the id is in the query, the path is a section or a script
    elif numbers and not path:
        last = "?" + "&".join(numbers)
    ending = "".join(f"/{part}" for part in (last, tail) if part)
    telling = ending != "/*" or any(part[:1] in "#*" or "N" in part for part in sections)
    folded = _folded(sections) if telling else _folded(sections[1:], sections[:1])
    folder = "".join(f"/{part}" for part in sections)
    return Shape(folder + ending, folded + ending, folder + (f"/{last.partition('?')[0]}" if script else ""))


def is_furniture(url: str, listing: str = "") -> bool:
    """Tell whether an address is a page of navigation (tag, category, paging, search, login) or a file.

    Parts of the path that the listing's own address has do not count against a link.
    """
    parts, own = urlsplit(url), urlsplit(listing)
    if _FILE.search(parts.path):
        return True
    path = [part.lower() for part in unquote(parts.path).split("/") if part]
    theirs = {part.lower() for part in unquote(own.path).split("/")}
    if any(part in _FURNITURE_PARTS and part not in theirs for part in path):
        return True
    if path and path[0] in _PICTURES and path[0] not in theirs:
        return True
    if path and _PAGE_PART.match(path[-1]) and (not listing or _under(parts.path, own.path)):
        return True
    return slug_words(url) < 3 and not (path and re.search(r"\d{2}", path[-1])) and _chooses_view(parts.query)


def _chooses_view(query: str) -> bool:
    """Tell whether a query picks a page, an order or a tag, and no article beside it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    views = [name for name, _ in pairs if _PAGE_PARAMETER.match(name) or _TAG_PARAMETER.search(name)]
    ids = [name for name, value in pairs if value.isdigit() and name not in views]
    return bool(views) and not ids


def looks(url: str, listing: str = "") -> float:
    """Return how much an address looks like an article's, −1…1."""
    parts = urlsplit(url)
    path = [part for part in unquote(parts.path).split("/") if part and not _INDEX.match(part)]
    last = _EXTENSION.sub("", path[-1]) if path else ""
    words = slug_words(url)
    points = 0.0
    if _DATE_PATH.search(parts.path):
        points += 0.6
    if re.search(r"\d{3,}", last) or any(part.isdigit() and len(part) > 2 for part in path):
        points += 0.4
    if any(value.isdigit() and len(value) > 1 for _, value in parse_qsl(parts.query)):
        points += 0.2
    points += 0.5 if words >= 4 else 0.3 if words == 3 else 0.0
    if words <= 1 and not re.search(r"\d", last + parts.query):
        points -= 0.3
    if last.lower() in _UTILITY or not path:
        points -= 0.6
    if listing and _under(parts.path, urlsplit(listing).path):
        points += 0.3
    return max(-1.0, min(1.0, points))


def slug_words(url: str) -> int:
    """Return how many words the last part of the path is made of."""
    path = [part for part in unquote(urlsplit(url).path).split("/") if part and not _INDEX.match(part)]
    return len(_WORD.findall(_EXTENSION.sub("", path[-1]))) if path else 0


def _under(path: str, folder: str) -> bool:
    stem = _EXTENSION.sub("", folder).rstrip("/")
    return bool(stem) and path.startswith(f"{stem}/") and len(path.rstrip("/")) > len(stem)


def _section(part: str) -> str:
    """Fold a part that is not the last: "#" a number, "*" a slug, "N" in the place of an id, else itself."""
    if len(_WORD.findall(part)) >= 4:
        return "*N" if _ID.search(part) else "*"
    return _digits(part)


def _last(part: str) -> str:
    extension = _EXTENSION.search(part)
    stem = part[: extension.start()] if extension else part
    kind = "#" if stem.isdigit() else "*N" if _ID.search(stem) else "*"
    return kind + (extension[0].lower() if extension else "")


def _digits(part: str) -> str:
    return part if part.isalpha() else re.sub(r"\d+", "#", _ID.sub("N", part)) if not part.isdigit() else "#"


def _folded(sections: list[str], kept: list[str] | None = None) -> str:
    folded = list(kept or ())
    for part in sections:
        kind = part if part in ("#", "*", "*N") else "N" if "N" in _ID.sub("", part) and not part.isalpha() else "w"
        if kind != "w" or folded[-1:] != ["w"]:
            folded.append(kind)
    return "".join(f"/{part}" for part in folded)
