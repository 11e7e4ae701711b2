"""trafilatura's text of a page, without the work that could not change it.

It asks several extractors one after the other and compares what they found. Where its first one answers well, the
others are not asked: theirs is taken only if it is much longer, or the first one's is tiny or no running text, and each
of these is looked at here. All other pages go through its own cascade, and jusText, the dearest of it, is asked only
where even that leaves a doubt. What is not here: what becomes of the text (article.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from contextvars import ContextVar
from copy import copy, deepcopy
from functools import cache, partial
from types import ModuleType
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract import align, naming, stopwords
from pipeline.extract.blocks import Block
from pipeline.extract.selection import Selection, hastened
from pipeline.record import dataclass

#: Shorter blocks are no running text, for readability neither.
_PROSE = 25
#: What stands there is no part of the page that a text is measured by.
_ASIDE = frozenset({"aside", "footer"})
#: The type of pages whose comments are their text (schema.org).
_FORUM = "DiscussionForumPosting"
_DATA = "application/ld+json"
#: Tables of which a page's first element is taken, and the others are not looked at.
_ALONE = frozenset({"BODY_XPATH", "COMMENTS_XPATH"})
_SAYS = etree.XPath("boolean(.//p//text())")
_SIZE = etree.XPath("count(.//*)")
#: The words that jusText takes for usual; None where it may not be asked.
_usual: ContextVar[Container[str] | None] = ContextVar("usual", default=None)
#: Whether it was asked for where it may not be.
_missed: ContextVar[bool] = ContextVar("missed", default=False)
#: What was found out about the page that is read.
_rounds: ContextVar[_Rounds | None] = ContextVar("rounds", default=None)


@dataclass(frozen=True, slots=True)
class Found:
    """A text as trafilatura has it, and the page's blocks that it is made of."""

    text: str
    places: list[int]
    share: float  #: of the text, that the blocks cover (0…1)


def found(root: HtmlElement, blocks: Sequence[Block], url: str) -> Found:
    """Return the text of the page, empty where there is none; raises whatever trafilatura raises."""
    before = _rounds.set(_Rounds())
    try:
        with naming.of_page(root):
            return _found(root, blocks, url)
    finally:
        _rounds.reset(before)


def _found(root: HtmlElement, blocks: Sequence[Block], url: str) -> Found:
    text = _first(root, url)
    if text is not None:
        made = _made(text, blocks)
        if not _is_doubtful(blocks, made):
            return made
    _missed.set(False)
    text = _of_all(root, url)
    made = _made(text, blocks)
    if not (_missed.get() and _is_doubtful(blocks, made)):
        return made
    more = _of_everyone(root, url, text)
    return made if more == text else _made(more, blocks)


class _Rounds:
    """What trafilatura does with a page each time it is asked: its steps come in the same order, on the same trees.

    Only what jusText says differs between the times, and what it says goes into none of the steps that are kept here.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], Any] = {}
        self.done: Counter[str] = Counter()  #: how often each step was taken this time
        #: What readers said beside the text, where the page was read for it before the others were asked.
        self.comments: str | None = None

    def anew(self) -> None:
        self.done.clear()

    def knows(self, step: str) -> bool:
        """Whether what a step gives next is kept from an earlier time."""
        return (step, self.done[step]) in self.known

    def once(self, step: Callable[..., Any], *given: object) -> Any:
        """Return what a step gives, as its own copy; it is taken only if it was not at an earlier time."""
        key = (step.__name__, self.done[step.__name__])
        self.done[step.__name__] += 1
        return self.kept(key, step, *given)

    def kept(self, key: tuple[str, int], step: Callable[..., Any], *given: object) -> Any:
        if key not in self.known:
            self.known[key] = step(*given)
        return deepcopy(self.known[key])


def _made(text: str, blocks: Sequence[Block]) -> Found:
    text = characters.paragraphs(text)
    return Found(text, *align.covered(text, blocks))


def _of_all(root: HtmlElement, url: str) -> str:
    _anew()
    document = _library().bare_extraction(root, url=url, deduplicate=False)
    return getattr(document, "text", None) or ""


def _of_everyone(root: HtmlElement, url: str, without: str) -> str:
    """Return what the cascade finds with jusText, which finds the text in list items, or in odd places; without: what it finds without.

    jusText takes a paragraph for text whose words are usual enough, and is heard where it has the most by far. Where it is not
    heard though all words are usual to it, it need not know them.
    """
    _missed.set(False)
    if _with(stopwords.ALL, root, url) == without and not _missed.get():
        return without
    return _with(stopwords.usual(), root, url)


def _with(words: Container[str], root: HtmlElement, url: str) -> str:
    before = _usual.set(words)
    try:
        return _of_all(root, url)
    finally:
        _usual.reset(before)


def _first(root: HtmlElement, url: str) -> str | None:
    """Return what its first extractor finds; None where others have to be asked whatever it found."""
    core = _library()
    if any(script.get("type") == _DATA and _FORUM in (script.text or "") for script in root.iter("script")):
        return None
    options = _options()
    tree = copy(root)
    if _any_of("RAW_TREE_PRUNE_XPATH", tree):
        tree = core.prune_unwanted_nodes(tree, core.RAW_TREE_PRUNE_XPATH)
    tree = core.convert_tags(core.tree_cleaning(tree, options), options, url)
    comments = ""
    if _any_of("COMMENTS_XPATH", tree):
        _, comments, tree = core.extract_comments(tree, options)
    _anew()
    body, text = core.extract_content(tree, options)
    if rounds := _rounds.get():
        rounds.comments = comments
    if len(text) < options.min_extracted_size or not _SAYS(body):
        return None
    if len(body.findall(".//table")) > len(body.findall(".//p")):
        return None
    return str(core.xmltotxt(body, options.formatting))


def _is_doubtful(blocks: Sequence[Block], made: Found) -> bool:
    """Whether another extractor's text could be taken: enough running text stands elsewhere.

    Readability's is taken where it is twice as long. A short text that is a small part of the page is looked for once
    more, with other rules, and what they find is taken where it is half as long again.
    """
    own = set(made.places)
    others = (block for place, block in enumerate(blocks) if place not in own)
    prose = sum(len(one.text) for one in others if len(one.text) >= _PROSE and one.linked * 3 <= len(one.text))
    shown = sum(len(block.text) for block in blocks if block.zones.isdisjoint(_ASIDE))
    core = _library()
    again = len(made.text) < min(core.ESCALATION_MAX_LENGTH, core.ESCALATION_PAGE_SHARE * shown)
    return bool(prose > (core.ESCALATION_ACCEPT_RATIO - 1 if again else 1) * len(made.text))


@cache
def _options() -> Any:
    """Return what trafilatura is asked for, but for the page's address, which counts where links or pictures are asked for."""
    return _library().Extractor(output_format="python")


