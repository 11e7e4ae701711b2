"""Selections of elements by tag and attributes, written in XPath, answered in one walk.

libxml2 asks every condition of every element, and calls Python for each regular expression; pages write the same few
classes again and again, so that what they answer is worth remembering. The same elements come, in the same order. What
is not here: whose selections they are (cascade.py); XPath of any other kind, which stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import islice, product
from operator import eq

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extract import naming

#: What an attribute says → whether that is what is asked for.
Test = Callable[[str | None], object]
#: Attribute, or several joined by "|" (of these the one that the element names first), and what is asked of it; words
#: of which one has to stand there for that, none where they are not known.
Atom = tuple[str, Test, frozenset[str]]

#: Elements whose answer is kept, as far as a selection can tell them apart.
_KEPT = 4096
_SPACE = re.compile(r"('[^']*')|\s+")
_FIRST = re.compile(r"\((.+)\)\[1\]")
_STEP = re.compile(r"\.//(\*|\w+)")
_SELF = re.compile(r"self::(\w+)")
_HAS = re.compile(r"@([\w-]+)")
_IS = re.compile(r"@([\w-]+) ?= ?'([^']*)'")
_CALL = re.compile(
    r"(contains|starts-with|re:test)\((?:(@[\w|@-]+)|translate\((@[\w-]+), ?'(\w+)', ?'(\w+)'\)), ?'([^']*)'(?:, ?'(i)')?\)"
)


class StrangeError(ValueError):
    """XPath that says something else than tags and attributes."""


class Selection:
    """What an XPath expression selects below an element; raises StrangeError for one of another kind.

    Where only some of its conditions are known here, they tell whether the expression need be asked at all.
    """

    def __init__(self, xpath: etree.XPath) -> None:
        self.xpath, self.path = xpath, xpath.path
        plain = _SPACE.sub(lambda found: found[1] or " ", xpath.path).strip()
        first = _FIRST.fullmatch(plain)
        self.most = 1 if first else None
        steps = [_step(part) for part in _split(first[1] if first else plain, "|")]
        self.strange = {one for _, _, strange in steps for one in strange}
        names = {name for _, conditions, _ in steps for atoms in conditions for name, *_ in atoms}
        if self.strange and (first or not names):
            raise StrangeError(plain)
        self.single = sorted({part for name in names for part in name.split("|")})
        joined = sorted(name for name in names if "|" in name)
        self.joined = [[self.single.index(part) for part in name.split("|")] for name in joined]
        places = {name: place for place, name in enumerate([*self.single, *joined])}
        self.steps = [
            (tags, [[(places[name], test) for name, test, _ in atoms] for atoms in conditions])
            for tags, conditions, _ in steps
        ]
        tags = [tags for tags, _ in self.steps]
        self.tags = sorted(frozenset[str]().union(*tags)) if all(tags) else ["*"]
        self.takes = lru_cache(_KEPT)(self._takes)
        words = [_words(tags, conditions) for tags, conditions, _ in steps]
        #: One of these is a name on each page where anything is selected; none where that is not known.
        self.words = sorted(frozenset[str]().union(*words)) if all(words) else []
        self.vain = ""  #: the names of the page last looked at that has none of them

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        """Return the elements in the order of the page."""
        if self._in_vain():
            return []
        found = list(islice(self._found(tree), self.most))
        # A single one is the first of its parent.
        known = not self.strange or not found or (self.strange == {"1"} and len(found) == 1)
        return found if known else list(self.xpath(tree))

    def _in_vain(self) -> bool:
        names = naming.names.get()
        if names and self.words and names is not self.vain and not any(map(names.__contains__, self.words)):
            self.vain = names
        return bool(names) and names is self.vain

    def _found(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        takes, single = self.takes, self.single
        for element in tree.iterdescendants(*self.tags):
            taken = takes(element.tag, *map(element.get, single))
            if taken or (taken is None and self._exactly(element)):
                yield element

    def _takes(self, tag: str, *said: str | None) -> bool | None:
        """Whether an element is taken, by its tag and what its attributes say; None where it matters which it names first."""
        joined = [[said[place] for place in places if said[place] is not None] or [None] for places in self.joined]
        if all(len(first) == 1 for first in joined):
            return self._meets(tag, *said, *[first[0] for first in joined])
        verdicts = {self._meets(tag, *said, *first) for first in product(*joined)}
        return None if len(verdicts) > 1 else verdicts.pop()

    def _exactly(self, element: HtmlElement) -> bool:
        joined = [_first(element, [self.single[place] for place in places]) for places in self.joined]
        return self._meets(element.tag, *map(element.get, self.single), *joined)

    def _meets(self, tag: str, *said: str | None) -> bool:
        """Whether an element belongs to one of the steps, by its tag and what its attributes and several joined say."""
        for tags, conditions in self.steps:
            if not tags or tag in tags:
                for atoms in conditions:
                    for place, test in atoms:
                        if test(said[place]):
                            break
                    else:
                        break
                else:
                    return True
        return False


def hastened(xpath: etree.XPath) -> etree.XPath | Selection:
    """Return what selects the same elements faster; the expression itself where it is of another kind."""
    try:
        return Selection(xpath)
    except StrangeError:
        return xpath


def _step(text: str) -> tuple[frozenset[str], list[list[Atom]], list[str]]:
    """Return the tags of a step (none: of any), the conditions of which one each has to be met, and what is strange."""
    start, *predicates = _split(text, "[")
    named = _STEP.fullmatch(start)
    if named is None:
        raise StrangeError(text)
    tags = frozenset[str]() if named[1] == "*" else frozenset({named[1]})
    conditions, strange = [], []
    for predicate in (one.removesuffix("]").strip() for one in predicates):
        asked = list(_split(predicate, " or "))
        selves = [one[1] for text in asked if (one := _SELF.fullmatch(text))]
        atoms = [atom for text in asked if (atom := _atom(text))]
        if len(selves) == len(asked) and not tags:
            tags = frozenset(selves)
        elif len(atoms) == len(asked):
            conditions.append(atoms)
        else:
            strange.append(predicate)
    return tags, conditions, strange


def _words(tags: frozenset[str], conditions: list[list[Atom]]) -> frozenset[str]:
    """Return words of which one is the name of each element that a step takes; none where that is not known."""
    for atoms in conditions if naming.knows(tags) else ():
        if all(words and {*name.split("|")} <= naming.ATTRIBUTES for name, _, words in atoms):
            return frozenset[str]().union(*(words for *_, words in atoms))
    return frozenset()


def _atom(text: str) -> Atom | None:
    if has := _HAS.fullmatch(text):
        return has[1], lambda said: said is not None, frozenset()
    if same := _IS.fullmatch(text):
        return same[1], partial(eq, same[2]), naming.words_of("=", same[2])
    if call := _CALL.fullmatch(text):
        function, names, changed, old, new, what, flags = call.groups()
        test, words = _test(function, what, flags), naming.words_of(function, what)
        if changed is None:
            return names.replace("@", ""), lambda said: test(said or ""), words
        change = str.maketrans(old, new)
        known = words if old.casefold() == new.casefold() else frozenset[str]()
        return changed.replace("@", ""), lambda said: test((said or "").translate(change)), known
    return None


def _test(function: str, what: str, flags: str | None) -> Callable[[str], object]:
    """Return a function of XPath 1.0, or of EXSLT (re:test), with its second argument filled in."""
    if function == "contains":
        return lambda value: what in value
    if function == "starts-with":
        return lambda value: value.startswith(what)
    return re.compile(what, re.IGNORECASE if flags else 0).search


def _first(element: HtmlElement, names: Iterable[str]) -> str | None:
    """Return the value of the attribute that the element names first: it is what a set of them says."""
    values: list[str] = [value for name in names if (value := element.get(name)) is not None]
    if len(values) > 1:
        values = [value for name, value in element.items() if name in names]
    return values[0] if values else None


def _split(text: str, separator: str) -> Iterator[str]:
    """Yield the parts of text between separators that no bracket and no quote holds."""
    depth, quoted, start = 0, False, 0
    for place, sign in enumerate(text):
        if not quoted and not depth and text.startswith(separator, place):
            yield text[start:place].strip()
            start = place + len(separator)
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign in "([") - (sign in ")]")
    yield text[start:].strip()
