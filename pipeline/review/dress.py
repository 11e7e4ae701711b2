"""Jinja2 as the templates see it: everything escaped, a name that is not there an error, words in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from pipeline.publish import words
from pipeline.review import outcomes, statics, tongue

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(language: str) -> Environment:
    """Return the templates in a language. `tongue`, `root` and the rest of Visit.page come with each page."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    # What the extension adds is unknown to the type checker.
    made.install_gettext_translations(tongue.translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(asset=statics.address, languages=tongue.LANGUAGES)
    made.globals["ngettext"] = _counting(cast(Callable[..., str], made.globals["ngettext"]), language)
    made.filters["web"] = web
    made.filters["code"] = code
    made.filters["outcome"] = partial(outcomes.shown, _=tongue.translations(language).gettext)
    made.filters["kind_of_source"] = partial(words.kind, language=language)
    return made


def _counting(ngettext: Callable[..., str], language: str) -> Callable[..., str]:
    """Return ngettext with its number written as the language writes numbers: "77 205 сюжетов"."""

    @pass_context
    def counting(context: Context, one: str, many: str, num: int, **values: object) -> str:
        return ngettext(context, one, many, num, **{"num": tongue.written(num, language), **values})

    return counting


def code(text: str) -> Markup:
    """Return text as HTML, what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def web(url: str) -> str:
    """Return an address if it leads to the web, "" for any other scheme: what a source wrote is never run."""
    try:
        return url if urlsplit(url).scheme.lower() in ("http", "https") else ""
    except ValueError:
        return ""