@cache
def _library() -> ModuleType:
    """Return trafilatura's cascade, with its selections made faster, and jusText asked by `_of_everyone` only.

    By itself it asks jusText about one page in ten, which takes twice as long as all the rest; most of these are read
    as well without. Imported where pages are read, which is in children: a pass's own process need not wait for it.
    """
    from pipeline.extract.borrowed import baseline, core, external, xpaths

    vars(baseline).update(BASIC_CLEAN_XPATH=_faster(baseline.BASIC_CLEAN_XPATH))
    # Of all that is found the outermost elements are removed: one walk may find them.
    xpaths.OVERALL_DISCARD_XPATH[:] = [_all_of("OVERALL_DISCARD_XPATH")]
    for name, table in vars(xpaths).items():
        if isinstance(table, list):
            table[:] = [_faster(one, name in _ALONE) for one in table]
    for module in (core, external):
        vars(module).update(justext_rescue=partial(_if_asked, module.justext_rescue, module is core))
    for module, step, known in (
        (core, "extract_content", _once),
        (core, "html2txt", _once),
        (external, "try_readability", _by_size),
        (core, "_prepare_tree", _prepared),
        (core, "extract_comments", _comments),
    ):
        vars(module)[step] = partial(known, vars(module)[step])
    return core


@cache
def _all_of(table: str, alone: bool = False) -> etree.XPath | Selection:
    """Return one selection for all of a table."""
    from pipeline.extract.borrowed import xpaths

    paths = (one.path for one in getattr(xpaths, table))
    return hastened(etree.XPath("|".join(paths), namespaces={"re": xpaths.REGEXP_NS}), alone)


def _any_of(table: str, tree: HtmlElement) -> bool:
    """Whether there is anything of a table in a page: on most there is not, and one walk tells."""
    return bool(_all_of(table, alone=True)(tree))


def _faster(selection: object, alone: bool = False) -> object:
    return hastened(selection, alone) if isinstance(selection, etree.XPath) else selection


def _anew() -> None:
    if rounds := _rounds.get():
        rounds.anew()


def _prepared(step: Callable[..., Any], tree: HtmlElement, options: Any, url: str | None) -> Any:
    """Return a page as trafilatura's own extractor looks at it, and as jusText does.

    Empty stands for what nobody will look at: what its own extractor found is kept, and jusText may be asked or not.
    """
    rounds = _rounds.get()
    if rounds is None or rounds.comments is None or not rounds.knows("extract_content"):
        return step(tree, options, url)
    return HtmlElement(), _library().tree_cleaning(copy(tree), options) if _usual.get() is not None else HtmlElement()


def _comments(step: Callable[..., Any], tree: HtmlElement, options: Any) -> Any:
    rounds = _rounds.get()
    if rounds is None or rounds.comments is None:
        return step(tree, options)
    return etree.Element("body"), rounds.comments, tree


def _once(step: Callable[..., Any], *given: object) -> Any:
    rounds = _rounds.get()
    return rounds.once(step, *given) if rounds else step(*given)


def _by_size(step: Callable[..., Any], tree: HtmlElement) -> Any:
    """Return what a step makes of a tree: it is the page's, or what is left of it without readers' comments, if there are any."""
    rounds = _rounds.get()
    return rounds.kept((step.__name__, int(_SIZE(tree))), step, tree) if rounds else step(tree)


def _if_asked(
    rescue: Callable[..., tuple[etree._Element, str]], longest: bool, *given: object
) -> tuple[etree._Element, str]:
    """Return jusText's text, as elements and as it reads; none where it is not asked.

    longest: it is heard only where it has more than all others; elsewhere its words count, if it takes all for usual or not.
    """
    words = _usual.get()
    if words is None or (words is stopwords.ALL and not longest):
        _missed.set(True)
        return etree.Element("body"), ""
    stopwords.take(words)
    return rescue(*given)
