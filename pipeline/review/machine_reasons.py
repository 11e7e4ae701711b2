"""Why a machine's wording is not there, or is doubted, in the reader's language.

Translating says it in English, and so it is kept; here each of its phrases is known by its form. What an engine of
another's says of itself stays in its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from pipeline.review.tongue import Tongue

Say = Callable[[Tongue, re.Match[str]], str]


def said(tongue: Tongue, reason: str) -> tuple[str, str]:
    """Return a reason in the reader's language, and the language that is; as it is, in English, where it is not known."""
    for form, say in _FORMS:
        found = form.fullmatch(reason)
        if found:
            return say(tongue, found), tongue.code
    return reason, "en"


def faults(tongue: Tongue, failed: Iterable[str]) -> str:
    """Return which checks a wording failed, by name."""
    names = _checks(tongue)
    return ", ".join(names.get(one, one) for one in failed)


def _checks(tongue: Tongue) -> Mapping[str, str]:
    _ = tongue.gettext
    return {
        "empty": _("no words"), "song": _("notes for words"), "tags": _("links and emphasis"), "number": _("numbers"),
        "date": _("dates"), "link": _("addresses"), "name": _("glossary"), "script": _("alphabet"), "language": _("language"),
        "length": _("length"), "loop": _("words over and over"), "identity": _("left untranslated"),
    }  # fmt: skip


def _kinds(tongue: Tongue) -> Mapping[str, str]:
    _ = tongue.gettext
    return {
        "quota": _("the quota is spent"), "overload": _("overloaded"), "refused": _("refused the request"),
        "unsupported": _("does not know these languages"), "too-large": _("took the text for too long"),
        "network": _("could not be reached"), "lost": _("no usable answer came"),
    }  # fmt: skip


def _counted(tongue: Tongue, told: str) -> str:
    """Return "number 3, date 1" with the checks by name."""
    names = _checks(tongue)
    each = (one.rpartition(" ") for one in told.split(", "))
    return ", ".join(f"{names.get(name, name)}: {tongue.number(int(count))}" for name, _, count in each)


def _segments(tongue: Tongue, found: re.Match[str]) -> str:
    return tongue.ngettext(
        "%(failed)s of %(num)s sentence failed a check (%(checks)s)", "%(failed)s of %(num)s sentences failed a check (%(checks)s)",
        int(found[2]), failed=tongue.number(int(found[1])), checks=_counted(tongue, found[3]),
    )  # fmt: skip


def _engine(tongue: Tongue, found: re.Match[str]) -> str:
    told = f"{found['engine']}: {_kinds(tongue)[found['kind']]}"
    told += f" ({found['detail']})" if found["detail"] else ""
    if not found["until"]:
        return told
    return told + "; " + tongue.gettext("not asked before %(time)s UTC", time=found["until"])


def _plain(pattern: str, say: Callable[[Tongue], str]) -> tuple[re.Pattern[str], Say]:
    return re.compile(re.escape(pattern)), lambda tongue, _: say(tongue)


_FORMS: tuple[tuple[re.Pattern[str], Say], ...] = (
    _plain("its title has no words", lambda t: t.gettext("its title has no words")),
    (re.compile(r"its title failed \(((?:\w+ \d+(?:, )?)+)\)"), lambda t, found: t.gettext(
        "its title failed a check (%(checks)s)", checks=_counted(t, found[1]))),
    (re.compile(r"(\d+) of (\d+) segments failed \(((?:\w+ \d+(?:, )?)+)\)"), _segments),
    _plain("the publisher's own text came", lambda t: t.gettext("the publisher's own text came")),
    _plain("another worker is at it", lambda t: t.gettext("another worker is at it")),
    _plain("no engine could be asked", lambda t: t.gettext("no engine could be asked")),
    _plain("rights.translate is none", lambda t: t.gettext("the source's rights allow no translation")),
    _plain("the page reserves text and data mining", lambda t: t.gettext("the page reserves text and data mining")),
    (re.compile(r"the day's characters of (\S+) or of (\S+) are spent"), lambda t, found: t.gettext(
        "the day's characters of %(engine)s or of %(source)s are spent", engine=found[1], source=found[2])),
    (re.compile(r"sent to (\S+), and no answer was kept: .*`(.+)`.*"), lambda t, found: t.gettext(
        "sent to %(engine)s, and no answer was kept: it may have been billed; “%(command)s” sends it again",
        engine=found[1], command=found[2])),
    (re.compile(r"the tags (.*) must each stand there once, .*"), lambda t, found: t.gettext(
        "the tags %(tags)s must each stand there once, and end in the order in which they begin", tags=found[1])),
    (re.compile(r"(?P<engine>\S+): (?P<kind>quota|overload|refused|unsupported|too-large|network|lost)"
                r"(?: \((?P<detail>.*)\))?(?:; not asked before (?P<until>[\d: -]+) UTC)?", re.DOTALL), _engine),
)  # fmt: skip
