"""The articles of the sample sites, read from one small text file each.

A file is a header of `key: value` lines, an empty line, and paragraphs with empty
lines between them; `## ` begins a subheading, `- ` a list item. The file's name is
`<name>.<language>.md`. Where an article stands on its site is not here: see `site`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

SITES = Path(__file__).parent / "sites"
MOSCOW = timezone(timedelta(hours=3), "MSK")  # no daylight saving: a fixed offset is the whole truth
_KEYS = frozenset(("title", "date", "dated", "story", "category", "topic", "picture", "evidence", "held"))


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article as its author wrote it."""

    site: str
    name: str  #: the part of its address that is its own
    language: str  #: ru | en
    title: str
    at: datetime  #: aware, Moscow time; 09:00 where the file gives only a day
    story: str  #: articles with one story are versions or copies of one another
    paragraphs: tuple[str, ...]
    dated: bool = True  #: False: the page tells nothing of the date
    category: str = ""
    topic: str = ""
    picture: str = ""  #: caption; "" means no picture
    evidence: str = ""  #: where the date is to be found, where it is not the site's usual place
    held: bool = False  #: shown only after `DemoSites.release`

    @property
    def key(self) -> str:
        """Site, name and language in one word, e.g. `bureau/1364.ru`."""
        return f"{self.site}/{self.name}.{self.language}"

    @property
    def text(self) -> str:
        """The article's words alone, a paragraph a line."""
        return "\n".join(paragraph.removeprefix("## ").removeprefix("- ") for paragraph in self.paragraphs)


def load(site: str) -> tuple[DemoArticle, ...]:
    """Return the articles of a site, newest first (ties by name and language).

    Raises ValueError, naming the file, where one cannot be read.
    """
    files = sorted((SITES / site / "articles").glob("*.md"))
    return newest_first(_read(site, file) for file in files)


def newest_first(articles: Iterable[DemoArticle]) -> tuple[DemoArticle, ...]:
    """Return articles in the order a listing shows them."""
    return tuple(sorted(articles, key=lambda each: (-each.at.timestamp(), each.name, each.language)))


def _read(site: str, file: Path) -> DemoArticle:
    name, language, _ = file.name.rsplit(".", 2)
    head, _, body = file.read_text("utf-8").partition("\n\n")
    fields = dict(_field(file, line) for line in head.splitlines())
    try:
        return DemoArticle(
            site=site,
            name=name,
            language=language,
            title=fields["title"],
            at=_instant(fields["date"]),
            story=fields["story"],
            paragraphs=tuple(part.replace("\n", " ").strip() for part in body.strip().split("\n\n")),
            dated=fields.get("dated") != "no",
            category=fields.get("category", ""),
            topic=fields.get("topic", ""),
            picture=fields.get("picture", ""),
            evidence=fields.get("evidence", ""),
            held=fields.get("held") == "yes",
        )
    except KeyError as error:
        raise ValueError(f"{file}: the header has no {error.args[0]!r}") from error


def _field(file: Path, line: str) -> tuple[str, str]:
    key, colon, value = line.partition(": ")
    if not colon or key not in _KEYS:
        raise ValueError(f"{file}: {line!r} should be `key: value`, key one of {', '.join(sorted(_KEYS))}")
    return key, value.strip()


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(hour=at.hour or 9, tzinfo=MOSCOW)
