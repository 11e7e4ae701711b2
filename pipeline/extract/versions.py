"""Other language versions a page declares, and the language it declares for itself.

`link[rel=alternate][hreflang]` first, then RU/EN switch links on the page, then the source's
address rules. What is not here: whether the declared language is true (language/), whether
two articles are one story (pairing/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from pipeline import address
from pipeline.extract.dom import Tags
from pipeline.extract.stated import Stated
from pipeline.model import LANGUAGES, Alternate, Article, Link, Source, VersionRule

_NAMES = {
    "ru": "ru", "rus": "ru", "рус": "ru", "русский": "ru", "russian": "ru", "ру": "ru", "на русском": "ru", "по-русски": "ru",
    "русская версия": "ru", "russian version": "ru", "in russian": "ru", "читать на русском": "ru", "русский язык": "ru",
    "en": "en", "eng": "en", "english": "en", "англ": "en", "английский": "en", "english version": "en", "in english": "en",
    "на английском": "en", "английская версия": "en", "по-английски": "en", "read in english": "en", "анг": "en",
}  # fmt: skip
# A page has hundreds of links, and all that is looked at in each costs: those that begin otherwise than any name are
# passed over before.
_AROUND = " .|/[]()"
_BEGINNINGS = frozenset(_AROUND) | {name[0] for name in _NAMES} | {name[0].upper() for name in _NAMES}
#: A link with more in it is a teaser.
_PARTS_OF_SWITCH = 3
_PARTS = {"en": "en", "eng": "en", "english": "en", "ru": "ru", "rus": "ru", "russian": "ru", "en-us": "en", "en-gb": "en",
          "ru-ru": "ru", "uk": "uk", "ua": "uk", "kz": "kk", "kk": "kk", "be": "be", "de": "de", "fr": "fr", "zh": "zh",
          "cn": "zh", "es": "es", "fi": "fi"}  # fmt: skip


def language_of(tag: str) -> str:
    """Return the ISO 639-1 code of a language tag ("ru_RU", "en-GB", "Russian"), or ""."""
    primary = re.split(r"[-_.]", tag.strip().lower())[0]
    return _NAMES.get(primary, "") or (primary if re.fullmatch(r"[a-z]{2}", primary) else "")


def declared(root: HtmlElement, stated: Stated, url: str, source: Source, link: Link | None) -> dict[str, str]:
    """Return what declares the page's language: clue (listing, html, og, meta, address) → code."""
    clues = {
        "listing": (link.language or "") if link else "",
        "html": language_of(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
        "og": language_of(stated.meta("og:locale")),
        "meta": language_of(stated.meta("content-language", "language", "dc.language")),
        "address": address_language(url, source),
    }
    return {clue: code for clue, code in clues.items() if code}


def address_language(url: str, source: Source) -> str:
    """Return the language an address names (/en/, en.example.org, ?lang=l2 with a rule), or ""."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    for rule in source.versions:
        if rule.query and rule.query in query:
            for language, value in rule.values.items():
                if query[rule.query] == value:
                    return language
        if rule.swap:
            side = _swap_side(rule, url)
            if side is not None and (code := _swap_language(rule.swap, side)):
                return code
    for piece in parts.path.lower().split("/")[1:4]:
        if piece in ("en", "eng", "ru", "rus", "en-us", "en-gb", "ru-ru", "english", "russian"):
            return _PARTS[piece]
    if (label := (parts.hostname or "").split(".")[0]) in ("en", "eng", "english", "ru", "rus", "russian"):
        return _PARTS[label]
    return next((language_of(query[name]) for name in ("lang", "language", "locale") if name in query), "")


def alternates(tags: Tags, base: str, url: str, source: Source) -> tuple[Alternate, ...]:
    """Return the other versions of the page at url, one per address, best evidence first; never itself."""
    own = address.key(url)
    kept: dict[str, Alternate] = {}
    for href, language, evidence in (*_hreflang(tags["link"]), *_switches(tags["a"]), *_by_rules(url, source)):
        resolved = address.resolve(base, href)
        if resolved is None:
            continue
        key = address.key(resolved)
        if key != own and key not in kept and not (evidence == "switch" and _is_front(resolved, url)):
            kept[key] = Alternate(resolved, language, evidence)
    return tuple(kept.values())


def _hreflang(links: Iterable[HtmlElement]) -> Iterator[tuple[str, str, str]]:
    for element in links:
        tag = element.get("hreflang")
        language = language_of(tag) if tag else ""
        relation = (element.get("rel") or "").lower().split()
        if language and "alternate" in relation and "x-default" not in (tag or "").lower():
            yield element.get("href") or "", language, "hreflang"


def _switches(links: Iterable[HtmlElement]) -> Iterator[tuple[str, str, str]]:
    for element in _maybe_switches(links):
        href = element.get("href") or ""
        if not href or href.startswith("#"):
            continue
        said = "".join(element.itertext()) if len(element) <= _PARTS_OF_SWITCH else ""
        text = " ".join(said.lower().split()).strip(_AROUND)
        tag = element.get("hreflang")
        code = _NAMES.get(text) or (language_of(tag) if tag else "")
        if not code and not text:
            code = _NAMES.get((element.get("title") or "").strip().lower(), "")
        if code in LANGUAGES:
            yield href, code, "switch"


def _maybe_switches(links: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    for element in links:
        text = element.text
        if not text or text.isspace():
            text = _first_words(element) if len(element) else ""
        if (
            text.lstrip()[:1] in _BEGINNINGS
            or element.get("hreflang") is not None
            or ((not text or len(element) > _PARTS_OF_SWITCH) and element.get("title") is not None)
        ):
            yield element


def _first_words(element: HtmlElement) -> str:
    """Return the first words that stand inside a link's own elements, or ""."""
    text = element[0].text  # most are there, and looking further costs as much as all the rest
    if text and not text.isspace():
        return str(text)
    return next((part for part in element.itertext() if not part.isspace()), "")


def _is_front(target: str, url: str) -> bool:
    """Whether a switch leads to the other language's front page instead of this article."""
    pieces = [piece for piece in urlsplit(target).path.lower().split("/") if piece and piece not in _PARTS]
    meant = [piece for piece in pieces if not re.fullmatch(r"index\.\w+", piece)]
    query = urlsplit(target).query
    return not meant and not (query and set(parse_qsl(query)) & set(parse_qsl(urlsplit(url).query)))


def on_one_page(first: Article, second: Article, code: str, other: str) -> tuple[Article, Article]:
    """Return two articles of one page as declared versions of each other: code is first's language, other second's.

    The second's address is the page's with a fragment of our own. Of what the page declares of itself, each keeps
    what is true of it.
    """
    there = address.of_part(first.url, other)
    both = (
        (first, first.url, code, Alternate(there, other, "page")),
        (second, there, other, Alternate(first.url, code, "page")),
    )
    done = [
        replace(
            article, url=url, alternates=(version, *article.alternates),
            declared={clue: said for clue, said in article.declared.items() if said == own},
        )
        for article, url, own, version in both
    ]  # fmt: skip
    return done[0], done[1]


# ── address rules ───────────────────────────────────────────────────────────────────────────
def _by_rules(url: str, source: Source) -> Iterator[tuple[str, str, str]]:
    for rule in source.versions:
        if rule.swap:
            yield from _swapped(rule, url)
        elif rule.query:
            yield from _requeried(url, rule.query, rule.values)


def _swap_side(rule: VersionRule, url: str) -> int | None:
    """Return which of the rule's fragments url has: the longer first, since one often contains the other."""
    assert rule.swap is not None
    for side in sorted((0, 1), key=lambda side: -len(rule.swap[side])):  # type: ignore[index]  # asserted above
        if rule.swap[side] and rule.swap[side] in url:
            return side
    return None


def _swap_language(swap: tuple[str, str], side: int) -> str:
    codes = [
        next(
            (
                _PARTS[word]
                for word in re.findall(r"[a-z]+", part.lower())
                if word in ("en", "eng", "english", "ru", "rus", "russian")
            ),
            "",
        )
        for part in swap
    ]
    if codes[side]:
        return codes[side]
    others = [language for language in LANGUAGES if language != codes[1 - side]]
    return others[0] if codes[1 - side] in LANGUAGES else ""


def _swapped(rule: VersionRule, url: str) -> Iterator[tuple[str, str, str]]:
    side = _swap_side(rule, url)
    if side is not None and rule.swap is not None:
        language = _swap_language(rule.swap, 1 - side)
        if language:
            yield url.replace(rule.swap[side], rule.swap[1 - side], 1), language, "rule"


def _requeried(url: str, name: str, values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    current = dict(pairs).get(name)
    for language, value in values.items():
        if value != current and (current is not None):
            query = urlencode([(key, value if key == name else old) for key, old in pairs])
            yield urlunsplit(parts._replace(query=query)), language, "rule"


def canonical(tags: Tags, base: str, own: str) -> str:
    """Return the address a page calls its own, where that is another one of the same origin; else ""."""
    for link in tags["link"]:
        if "canonical" in (link.get("rel") or "").lower().split():
            url = address.resolve(base, link.get("href") or "")
            same = url is not None and address.origin(url) == address.origin(own)
            return url if url and same and address.key(url) != address.key(own) else ""
    return ""


def same_story_keys(url: str, source: Source) -> frozenset[str]:
    """Return keys that are equal for all versions of one article, as the source's rules say."""
    keys = set()
    for number, rule in enumerate(source.versions):
        if rule.same_id and (match := re.search(rule.same_id, url)):
            keys.add(f"id{number}:{match[1] if match.groups() else match[0]}")
    return frozenset(keys)
