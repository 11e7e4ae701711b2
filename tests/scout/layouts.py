"""Three further sites on loopback, in layouts that the sample sites do not have; their news is the sample sites'.

tables   an old content management system: a table of news, the id in the query, windows-1251, PAGEN_1
cards    a site maker: a grid of cards, pictures that load late, no pager, the language in the path
blog     /2026/11/slug/, a sidebar of recent posts, archives and tags, feeds, hreflang
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from email.utils import format_datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Self

from demo.answers import Answer, Server, of_page, plain
from demo.articles import DemoArticle, load
from demo.pages import Page, html_of

DATA = Path(__file__).resolve().parents[1] / "data" / "scout"
WORDS = json.loads((DATA / "words.json").read_text("utf-8"))
NAMES = ("tables", "cards", "blog")
_FROM = {"tables": "instruments", "cards": "bureau", "blog": "bureau"}
_HOME = {"ru": "/", "en": "/en/"}


class Layout:
    """One site: its articles, its pages, and what they should be found to be."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.base = ""
        self.charset = "windows-1251" if name == "tables" else "utf-8"
        every = [each for each in load(_FROM[name]) if not each.held]
        self.articles = [each for code in ("ru", "en") for each in [e for e in every if e.language == code][:9]]
        folder = DATA / name
        self.templates = {file.stem: Template(file.read_text("utf-8")) for file in sorted(folder.iterdir())}

    def path(self, article: DemoArticle) -> str:
        """Return where an article stands."""
        number = zlib.crc32(article.key.encode()) % 9000 + 1000
        home = _HOME[article.language]
        if self.name == "tables":
            return f"{home}about/news/detail.php?ELEMENT_ID={number}"
        if self.name == "cards":
            return f"{home}tpost/{zlib.crc32(article.key.encode()):08x}1-{article.story}"
        return f"{home}{article.at:%Y/%m}/{article.story}{'-news' if article.language == 'en' else ''}/"

    def gold(self) -> dict[str, tuple[str, str, str]]:
        """Return path → language, title, day of every article."""
        return {self.path(each): (each.language, each.title, f"{each.at:%Y-%m-%d}") for each in self.articles}

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield path → text of every page."""
        for code in ("ru", "en"):
            own = [each for each in self.articles if each.language == code]
            yield from self._listings(code, own)
            yield from ((self.path(each), self._article(each, own)) for each in own)
            for path in (
                "about/",
                "residents",
                "service-one",
                "services/detail.php?ELEMENT_ID=4",
                "about-us/",
                "contact/",
            ):
                text = (
                    f"<h1>{WORDS[code]['about']}</h1><p>{WORDS[code]['service_one']}: {WORDS[code]['service_two']}.</p>"
                )
                yield _HOME[code] + path, self._page(code, own, WORDS[code]["about"], text)
        if self.name == "blog":
            yield from ((f"{_HOME[code]}feed/", self._feed(code)) for code in ("ru", "en"))

    def _listings(self, code: str, own: Sequence[DemoArticle]) -> Iterator[tuple[str, str]]:
        size = {"tables": 6, "cards": 100, "blog": 4}[self.name]
        first = _HOME[code] + {"tables": "about/news/", "cards": "news", "blog": ""}[self.name]
        further = {"tables": "about/news/?PAGEN_1={n}&SIZEN_1=6", "cards": "", "blog": "page/{n}/"}[self.name]
        count = (len(own) + size - 1) // size
        addresses = [first, *(_HOME[code] + further.format(n=n) for n in range(2, count + 1))]
        for place, at in enumerate(addresses):
            shown = own[place * size : (place + 1) * size]
            numbers = [
                f"<b>{n + 1}</b>" if n == place else f'<a href="{escape(a)}">{n + 1}</a>'
                for n, a in enumerate(addresses)
            ]
            later = addresses[place + 1 : place + 2]
            pager = " ".join(
                [*numbers, *(f'<a class="next" href="{escape(a)}">{WORDS[code]["next"]}</a>' for a in later)]
            )
            rows = "\n".join(self._fill("row", each, own) for each in shown)
            main = self._filled("listing", {**WORDS[code], "home": _HOME[code], "rows": rows, "pager": pager})
            yield at, self._page(code, own, WORDS[code]["news"], main)
        if self.name != "blog":
            rows = "\n".join(self._fill("row", each, own) for each in own[:3])
            main = self._filled("listing", {**WORDS[code], "home": _HOME[code], "rows": rows, "pager": ""})
            yield _HOME[code], self._page(code, own, WORDS[code]["site_name"], main)

    def _article(self, article: DemoArticle, own: Sequence[DemoArticle]) -> str:
        others = [each for each in self.articles if each.story == article.story]
        links = "".join(
            f'<link rel="alternate" hreflang="{each.language}" href="{self.base}{self.path(each)}">' for each in others
        )
        main = self._fill("article", article, own)
        return self._page(article.language, own, article.title, main, links if len(others) > 1 else "")

    def _page(self, code: str, own: Sequence[DemoArticle], title: str, main: str, head: str = "") -> str:
        values = {"language": code, "title": escape(title), "heading": escape(title), "main": main, "head": head}
        return self._filled("layout", {**WORDS[code], **self._around(own), "home": _HOME[code], **values})

    def _around(self, own: Sequence[DemoArticle]) -> dict[str, str]:
        also = "".join(f'<li><a href="{escape(self.path(each))}">{escape(each.title)}</a></li>' for each in own[:5])
        return {"also_list": also, "first_path": escape(self.path(own[0])), "first_title": escape(own[0].title)}

    def _fill(self, template: str, each: DemoArticle, own: Sequence[DemoArticle]) -> str:
        values = {
            "path": escape(self.path(each)), "title": escape(each.title), "teaser": escape(each.paragraphs[0][:160]),
            "body": html_of(each.paragraphs), "name": each.name, "number": str(zlib.crc32(each.key.encode()) % 9000),
            "day": f"{each.at:%d}", "month": f"{each.at:%m}", "year": f"{each.at:%Y}", "iso": each.at.isoformat(),
            "iso_day": f"{each.at:%Y-%m-%d}", "home": _HOME[each.language], "rfc822": format_datetime(each.at),
            "base": self.base,
        }  # fmt: skip
        return self._filled(template, {**WORDS[each.language], **self._around(own), **values})

    def _feed(self, code: str) -> str:
        own = [each for each in self.articles if each.language == code]
        items = "".join(self._fill("item", each, own) for each in own[:4])
        return self._filled(
            "feed", {**WORDS[code], "base": self.base, "home": _HOME[code], "language": code, "items": items}
        )

    def _filled(self, template: str, values: Mapping[str, Any]) -> str:
        return self.templates[template].substitute(values)


class Served:
    """A layout on loopback, as long as the `with` block lasts."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.asked: list[str] = []
        self._pages: dict[str, Page] = {}

    def __enter__(self) -> Self:
        self._server = Server(("127.0.0.1", 0), self._respond)
        self.address = self.layout.base = f"http://127.0.0.1:{self._server.server_port}"
        self.rebuild()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def rebuild(self) -> None:
        """Make the pages anew, after a change of templates."""
        newest = max(each.at for each in self.layout.articles)
        for path, text in self.layout.pages():
            kind = "application/rss+xml" if path.endswith("feed/") else "text/html"
            self._pages[path] = Page(text.encode(self.layout.charset, "xmlcharrefreplace"), kind, newest)

    def _respond(self, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
        self.asked.append(path)
        page = self._pages.get(path)
        return of_page(page, headers) if page else plain(404, "Not Found")
