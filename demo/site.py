"""A sample site as its folder describes it: names, addresses, menu, labels, templates.

How the pages are put together is in `pages`; who answers for them in `server`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Template
from typing import Any

from demo.articles import SITES, DemoArticle
from pipeline.grammar import MONTHS

#: The sites, in the order of their ports.
SITE_IDS = ("bureau", "cluster-blog", "instruments", "science-park")
LANGUAGES = ("ru", "en")


@dataclass(frozen=True, slots=True)
class MenuPage:
    """A page that is no article: about us, contacts and the like."""

    path: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One language's part of a site: its addresses and its words."""

    language: str
    name: str
    home: str
    article: str  #: "/news/{name}/"
    listing: str  #: first page of the listing
    page: str = ""  #: "/news/?page={n}"; "" means that one page holds all
    per_page: int = 100
    category: str = ""  #: "/news/{category}/"
    date: str = ""  #: how dates are written, e.g. "{month} {day} {year}"
    feed: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[MenuPage, ...] = ()

    def written(self, at: datetime) -> str:
        """Return the day of an instant in this edition's style."""
        month = MONTHS[self.language][at.month - 1]
        return self.date.format(
            day=at.day, day2=f"{at.day:02}", month=month, Month=month.title(), year=at.year, iso=f"{at:%Y-%m-%d}"
        )


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One sample site."""

    id: str
    editions: Mapping[str, Edition]
    templates: Mapping[str, Template]
    static: Mapping[str, bytes]
    robots: str
    evidence: str  #: where a reader finds an article's date: rule | json-ld | prose …
    charset: str = "utf-8"
    charset_in_header: bool = True
    versions: bool = True  #: the address of one language follows from the other's
    picture_by: str = "story"  #: what names a picture: story (versions share it) | name
    sitemap: str = ""
    broken_links: tuple[str, ...] = ()  #: linked on the pages, never answered

    def path(self, article: DemoArticle) -> str:
        """Return where an article of this site stands."""
        return self.editions[article.language].article.format(name=article.name)


def load_site(site: str) -> DemoSite:
    """Return the site described in `sites/<site>/`."""
    folder = SITES / site
    facts = tomllib.loads((folder / "site.toml").read_text("utf-8"))
    editions = {language: _edition(language, facts.pop(language)) for language in LANGUAGES if language in facts}
    templates = {file.name: Template(file.read_text("utf-8")) for file in sorted((folder / "templates").iterdir())}
    static = {file.name: file.read_bytes() for file in sorted((folder / "static").iterdir())}
    facts["broken_links"] = tuple(facts.get("broken_links", ()))
    return DemoSite(id=site, editions=editions, templates=templates, static=static, **facts)


def _edition(language: str, facts: dict[str, Any]) -> Edition:
    menu = tuple(MenuPage(**page) for page in facts.pop("menu", ()))
    return Edition(language=language, menu=menu, **facts)
