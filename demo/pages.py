"""Every page of a sample site, put together from its templates and the articles it shows.

Pure: a site and its visible articles go in, address → page comes out. Who asks, and
what goes wrong on the way, is in `server`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from itertools import groupby
from types import MappingProxyType

from demo import pictures
from demo.articles import DemoArticle
from demo.site import DemoSite, Edition

TYPES = {"css": "text/css", "svg": "image/svg+xml", "png": "image/png"}
_READ_ALSO = 3
_OLD = datetime(2026, 8, 1, tzinfo=UTC)  # of pages that hold no article


@dataclass(frozen=True, slots=True)
class Page:
    """What one address answers."""

    body: bytes
    type: str
    modified: datetime


def build(site: DemoSite, articles: Sequence[DemoArticle], base: str) -> dict[str, Page]:
    """Return path (with query) → page; articles newest first, base the site's scheme, host and port."""
    maker = _Maker(site, articles, base)
    return dict(maker.pages())


def html_of(paragraphs: Sequence[str]) -> str:
    """Return paragraphs as HTML: `## ` headings, runs of `- ` as one list."""
    parts = []
    for is_list, run in groupby(paragraphs, key=lambda each: each.startswith("- ")):
        if is_list:
            parts.append("<ul>" + "".join(f"<li>{escape(each[2:])}</li>" for each in run) + "</ul>")
        else:
            parts += [
                f"<h2>{escape(each[3:])}</h2>" if each.startswith("## ") else f"<p>{escape(each)}</p>" for each in run
            ]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Maker:
    site: DemoSite
    articles: Sequence[DemoArticle]
    base: str

    def pages(self) -> Iterator[tuple[str, Page]]:
        for edition in self.site.editions.values():
            own = [each for each in self.articles if each.language == edition.language]
            yield from self._menu_pages(edition, own)
            yield from self._listings(edition, own)
            yield from ((self.site.path(each), self._article(edition, each, own)) for each in own)
            if edition.feed:
                yield edition.feed, self._feed(edition, own)
        yield from self._files()

    # ── pages that are no articles ──────────────────────────────────────────────
    def _menu_pages(self, edition: Edition, own: Sequence[DemoArticle]) -> Iterator[tuple[str, Page]]:
        for page in edition.menu:
            if page.text:
                yield (
                    page.path,
                    self._page(edition, page.title, f"<h1>{escape(page.title)}</h1>\n<p>{escape(page.text)}</p>"),
                )
        latest = self._rows(edition, own[:3])
        yield edition.home, self._page(edition, edition.name, f"<h1>{escape(edition.name)}</h1>\n{latest}", own[:3])

    def _listings(self, edition: Edition, own: Sequence[DemoArticle]) -> Iterator[tuple[str, Page]]:
        size = edition.per_page
        shown = [own[start : start + size] for start in range(0, len(own), size)] or [[]]
        addresses = [edition.listing, *(edition.page.format(n=number) for number in range(2, len(shown) + 1))]
        for number, (address, part) in enumerate(zip(addresses, shown, strict=True)):
            later = addresses[number + 1] if number + 1 < len(addresses) else ""
            yield address, self._listing(edition, part, addresses, later)
        for category in edition.categories:
            part = [each for each in own if each.category == category]
            yield edition.category.format(category=category), self._listing(edition, part, [], "")

    def _listing(self, edition: Edition, part: Sequence[DemoArticle], addresses: Sequence[str], later: str) -> Page:
        pager = "".join(f'<a href="{escape(address)}">{number}</a> ' for number, address in enumerate(addresses, 1))
        following = (
            f'<a class="next" rel="next" href="{escape(later)}">{escape(edition.labels["next"])}</a>' if later else ""
        )
        main = self._fill("listing.html", edition, rows=self._rows(edition, part), pager=pager + following)
        return self._page(edition, edition.labels["news"], main, part)

    def _rows(self, edition: Edition, part: Sequence[DemoArticle]) -> str:
        return "".join(self._fill("row.html", edition, **self._facts(edition, each)) for each in part)

    # ── articles ────────────────────────────────────────────────────────────────
    def _article(self, edition: Edition, article: DemoArticle, own: Sequence[DemoArticle]) -> Page:
        facts = self._facts(edition, article)
        if article.picture:
            facts["picture"] = self._fill("picture.html", edition, **facts)
        facts["body"] = html_of(article.paragraphs)
        facts["also_list"] = "".join(
            f'<li><a href="{self._link(each)}">{escape(each.title)}</a></li>' for each in _siblings(article, own)
        )
        head = self._fill("article-head.html", edition, **facts, structured=self._structured(edition, article))
        main = self._fill("article.html", edition, **facts)
        return self._page(edition, article.title, main, [article], head=head, versions=self._versions(article))

    def _facts(self, edition: Edition, article: DemoArticle) -> dict[str, str]:
        path = self.site.path(article)
        return {
            "path": escape(path),
            "title": escape(article.title),
            "teaser": escape(article.paragraphs[0]),
            "date": edition.written(article.at) if article.dated else "",
            "category": escape(edition.categories.get(article.category, article.topic)),
            "category_path": escape(edition.category.format(category=article.category)),
            "caption": escape(article.picture),
            "picture": "",
            "picture_path": self._picture_path(article),
            "views_count": str(zlib.crc32(path.encode()) % 1900 + 40),
            "rfc822": format_datetime(article.at),
            "iso": article.at.isoformat(),
        }

    def _structured(self, edition: Edition, article: DemoArticle) -> str:
        """Return the date for machines, in the form this article has it."""
        evidence = article.evidence or self.site.evidence
        if evidence == "meta":
            return f'<meta property="article:published_time" content="{article.at.isoformat()}">'
        if evidence != "json-ld":
            return ""
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": article.at.isoformat(),
            "inLanguage": article.language,
            "publisher": {"@type": "Organization", "name": edition.name},
        }
        text = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
        return f'<script type="application/ld+json">{text}</script>'

    def _versions(self, article: DemoArticle) -> dict[str, str]:
        """Return where the language switch of an article leads, apart from the home pages."""
        same = [each for each in self.articles if each.name == article.name] if self.site.versions else [article]
        return {each.language: self.site.path(each) for each in same}

    # ── feeds and files ─────────────────────────────────────────────────────────
    def _feed(self, edition: Edition, own: Sequence[DemoArticle]) -> Page:
        items = "".join(
            self._fill("rss-item.xml", edition, **self._facts(edition, each)) for each in own[: edition.per_page]
        )
        return Page(self._fill("rss.xml", edition, items=items).encode(), "application/rss+xml", _newest(own))

    def _sitemap(self) -> Page:
        places = ((escape(self.base + self.site.path(each)), each.at.isoformat()) for each in self.articles)
        rows = "".join(f"<url><loc>{place}</loc><lastmod>{at}</lastmod></url>\n" for place, at in places)
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        return Page(f"{head}{rows}</urlset>\n".encode(), "application/xml", _newest(self.articles))

    def _files(self) -> Iterator[tuple[str, Page]]:
        yield "/robots.txt", Page(self.site.robots.replace("{base}", self.base).encode(), "text/plain", _OLD)
        if self.site.sitemap:
            yield self.site.sitemap, self._sitemap()
        for name, content in self.site.static.items():
            yield f"/static/{name}", Page(content, TYPES[name.rpartition(".")[2]], _OLD)
        for article in self.articles:
            path = self._picture_path(article)
            yield path, Page(pictures.png(path), "image/png", _OLD)

    # ── filling in ──────────────────────────────────────────────────────────────
    def _page(
        self,
        edition: Edition,
        title: str,
        main: str,
        shown: Sequence[DemoArticle] = (),
        *,
        head: str = "",
        versions: Mapping[str, str] = MappingProxyType({}),
    ) -> Page:
        menu = "".join(f'<li><a href="{escape(page.path)}">{escape(page.title)}</a></li>' for page in edition.menu)
        homes = {language: each.home for language, each in self.site.editions.items()}
        switch = {f"switch_{language}": escape(path) for language, path in {**homes, **versions}.items()}
        html = self._fill("layout.html", edition, title=escape(title), main=main, head=head, menu=menu, **switch)
        kind = f"text/html; charset={self.site.charset}" if self.site.charset_in_header else "text/html"
        return Page(html.encode(self.site.charset, "xmlcharrefreplace"), kind, _newest(shown))

    def _fill(self, template: str, edition: Edition, **facts: str) -> str:
        common: Mapping[str, str] = {
            **{key: escape(value) for key, value in edition.labels.items()},
            "language": edition.language,
            "site_name": escape(edition.name),
            "home": escape(edition.home),
            "feed": escape(edition.feed),
            "listing": escape(edition.listing),
            "base": self.base,
        }
        return self.site.templates[template].substitute(common, **facts)

    def _picture_path(self, article: DemoArticle) -> str:
        name = article.story if self.site.picture_by == "story" else article.name
        return f"/upload/{name}.png"

    def _link(self, article: DemoArticle) -> str:
        return escape(self.site.path(article))


def _siblings(article: DemoArticle, own: Sequence[DemoArticle]) -> list[DemoArticle]:
    """Return the articles just older than this one, then the newest."""
    after = own.index(article) + 1
    return [each for each in (*own[after:], *own) if each is not article][:_READ_ALSO]


def _newest(articles: Sequence[DemoArticle]) -> datetime:
    return max((each.at for each in articles), default=_OLD)
