"""Russian and English text → sentences, nothing lost.

Where a full stop may be an abbreviation's («г. Пушкин», «т. е.», initials), the text is not
cut: two sentences translated together are no harm, half a sentence is. Signs of markup
(`marks`) stand where they stood.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.translate.marks import RANGE

_SIGN = f"[{RANGE}]"
#: What may stand between the end of a sentence and the space after it.
_CLOSING = rf"(?:[\"»”’')\]]|{_SIGN})*"
_OPENING = rf"(?:[\"«„“‘'(\[—–-]\s?|{_SIGN})*"
_END = re.compile(rf"(?P<stop>[.!?…]+){_CLOSING}(?P<space>\s+)(?={_OPENING}(?P<next>[^\W_]|$))")
# Words that end in a full stop within a sentence, in lower case; followed by a name or a number as a rule.
_BEFORE_NAMES = frozenset(
    "г ул пр просп пл наб пер им д корп стр кв оф р пос дер с обл респ ст акад проф доц канд докт гр тов св "
    "ген полк кап зам зав нач пом гл см ср рис табл илл прим ред сост пер изд вып т ч п пп гос авт англ рус нем фр "
    "лат др-р мр ок прибл напр тел факс моб доб м шт эт ауд каб "
    "mr mrs ms dr prof st mt ft rev gen col capt lt sgt sen rep gov pres hon sr jr messrs no nos vol pp fig figs "
    "ed eds vs cf approx ca al ave blvd rd dept univ assn corp inc ltd co bros gmbh".split()
)
# Words whose full stop may also end the sentence: they do where a capital letter follows.
_MAY_END = frozenset("гг в вв др пр проч руб коп тыс млн млрд трлн etc inc ltd co corp jr sr p a".split())
_LATIN_MANY = re.compile(
    r"(?:^|[\s(«\"])(?:e\.g|i\.e|т\.\s?[еокн]|и\s?\.\s?о|н\.\s?э|a\.m|p\.m|ph\.d|u\.s|u\.k)\.$", re.IGNORECASE
)
_SO_ON = re.compile(r"\bт\.\s?[дп]\.$")
_LAST_WORD = re.compile(r"(?:^|[^\w-])([\w-]+)\.$")
_NUMBER_IN_FRONT = re.compile(r"(?:^|\s)\d{1,3}\.$")
_SOFT = re.compile(r"[;:]\s+|,\s+|\s+[—–-]\s+")


def split(text: str) -> list[str]:
    """Return text cut into sentences, each with the white space after it; joined they are the text."""
    out, start = [], 0
    for found in _END.finditer(text):
        if _ends(text[start : found.end("stop")], found["stop"], found["next"]):
            out.append(text[start : found.end("space")])
            start = found.end("space")
    rest = text[start:]
    return [*out, rest] if rest or not out else out


def within(sentence: str, limit: int) -> list[str]:
    """Return a sentence cut into parts of at most `limit` characters, at clauses or else between words."""
    parts = []
    while len(sentence) > limit:
        places = [found.end() for found in _SOFT.finditer(sentence, 0, limit) if found.end() > limit // 3]
        space = sentence.rfind(" ", 1, limit) + 1
        cut = (places or [space or limit])[-1]
        parts.append(sentence[:cut])
        sentence = sentence[cut:]
    return [*parts, sentence] if sentence or not parts else parts


def _ends(before: str, stop: str, after: str) -> bool:
    """Tell whether a stop ends the sentence; before: up to and with it, after: the next letter."""
    if after.islower():
        return False
    if stop != ".":
        return True
    return not _abbreviated(_plain().sub("", before), after)


def _abbreviated(before: str, after: str) -> bool:
    if _SO_ON.search(before):
        return False
    if _LATIN_MANY.search(before) or _NUMBER_IN_FRONT.fullmatch(before.strip()):
        return True
    found = _LAST_WORD.search(before)
    if not found:
        return False
    word = found[1]
    if len(word) == 1 and word.isupper():
        return True  # an initial: А. С. Пушкин
    lowered = word.lower()
    if lowered in _MAY_END:
        return not after.isupper()
    return lowered in _BEFORE_NAMES


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(_SIGN)
