"""Why a search cannot be read, in the reader's language; the query module says it in English, as the command line shows it."""

from __future__ import annotations

import re
from ast import literal_eval

from pipeline.review.tongue import Tongue

_READ = re.compile(r"cannot be read from (?P<quoted>['\"].*['\"]) on: .*", re.DOTALL)
_NO_WORD = re.compile(r"has no word in (?P<quoted>['\"].*['\"]); .*", re.DOTALL)
_NO_FIELD = re.compile(r"(?P<field>\S+): is no field of a search; known: (?P<known>[^.]*)\. .*", re.DOTALL)
_NO_LANGUAGE = re.compile(r"language:(?P<text>.*) should be language:ru or language:en", re.DOTALL)


def said(tongue: Tongue, wrong: str) -> tuple[str, str]:
    """Return what is wrong with a search, and in which language that is; in English where it is not known."""
    forms = (
        (_READ, tongue.gettext("What cannot be read begins with “%(text)s”: a quotation mark may be missing.")),
        (_NO_WORD, tongue.gettext("There is no word in “%(text)s”.")),
        (_NO_FIELD, tongue.gettext("“%(field)s:” is no facet of a search. There are: %(known)s. Put quotation marks around text.")),
        (_NO_LANGUAGE, tongue.gettext("Instead of “%(text)s” write language:ru or language:en.")),
    )  # fmt: skip
    for form, text in forms:
        if found := form.fullmatch(wrong):
            own = found.groupdict()
            if "quoted" in own:  # as Python writes text, with what would end it escaped
                own["text"] = literal_eval(own["quoted"])
            return text % own, tongue.code
    return wrong, "en"
