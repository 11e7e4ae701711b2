"""Selections of elements by tag and attributes, written in XPath, answered in one walk.

libxml2 asks every condition of every element, and calls Python for each regular expression; pages write the same few
classes again and again, so that what they answer is worth remembering. The same elements come, in the same order. What
is not here: whose selections they are (cascade.py); XPath of any other kind, which stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from operator import eq

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extract import naming

#: What an attribute says → whether that is what is asked for.
Test = Callable[[str | None], object]
#: Attribute, or several joined by "|" (of these the one that the element names first), and what is asked of it; words
#: of which one has to stand there for that, none where they are not known.
Atom = tuple[str, Test, frozenset[str]]

#: Tags of a step (none: of any), the conditions of which one each has to be met, and what is strange.
Step = tuple[frozenset[str], list[list[Atom]], list[str]]

#: What attributes say, of which the answer is kept.
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
    alone: whether the first element is all that is asked for, and the walk may end there.
    """

    def __init__(self, xpath: etree.XPath, alone: bool = False) -> None:
        self.xpath, self.path = xpath, xpath.path
        plain = _SPACE.sub(lambda found: found[1] or " ", xpath.path).strip()
        first = _FIRST.fullmatch(plain)
        self.most = 1 if first or alone else None
        steps = [_step(part) for part in _split(first[1] if first else plain, "|")]
        self.strange = {one for _, _, strange in steps for one in strange}
        asked, self.steps = _numbered(steps)
        if (self.strange and (first or not asked)) or (frozenset(), 0) in self.steps:
            raise StrangeError(plain)
        self.known = {name: _Verdicts(tests) for name, tests in asked.items() if "|" not in name}
        self.joined = [({*name.split("|")}, _Verdicts(tests)) for name, tests in asked.items() if "|" in name]
        #: What an attribute says may count, where it is the first of several that are joined.
        self.perhaps = {part: _Verdicts(_of_each(asked, part)) for name in asked for part in name.split("|")}
        tags = [tags for tags, _ in self.steps]
        self.tags = sorted(frozenset[str]().union(*tags)) if all(tags) else ["*"]
        self.free = frozenset[str]().union(
            *(tags for tags, needed in self.steps if not needed)
        )  #: selected by their tag alone
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
        return found if known else list(self.xpath(tree))[: self.most]

    def _in_vain(self) -> bool:
        names = naming.names.get()
        if names and self.words and names is not self.vain and not any(map(names.__contains__, self.words)):
            self.vain = names
        return bool(names) and names is self.vain

    def _found(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        perhaps, free = self.perhaps, self.free
        for element in tree.iterdescendants(*self.tags):
            if element.tag in free:
                yield element
                continue
            met = 0
            for name, value in element.items():
                if name in perhaps:
                    met |= perhaps[name][value]
            if met and self._takes(element.tag, met if not self.joined else self._met(element)):
                yield element

    def _met(self, element: HtmlElement) -> int:
        """Return the conditions that an element meets; of several attributes joined the one it names first counts."""
        said = element.items()
        met = 0
        for name, value in said:
            met |= self.known[name][value] if name in self.known else 0
        for names, verdicts in self.joined:
            met |= next((verdicts[value] for name, value in said if name in names), 0)
        return met

    def _takes(self, tag: str, met: int) -> bool:
        """Whether an element belongs to one of the steps, by its tag and the conditions it meets."""
        return any((not tags or tag in tags) and met & needed == needed for tags, needed in self.steps)


class _Verdicts(dict[str, int]):
    """What an attribute says → the conditions that it meets, a bit each. Pages say the same again and again."""

    def __init__(self, tests: list[tuple[int, Test]]) -> None:
        super().__init__()
        self.tests = tests

    def __missing__(self, value: str) -> int:
        met = 0
        for bit, test in self.tests:
            if not met & bit and test(value):
                met |= bit
        if len(self) >= _KEPT:
            self.clear()
        self[value] = met
        return met


def hastened(xpath: etree.XPath, alone: bool = False) -> etree.XPath | Selection:
    """Return what selects the same elements faster, or the first of them; the expression itself where it is of another kind."""
    try:
        return Selection(xpath, alone)
    except StrangeError:
        return xpath


def _step(text: str) -> Step:
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
    if "1" in strange and predicates[-1] != "1]":
        raise StrangeError(text)  # the first of its parent, whatever else is asked of it
    return tags, conditions, strange


def _numbered(steps: Iterable[Step]) -> tuple[dict[str, list[tuple[int, Test]]], list[tuple[frozenset[str], int]]]:
    """Return what is asked of each attribute, with the bit of its condition, and the bits that each step needs."""
    asked: dict[str, list[tuple[int, Test]]] = {}
    needs = []
    bit = 1
    for tags, conditions, _ in steps:
        needed = 0
        for atoms in conditions:
            for name, test, _ in atoms:
                if test(None):
                    raise StrangeError("what is absent counts")
                asked.setdefault(name, []).append((bit, test))
            needed |= bit
            bit <<= 1
        needs.append((tags, needed))
    return asked, needs


def _of_each(asked: Mapping[str, list[tuple[int, Test]]], part: str) -> list[tuple[int, Test]]:
    return [one for name, tests in asked.items() if part in name.split("|") for one in tests]


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
