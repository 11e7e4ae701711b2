"""Why two articles are taken for one story, in the reader's language.

The pairing stage says it in English, and so it is kept; here each of its phrases is known by its form. What is not
known is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pipeline.grammar import MONTHS
from pipeline.pairing import Explanation
from pipeline.record import dataclass
from pipeline.review.tongue import Tongue

Say = Callable[[Tongue, re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One clue: what it is, its value, and the log-odds it is worth."""

    name: str
    value: float
    worth: float

    @property
    def share(self) -> int:
        """How much of the longest bar, from 0 to 20."""
        return min(20, round(abs(self.worth) * 4))


def said(tongue: Tongue, reason: str) -> str:
    """Return a reason in the reader's language."""
    for form, say in _FORMS:
        found = form.fullmatch(reason)
        if found:
            return say(tongue, found)
    return reason


def weighed(tongue: Tongue, told: Explanation) -> list[Weighed]:
    """Return the clues of an explanation by what they are worth, the weightiest first."""
    names = _names(tongue)
    rows = [Weighed(names.get(name, name), value, worth) for name, value, worth in told.clues]
    rows.append(Weighed(tongue.gettext("sites, dates and pictures"), 0.0, told.relations))
    return sorted(rows, key=lambda one: (-abs(one.worth), one.name))


def _names(tongue: Tongue) -> Mapping[str, str]:
    return {
        "hub": tongue.gettext("names and words alike"),
        "margin": tongue.gettext("lead over the next best"),
        "numbers": tongue.gettext("numbers and days"),
        "names": tongue.gettext("names found in the other"),
        "words": tongue.gettext("words that translate each other"),
        "length": tongue.gettext("lengths unlike a translation's"),
        "size": tongue.gettext("how much text there is"),
        "meaning": tongue.gettext("alike in meaning"),
    }


def _days(tongue: Tongue, found: re.Match[str]) -> str:
    if found[2] == "later":
        return tongue.ngettext("English %(num)s day later", "English %(num)s days later", int(found[1]))
    return tongue.ngettext("English %(num)s day earlier", "English %(num)s days earlier", int(found[1]))


def _dated(tongue: Tongue, days: str) -> str:
    """Return days like "3 September, 1 May" with their months in the reader's language."""
    months = dict(zip(MONTHS["en"], MONTHS.get(tongue.code, MONTHS["en"]), strict=True))
    return re.sub(r"[A-Z][a-z]+", lambda found: months.get(found[0], found[0]), days)


def _figures(tongue: Tongue, figures: str) -> str:
    """Return figures like "2,400,000, 0.38" as the reader's language writes them."""
    return re.sub(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+", lambda found: _figure(tongue, found[0]), figures)


def _figure(tongue: Tongue, figure: str) -> str:
    whole, _, rest = figure.replace(",", "").partition(".")
    return tongue.number(int(whole)) + (f"{tongue.point}{rest}" if rest else "")


def _plain(pattern: str, say: Callable[[Tongue], str]) -> tuple[re.Pattern[str], Say]:
    return re.compile(pattern), lambda tongue, _: say(tongue)


def _with(pattern: str, say: Callable[[Tongue, str], str]) -> tuple[re.Pattern[str], Say]:
    return re.compile(pattern, re.DOTALL), lambda tongue, found: say(tongue, found[1])


_FORMS: tuple[tuple[re.Pattern[str], Say], ...] = (
    _plain("confirmed by an analyst", lambda t: t.gettext("confirmed by an analyst")),
    _plain("both stand on one page", lambda t: t.gettext("both stand on one page")),
    _plain("declared by hreflang", lambda t: t.gettext("declared by hreflang")),
    _plain("declared by the page's language switch", lambda t: t.gettext("declared by the page's language switch")),
    _plain("declared by address rule", lambda t: t.gettext("declared by address rule")),
    _plain("one names the other as its source", lambda t: t.gettext("one names the other as its source")),
    _plain("but the texts have nothing in common", lambda t: t.gettext("but the texts have nothing in common")),
    _plain("one says much that the other does not", lambda t: t.gettext("one says much that the other does not")),
    _plain(
        "another article is declared as the version", lambda t: t.gettext("another article is declared as the version")
    ),
    _plain("same day", lambda t: t.gettext("same day")),
    _plain("same picture", lambda t: t.gettext("same picture")),
    _plain("on one site", lambda t: t.gettext("on one site")),
    _plain("on different sites", lambda t: t.gettext("on different sites")),
    (re.compile(r"English (\d+) days? (later|earlier)"), _days),
    (re.compile(r"(\d+) names?: (.*)", re.DOTALL), lambda tongue, found: tongue.ngettext(
        "%(num)s name: %(names)s", "%(num)s names: %(names)s", int(found[1]), names=found[2])),
    _with(r"Latin words: (.*)", lambda t, rest: t.gettext("Latin words: %(words)s", words=rest)),
    (re.compile(r"(\d+) days? apart"), lambda tongue, found: tongue.ngettext(
        "%(num)s day apart", "%(num)s days apart", int(found[1]))),
    _plain("the same event, says an analyst", lambda t: t.gettext("the same event, says an analyst")),
    _with(r"days? (\d.*)", lambda t, rest: t.gettext("days %(days)s", days=_dated(t, rest))),
    _with(r"numbers? (.*)", lambda t, rest: t.gettext("numbers %(numbers)s", numbers=_figures(t, rest))),
    _with(r"titles share (.*)", lambda t, rest: t.gettext("titles share %(words)s", words=rest)),
    _with(r"alike in meaning \((.*)\)", lambda t, rest: t.gettext("alike in meaning (%(likeness)s)", likeness=_figures(t, rest))),
    _with(r"margin (.*)", lambda t, rest: t.gettext("lead over the next best %(lead)s", lead=_figures(t, rest))),
    _with(r"a rival is nearer by (.*)", lambda t, rest: t.gettext("a rival is nearer by %(lead)s", lead=_figures(t, rest))),
    _plain("linked, but no longer likely: split it, or confirm it",
           lambda t: t.gettext("linked, but no longer likely: split it, or confirm it")),
    _plain("likelier than the pair that is linked: confirm it, or reject it",
           lambda t: t.gettext("likelier than the pair that is linked: confirm it, or reject it")),
)  # fmt: skip
