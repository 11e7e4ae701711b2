"""One page, two articles: a Russian and an English text one after the other.

Told by letters alone, and only where the page changes over once: what is interleaved stays one
article in two languages. What is not here: whether each is truly Russian or English (language/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from pipeline.extract.blocks import fold
from pipeline.record import dataclass

_CYRILLIC = re.compile("[а-яёА-ЯЁ]+")
_LATIN = re.compile("[a-zA-Z]+")
#: Enough of each to be a text: letters, and share of the page's.
_LETTERS, _SHARE = 200, 0.25
#: Letters of the other script that names and addresses bring into a text.
_FOREIGN = 0.12
#: Words that any English (Russian) text of some length has; none of them, and it is another language.
_USUAL = {
    "en": re.compile(r"\b(?:the|of|and|to|in|is|was|for)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(?:и|в|на|с|по|что|для|не|из)\b|[ыэ]", re.IGNORECASE),
}
_SEPARATOR = re.compile(r"\s+[/|–—-]\s+|\s*[|/]\s*")
#: Longer lines, and lines that end like a sentence, are no titles.
_TITLE = 150
_SENTENCE = re.compile(r"[.;:,…]$")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: its lines from `start` to `end`, `start` past a title that stood among them."""

    language: str
    title: str
    start: int
    end: int


def split(lines: Sequence[str], titles: Sequence[str]) -> tuple[Side, Side] | None:
    """Return the two texts that lines hold, the one in the language of the first title first; None for one text.

    titles: what the page is called, best first; a side that none of them fits is called by its first line.
    """
    cut, first = _change(lines)
    if not cut:
        return None
    spans = ((first, 0, cut), (_other(first), cut, len(lines)))
    sides = [_side(language, lines, start, end, titles) for language, start, end in spans]
    leading = next((code for title in titles if (code := _script(title))), first)
    sides.sort(key=lambda side: side.language != leading)
    return sides[0], sides[1]


def _change(lines: Sequence[str]) -> tuple[int, str]:
    """Return where lines change over from one language to the other, and the first's; (0, "") where they do not."""
    sums: dict[str, list[int]] = {}
    for code, script in (("ru", _CYRILLIC), ("en", _LATIN)):
        sums[code] = [0, *accumulate(_letters(script, line) for line in lines)]
        if sums[code][-1] < _LETTERS:
            return 0, ""  # as on most pages: there is nothing to compare
    total = sums["ru"][-1] + sums["en"][-1]
    if min(sums["ru"][-1], sums["en"][-1]) < _SHARE * total:
        return 0, ""
    # Wrong are the letters that stand on the other's side.
    wrong, cut, first = min(
        (sums[_other(code)][at] + sums[code][-1] - sums[code][at], at, code)
        for code in ("en", "ru") for at in range(1, len(lines))
    ) if len(lines) > 1 else (total, 0, "")  # fmt: skip
    if wrong > _FOREIGN * total:
        return 0, ""
    texts = {first: "\n".join(lines[:cut]), _other(first): "\n".join(lines[cut:])}
    usual = all(len(_USUAL[code].findall(text)) >= 3 for code, text in texts.items())
    return (cut, first) if usual else (0, "")


def _side(language: str, lines: Sequence[str], start: int, end: int, titles: Sequence[str]) -> Side:
    title = next((half for one in titles for half in _halves(one) if _script(half) == language), "")
    head = lines[start]
    headed = end - start > 1 and len(head) <= _TITLE and not _SENTENCE.search(head)
    if not title:
        title = head if headed else _first_sentence(head)
    return Side(language, title, start + (headed and fold(title) == fold(head)), end)


def _halves(title: str) -> Iterable[str]:
    """Yield a title, or its two halves where it says the same twice: "Forum opens / Форум открылся"."""
    marks = [match.span() for match in _SEPARATOR.finditer(title)]
    borders = [(0, 0), *marks, (len(title), len(title))]
    pieces = [title[before[1] : after[0]].strip() for before, after in pairwise(borders)]
    scripts = [_script(piece) for piece in pieces]
    if len(pieces) == 2 and set(scripts) == {"ru", "en"}:
        yield from pieces
    else:
        yield title


def _letters(script: re.Pattern[str], text: str) -> int:
    return sum(map(len, script.findall(text)))


def _script(text: str) -> str:
    """Return the language most letters of text are of; "" where neither leads."""
    cyrillic, latin = _letters(_CYRILLIC, text), _letters(_LATIN, text)
    if cyrillic == latin:
        return ""
    return "ru" if cyrillic > latin else "en"


def _first_sentence(text: str) -> str:
    sentence = re.split(r"(?<=[.!?…])\s+(?=[A-ZА-ЯЁ«“\"])", text, maxsplit=1)[0]
    if len(sentence) <= _TITLE:
        return sentence.rstrip(".")
    return sentence[:_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + "…"


def _other(language: str) -> str:
    return "en" if language == "ru" else "ru"
