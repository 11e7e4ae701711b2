"""What of an article a machine is to write, and what becomes of the answers: pure.

scope    how much may be translated, by the settings, the source's rights and the page's own wishes
assigned an article → its title and body as segments
written  their translations → the article in the other language, or why there is none
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from pipeline import characters
from pipeline.model import Article, Rights
from pipeline.record import dataclass
from pipeline.translate import markup
from pipeline.translate.glossary import Glossary
from pipeline.translate.marks import Segment
from pipeline.translate.markup import Body

#: Raised when the same article would now be taken apart, checked or put together otherwise.
VERSION = "2"
_ORDER = ("none", "titles", "excerpt", "full")


@dataclass(frozen=True, slots=True)
class Task:
    """An article to be translated: the segments of its title first, then those of its body."""

    article: Article
    source: str
    target: str
    scope: str  #: titles | excerpt | full
    title: Body
    body: Body

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Everything that is to be translated, in order."""
        return (*self.title.segments, *self.body.segments)

    @property
    def lead(self) -> int:
        """How many segments are title and beginning: these go first, in every story, before any body."""
        size, count = 0, len(self.title.segments)
        for segment in self.body.segments:
            if size >= 300:
                break
            size += len(segment.text)
            count += 1
        return count


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of one segment: its translation, or what was wrong with it, or neither yet."""

    answer: str = ""
    faults: tuple[str, ...] = ()
    engine: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be asked."""
        return bool(self.answer or self.faults)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A side that a machine wrote, or why there is none."""

    article: Article | None
    reason: str = ""
    segments: int = 0
    failed: int = 0
    faults: Mapping[str, int] | None = None
    whole: bool = True  #: false where the body still waits


def scope(what: str, rights: Rights, article: Article, *, outside: bool) -> str:
    """Return how much of an article an engine may be given; "none" where nothing.

    outside: the engine is another's; then the source's rights bound what it sees, and a page that reserves
    text and data mining is kept from it. On an engine of one's own only `none` and that reservation hold.
    """
    reserved = any(
        wish.partition(":")[0] == "tdm-reservation" and wish.partition(":")[2] != "0" for wish in article.robots
    )
    if rights.translate == "none" or reserved:
        return "none"
    return min(what, rights.translate, key=_ORDER.index) if outside else what


def assigned(article: Article, source: str, target: str, how_much: str, glossary: Glossary, chars: int = 300) -> Task:
    """Return the segments of an article; chars: of an excerpt."""
    title = markup.of_line(characters.line(article.title), source, target, glossary)
    html = "" if how_much == "titles" else article.html or _paragraphs(article.text)
    if how_much == "excerpt":
        html = _beginning(article.text, chars)
    return Task(article, source, target, how_much, title, markup.taken_apart(html, source, target, glossary))


def made_of(article: Article, target: str, how_much: str, settings: str) -> str:
    """Return what a translation depends on: while it stays, nothing is done again."""
    about = (VERSION, article.title, article.html, article.text, target, how_much, settings)
    return hashlib.sha256("\x1f".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def headline(task: Task, said: Sequence[Said]) -> str:
    """Return the title in the other language; "" where some of it has no translation, or it has no words."""
    answers = [one.answer for one in said[: len(task.title.segments)]]
    return markup.plain(markup.put_together(task.title, answers)) if answers and all(answers) else ""


def written(task: Task, said: Sequence[Said], share: float) -> Outcome:
    """Return the article in the other language; share: of failed segments, above which there is none.

    A segment that failed stands as the original has it, marked. While the body waits, title and beginning go out alone.
    """
    heads = len(task.title.segments)
    title, body = said[:heads], said[heads:]
    faults = dict(sorted(Counter(fault for one in said for fault in one.faults).items()))
    failed = sum(bool(one.faults) for one in said)
    kept = Outcome(None, "", len(said), failed, faults)
    named = ", ".join(f"{fault} {count}" for fault, count in faults.items())
    if not heads:
        return replace(kept, reason="its title has no words")
    if any(not one.answer for one in title):
        waits = not any(one.faults for one in title)
        return replace(kept, reason="" if waits else f"its title failed ({named})", whole=not waits)
    if failed > share * len(said):
        return replace(kept, reason=f"{failed} of {len(said)} segments failed ({named})")
    whole = all(one.settled for one in body)
    html = _put(task.body, body, task.source) if whole else ""
    article = replace(
        task.article, title=headline(task, said), html=html, text=markup.plain(html), alternates=(), declared={}, dropped=(), sections=(),
        made_by=f"machine:{'+'.join(sorted({one.engine for one in said if one.engine}))}",
    )  # fmt: skip
    return replace(kept, article=article, whole=whole)


def _put(body: Body, said: Sequence[Said], source: str) -> str:
    """Return a body's HTML; a segment without an answer stands as it was, told by its language."""
    answers = iter(said)
    parts = []
    for part in body.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        one = next(answers)
        if one.answer:
            parts.append(markup.written(one.answer, part.marks))
        else:
            parts.append(f"<em>[{source}]</em> {markup.written(part.text, part.marks, source=True)}")
    return "".join(parts)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())


def _beginning(text: str, chars: int) -> str:
    """Return the sentences that an excerpt of so many characters may reach into."""
    size, lines = 0, []
    for line in text.splitlines():
        if size >= chars:
            break
        lines.append(line)
        size += len(line)
    kept = "\n".join(lines)
    end = max((kept.rfind(stop, 0, chars + 200) for stop in (". ", "! ", "? ", ".\n")), default=-1)
    return _paragraphs(kept if len(kept) <= chars + 200 or end < chars // 2 else kept[: end + 1])
