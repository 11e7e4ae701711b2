"""Names for the glossary: proposed out of confirmed pairs, with where they were met; accepted into sources.yaml, or declined.

proposed  what confirmed pairs suggest and nobody has declined, the surest first
accept    a pair of names becomes part of `glossary`, comments of the file kept
decline   it is not proposed again
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline import characters
from pipeline.errors import ConfigError
from pipeline.export_pairs import is_confirmed
from pipeline.model import Config
from pipeline.record import dataclass
from pipeline.sources import edit
from pipeline.sources.terms import with_term
from pipeline.store import Store
from pipeline.translate import terms as mining

#: So many places are shown of each.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """A name in both languages, and what speaks for it."""

    ru: str
    en: str
    together: int  #: confirmed pairs that have both
    met: int  #: confirmed pairs that have either
    stories: tuple[tuple[str, str, str], ...]  #: some of those with both: id, Russian and English title


def proposed(store: Store, config: Config) -> list[Proposed]:
    """Return the names that confirmed pairs suggest for the glossary, the surest first."""
    rows = list(_confirmed(store))
    declined = store.terms.declined()
    found = mining.mined(((ru, en) for _, _, ru, en in rows), known=config.glossary)
    return [
        Proposed(one.ru, one.en, one.together, one.met, tuple(_met(one, rows)))
        for one in found
        if (one.ru, one.en) not in declined
    ]


def accept(file: Path, ru: str, en: str) -> None:
    """Add a pair of names to the glossary of a sources file. Raises ConfigError where it cannot be."""
    ru, en = characters.line(ru), characters.line(en)
    if not ru or not en:
        raise ConfigError("a name is needed in both languages")
    try:
        before = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror or error})") from error
    after = with_term(before, ru, en, str(file))
    edit.replace(file, before, after, [edit.term_name((ru, en))], section="glossary")


def decline(store: Store, ru: str, en: str, who: str, now: datetime) -> None:
    """Keep that a pair of names is not wanted."""
    store.terms.decline(characters.line(ru), characters.line(en), who, now)


def _confirmed(store: Store) -> Iterator[tuple[str, tuple[str, str], str, str]]:
    """Yield id, titles and both texts of every story that an analyst vouches for."""
    said = {one for word in store.verdicts.every() if word.kind == "confirm" for one in (word.ru, word.en)}
    for story in store.stories.of_articles(said):
        own = {code: text.lead.article for code, text in story.texts.items() if text.origin == "publisher"}
        if {"ru", "en"} <= own.keys() and is_confirmed(story):
            ru, en = own["ru"], own["en"]
            yield story.id, (ru.title, en.title), f"{ru.title}\n{ru.text}", f"{en.title}\n{en.text}"


def _met(one: mining.Proposal, rows: list[tuple[str, tuple[str, str], str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield some of the stories that have both names, in the form proposed."""
    left = _SHOWN
    for story, titles, ru, en in rows:
        if left and one.ru in ru and one.en in en:
            left -= 1
            yield story, *titles
