"""The language of an article, weighed: what is declared, which script it is in, what the detector says.

A declaration that the script contradicts loses (English pages say lang="ru" every day);
where text is scarce, it decides. Every disagreement stays in the evidence. What is not here:
reading the page.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.language import detector, script
from pipeline.language.asked import CLUES, ENOUGH
from pipeline.model import LANGUAGES, Article, Language

#: Fewer letters than this say little about language.
_FEW = 25
#: Each language needs this share of whole lines for a text to be in two.
_MIXED = 0.3
#: Nine tenths of a whole line are in its script: texts with less than this of either are not looked at line by line.
_MAYBE_MIXED = 0.26


def identify(article: Article) -> Language:
    """Return the language of article: ru, en, mixed or other, with confidence and evidence."""
    own = article.text[:ENOUGH]
    body = script.letters(own)
    text, found = own, body
    if body.total < detector.LETTERS:
        text = f"{article.title}\n{own}"
        found = script.letters(text)
    declared = {clue: article.declared[clue] for clue in CLUES if article.declared.get(clue)}
    evidence = [f"declared:{clue}={code}" for clue, code in declared.items()]
    if found.total:
        evidence.append(f"script:{_share(found)}")
    if found.total < _FEW:
        return _scarce(found, declared, evidence, text)
    code, confidence, reason = _by_text(text, found)
    if reason:
        evidence.append(reason)
    if found.total >= detector.LETTERS and code in LANGUAGES:
        code, confidence = _confirmed(text, code, confidence, declared, evidence)
    return _weighed(code, confidence, declared, evidence)


def _by_text(text: str, found: script.Letters) -> tuple[str, float, str]:
    if min(found.cyrillic, found.latin) >= _MAYBE_MIXED:
        cyrillic, latin = script.blocks(text.split("\n"))
        if min(cyrillic, latin) >= _MIXED:
            return "mixed", 0.9, f"blocks:{cyrillic:.2f} Cyrillic, {latin:.2f} Latin"
    if found.leading == "Cyrillic":
        against = script.not_russian(text) or _southern(text, found)
        return ("other", 0.95, f"not ru:{against}") if against else ("ru", 0.6 + 0.35 * found.cyrillic, "")
    if found.leading == "Latin":
        against = script.not_english(text)
        return ("other", 0.9, f"not en:{against}") if against else ("en", 0.6 + 0.35 * found.latin, "")
    return "other", 0.95, "script neither Cyrillic nor Latin"


def _southern(text: str, found: script.Letters) -> str:
    """Return what the detector calls a short text in which nothing is Russian, where it is sure; or ""."""
    if found.total >= detector.LETTERS or not script.looks_southern(text):
        return ""
    answer = detector.detect(text)
    return f"detected {answer[0]}" if answer and answer[0] in ("bg", "mk", "uk") and answer[1] >= 0.5 else ""


def _confirmed(
    text: str, code: str, confidence: float, declared: Mapping[str, str], evidence: list[str]
) -> tuple[str, float]:
    answer = detector.detect(text)
    if answer is None:
        return code, confidence
    language, probability = answer
    evidence.append(f"detected:{language} {probability:.2f}")
    if language == code:
        return code, min(0.99, confidence + 0.05)
    if language in ("uk", "bg", "mk") and probability >= 0.9 and code == "ru" and "ru" not in declared.values():
        return "other", 0.8
    return code, confidence - 0.2


def _scarce(found: script.Letters, declared: Mapping[str, str], evidence: list[str], text: str) -> Language:
    """Tell the language of a title or less: the declaration decides unless the alphabet forbids it."""
    guess = {"Cyrillic": "ru", "Latin": "en"}.get(found.leading, "other") if found.total else "other"
    if guess == "ru" and (against := script.not_russian(text)):
        guess = "other"
        evidence.append(f"not ru:{against}")
    first = next(iter(declared.values()), "")
    if not first:
        return Language(guess, 0.6 if found.total else 0.1, tuple(evidence))
    # A Russian page may be titled in Latin letters (a brand, a name), an English one is never in Cyrillic.
    possible = first in LANGUAGES if not found.total else first == "ru" and (found.leading == "Latin" or guess == "ru")
    code = first if possible else guess
    if first != code:
        evidence.append(f"disagreement:{first}")
    return Language(code, 0.7 if first == code else 0.5, tuple(evidence))


def _weighed(code: str, confidence: float, declared: Mapping[str, str], evidence: list[str]) -> Language:
    against = [f"disagreement:{clue}={said}" for clue, said in declared.items() if said != code]
    agreed = any(said == code for said in declared.values())
    confidence += 0.04 * agreed - 0.05 * bool(against)
    return Language(code, round(min(0.99, max(0.1, confidence)), 3), (*evidence, *against))


def _share(found: script.Letters) -> str:
    share = {"Cyrillic": found.cyrillic, "Latin": found.latin}.get(found.leading, 1 - found.cyrillic - found.latin)
    return f"{share:.2f} {found.leading}"
