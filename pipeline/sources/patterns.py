"""What a selector, a regular expression and a pattern of addresses must be.

A selector has to suit both readers of pages: BeautifulSoup reads listings, lxml
articles, and an operator should not need to know which one reads what.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError

from pipeline import address, jsonpath
from pipeline.sources.addresses import UNFIT
from pipeline.sources.checks import text
from pipeline.sources.wording import show

_DIRECTIVES = frozenset("aAbBdHIjmMpSfUwWyYzZcxX%")


def selector(value: str) -> str:
    """Return value if both readers of pages take it as a CSS selector."""
    complaints = _complaints(text(value))
    if complaints:
        raise ValueError(f"{show(value)} is no CSS selector: {'; '.join(complaints)}; write for example div.news > a")
    return text(value)


def next_page(value: str) -> str:
    """Return value if it tells where a listing goes on: a pattern, rel=next or a selector."""
    forms = 'write a pattern such as "?page={n}", a CSS selector such as a.next, or rel=next'
    if value == "rel=next":
        return value
    if re.fullmatch(r"(?i)\s*(next|rel\W+next\W*|\[?rel\s*=\s*next\]?)\s*", value) and "[" not in value:
        raise ValueError(f"{show(value)} is not understood; write rel=next")
    if "{" in value or "}" in value:
        rest = value.replace("{n}", "")
        sample = address.resolve("https://site.test/news/", value.replace("{n}", "2"))
        if rest == value or UNFIT.search(rest) or sample is None:
            raise ValueError(f"{show(value)} is no address pattern; {forms}")
        return value
    if value.startswith(("?", "/", "&", "http:", "https:")):
        raise ValueError(f"{show(value)} has no {{n}} where the page's number goes; {forms}")
    if _complaints(value.strip()):
        raise ValueError(f"{show(value)} is neither a pattern with {{n}} nor a CSS selector; {forms}")
    return text(value)


def json_path(value: str) -> str:
    """Return value if it is a path into JSON."""
    try:
        jsonpath.parse(value)
    except ValueError as problem:
        raise ValueError(f"{show(value)} is no path: {problem}; write for example data.items[*] or $.news") from None
    return value.strip()


def json_address(value: str) -> str:
    """Return value if it is a path into JSON, or an address with such paths in braces."""
    if "{" not in value and "}" not in value:
        return json_path(value)
    paths = jsonpath.holes(value)
    for path in paths:
        json_path(path)
    rest = re.sub(r"\{[^{}]*\}", "1", value)
    if not paths or UNFIT.search(rest) or address.resolve("https://site.test/news/", rest) is None:
        raise ValueError(f'{show(value)} is no pattern of addresses; write for example "/ru/news/{{id}}/"')
    return value


def expression(value: str) -> str:
    """Return value if it is a regular expression."""
    _compiled(value)
    return value


def same_id(value: str) -> str:
    """Return value if it is a regular expression with exactly one group."""
    groups = _compiled(value).groups
    if groups != 1:
        raise ValueError(
            f"{show(value)} has {groups} groups; it should have exactly one, around the id, "
            'for example "/news/([0-9]+)" (other brackets: (?:…))'
        )
    return value


def rewrite(pair: list[str]) -> list[str]:
    """Return a regular expression and what replaces its matches."""
    found = _compiled(pair[0])
    # The reference is tried on an expression with the same groups that matches at once: the
    # operator's own might take for ever even on no text.
    names = {number: name for name, number in found.groupindex.items()}
    groups = (f"(?P<{names[n]}>)" if n in names else "()" for n in range(1, found.groups + 1))
    try:
        re.sub("".join(groups), pair[1], "", count=1)
    except (re.error, IndexError) as problem:
        raise ValueError(f"the replacement {show(pair[1])} does not fit: {problem}; \\1 is the first group") from None
    return pair


def date_format(value: str) -> str:
    """Return value if it is a date format with directives that exist."""
    directives = re.findall(r"%(.?)", value)
    unknown = [f"%{letter}" for letter in directives if letter not in _DIRECTIVES or not letter]
    if unknown or not directives:
        wrong = f"has {unknown[0]}, which is no directive" if unknown else "has no % directive"
        raise ValueError(f"{show(value)} {wrong}; write for example %d.%m.%Y or %B %d %Y")
    return value


def swap(pair: list[str]) -> list[str]:
    """Return two fragments of addresses that tell the languages apart."""
    if not all(pair) or pair[0] == pair[1] or any(re.search(r"\s", part) for part in pair):
        raise ValueError('should be two different parts of addresses without spaces; write ["/en/news/", "/news/"]')
    for part in pair:
        if not part.isascii():
            raise ValueError(
                f"{show(part)} never stands in an address; write it as it is copied from there (%D0…, xn--…)"
            )
    return pair


_SIMPLE = r"[.#][A-Za-z][A-Za-z0-9_-]*"
_COMPOUND = rf"(?:[a-z][a-z0-9]*(?:{_SIMPLE})*|(?:{_SIMPLE})+)"
#: A selector by tags, classes and ids, one in another, as most are: all who read selectors know it.
_PLAIN_SELECTOR = re.compile(rf"{_COMPOUND}(?:(?: | > |, ){_COMPOUND})*")


@lru_cache(maxsize=4096)
def _complaints(value: str) -> tuple[str, ...]:
    """Return what lxml (articles) and BeautifulSoup (listings) have against a selector."""
    if len(value) > 500:
        return ("it is longer than 500 characters",)
    if _PLAIN_SELECTOR.fullmatch(value):
        return ()
    import soupsieve  # brings all of BeautifulSoup; most sources need no selector, or a plain one
    from soupsieve.util import SelectorSyntaxError

    found = []
    try:
        CSSSelector(value, translator="html")
    except (SelectorError, XPathError, RecursionError) as problem:
        found.append(f"lxml says {_first_line(problem)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # :contains() is old, but the only form both know
            soupsieve.compile(value)
    except (SelectorSyntaxError, NotImplementedError, RecursionError) as problem:
        found.append(f"BeautifulSoup says {_first_line(problem)}")
    return tuple(found)


def _first_line(problem: Exception) -> str:
    return f'"{(str(problem).splitlines() or [type(problem).__name__])[0].strip()}"'


def _compiled(value: str) -> re.Pattern[str]:
    right = r'write for example "\\s+Share$" (in double quotes every \ is doubled)'
    if not value or len(value) > 1000:
        raise ValueError(f"should be a regular expression of 1 to 1000 characters; {right}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(value)
    except (re.error, OverflowError, RecursionError) as problem:
        raise ValueError(f"{show(value)} is no regular expression: {problem}; {right}") from None
