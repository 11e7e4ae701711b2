"""Names that confirmed pairs suggest for the glossary: pure.

A name is a run of capitalised words, or what stands in quotation marks. A Russian and an English one that stand in the same
pairs again and again, and hardly ever without each other, are proposed; a person takes them over, or does not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from pipeline.record import dataclass
from pipeline.translate.glossary import stem

#: In so many pairs together, and in this share of all they are met in.
LEAST, SHARE = 3, 0.7
#: Names of one pair that are looked at; more is a list of people, not news.
_MOST = 60
_RU = re.compile(r"«([^«»]{3,60})»|((?:[А-ЯЁ][\w-]+)(?:\s+(?:[А-ЯЁ][\w-]+|[а-яё]{4,}(?=\s+[А-ЯЁ]|[\s.,;!?]|$))){1,5})")
_EN = re.compile(
    r"[\"“]([^\"“”]{3,60})[\"”]|((?:[A-Z][\w'’-]+)(?:\s+(?:of|the|for|and|in)\s+(?=[A-Z])|\s+)(?:[A-Z][\w'’-]+)(?:(?:\s+(?:of|the|for|and|in))?\s+[A-Z][\w'’-]+){0,5})"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name in both languages, and how often it was met."""

    ru: str
    en: str
    together: int  #: pairs that have both
    met: int  #: pairs that have either


def mined(pairs: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]] = ()) -> list[Proposal]:
    """Return the names that (Russian, English) texts suggest, the surest first; known ones left out."""
    met: Counter[tuple[str, str]] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    forms: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for ru, en in pairs:
        here = {"ru": _names(ru, _RU), "en": _names(en, _EN)}
        for language, names in here.items():
            for key, form in names.items():
                met[language, key] += 1
                forms[language, key][form] += 1
        together.update((one, other) for one in here["ru"] for other in here["en"])
    have = {_key(ru) for ru, _ in known} | {_key(en) for _, en in known}
    found = [
        Proposal(_form(forms["ru", one]), _form(forms["en", other]), count, met["ru", one] + met["en", other] - count)
        for (one, other), count in together.items()
        if count >= LEAST and one not in have and other not in have
    ]
    sure = [one for one in found if one.together >= SHARE * one.met]
    return _one_each(sorted(sure, key=lambda one: (-one.together / one.met, -one.together, one.ru, one.en)))


def _one_each(ordered: Iterable[Proposal]) -> list[Proposal]:
    """Keep the surest proposal of each name; where several are as sure, none can be told to be right."""
    kept: list[Proposal] = []
    rivals: Counter[tuple[str, int, int]] = Counter()
    rows = list(ordered)
    for one in rows:
        rivals[one.ru, one.together, one.met] += 1
        rivals[one.en, one.together, one.met] += 1
    taken: set[str] = set()
    for one in rows:
        alone = rivals[one.ru, one.together, one.met] == rivals[one.en, one.together, one.met] == 1
        if alone and not {one.ru, one.en} & taken:
            kept.append(one)
        taken |= {one.ru, one.en}
    return kept


def _names(text: str, pattern: re.Pattern[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in pattern.finditer(text):
        form = " ".join((match[1] or match[2]).split())
        found.setdefault(_key(form), form)
        if len(found) >= _MOST:
            break
    return found


def _key(form: str) -> str:
    return " ".join(stem(word) for word in re.findall(r"[\w'’-]+", form) if word.lower() not in ("the", "a"))


def _form(forms: Counter[str]) -> str:
    """Return the form of a name that is met most; of these the shortest, which is the nominative as a rule."""
    return min(forms, key=lambda form: (-forms[form], len(form), form))
