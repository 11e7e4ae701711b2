"""The two saved pages of real sources, made into HTML again around their text (SOURCES: layouts)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

MENU = (
    "About us",
    "Request for proposal",
    "Our events",
    "Team",
    "News",
    "Calendar of events",
    "Partners",
    "Venues",
    "Contact us",
)
#: A second page of the bureau, written for the test.
OTHER = (
    "Medical congress returns to the city in autumn",
    "September 2 2015",
    (
        "The European congress of cardiologists will be held in the exhibition centre in the second half of October.",
        "Organisers expect four thousand delegates from sixty countries, the bureau said after a meeting with hoteliers.",
    ),
)


@dataclass(frozen=True)
class Saved:
    """The parts of a saved page."""

    title: str
    date: str
    paragraphs: tuple[str, ...]


def bureau(shared: Path) -> Saved:
    lines = _lines(shared, "000_*")
    at = lines.index("August 18 2015")
    return Saved(lines[at - 1], lines[at], tuple(lines[at + 1 : lines.index("Share")]))


def cluster(shared: Path) -> Saved:
    lines = _lines(shared, "003_*")
    return Saved(lines[2], "", tuple(lines[3:]))


def bureau_html(title: str, date: str, paragraphs: Sequence[str], nesting: int = 0) -> str:
    """The bureau's template; nesting adds wrappers and moves the furniture about."""
    menu = "<ul>" + "".join(f'<li><a href="/en/{n}/">{escape(item)}</a></li>' for n, item in enumerate(MENU)) + "</ul>"
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    opening, closing = "<div class='wrap'>" * nesting, "</div>" * nesting
    plan = "<div><h3>Plan your event in Saint Petersburg</h3><a href='/en/rfp/'>Request for proposal</a></div>"
    subscribe = "<div class='subscribe'><p>Subscribe to newsletter</p><form><input name='mail'></form></div>"
    return f"""<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Saint Petersburg Convention Bureau</title></head><body>
    {opening}<div class="head"><a href="/en/">Saint Petersburg Convention Bureau</a><div><a href="/">RU</a><a href="/en/">EN</a></div>{menu}
    <a href="/login/">Вход для партнеров</a></div><div class="crumbs"><a href="/en/">Home</a> / <a href="/en/news/">News</a></div>
    <div class="row"><h1>{escape(title)}</h1><div class="date">{date}</div></div>
    <div class="row"><div class="column-15 offset-2">{opening}{text}{closing}</div></div>
    <div class="row"><div>Share</div><a href="#vk"></a></div>{subscribe}<div>Request for proposal</div>{plan}
    <div class="foot"><p>Saint Petersburg<br>Convention Bureau</p><p>© 2014-2019. Saint Petersburg Convention Bureau</p>{menu}</div>{closing}</body></html>"""


def cluster_html(title: str, paragraphs: Sequence[str]) -> str:
    """The template of the cluster's site builder: no date but in prose."""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>
    <div id="translate">Перевести страницу</div><div class="path"><a href="/posts">Новости</a> / <a href="/posts">News</a></div>
    <div class="post"><h1>{escape(title)}</h1><div class="post-body">{text}</div></div><div class="footer">© 2010-2020</div></body></html>"""


def _lines(shared: Path, pattern: str) -> list[str]:
    (path,) = (shared / "seeds").glob(pattern)
    return [" ".join(line.split()) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
