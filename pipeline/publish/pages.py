"""Feeds as pages that people read: a twin of each feed, and the index of all.

No JavaScript, nothing fetched from elsewhere but the pictures that rights allow; a
content security policy holds the browser to that. Entries' HTML arrives sanitised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from pipeline.model import LANGUAGES, FeedEntry, Publisher
from pipeline.publish import clean, marks, translated, words
from pipeline.publish.channels import Channel, addresses, home
from pipeline.publish.once import once

_POLICY = "default-src 'none'; img-src http: https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
_LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON"}
_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--line:#30363d;--paper:#0d1117;--link:#79b8ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;font:1rem/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--link)} h1{line-height:1.25;font-size:1.6rem} h2{line-height:1.3;font-size:1.25rem;margin:.2rem 0}
nav a{display:inline-block;margin-right:1rem;padding:.25rem 0} article{border-top:1px solid var(--line);padding:1.2rem 0}
article h2,section h2,section h3{overflow-wrap:anywhere} .meta,footer{color:var(--soft);font-size:.9rem}
.body{max-width:46rem;overflow-wrap:anywhere} .pair .body:has(>section){max-width:none;display:grid;grid-template-columns:1fr 1fr;gap:2rem}
.pair>h2{font-size:1rem;font-weight:500} .pair section>h2{margin-top:0}
[lang*="-t-"]>p:first-of-type>strong:only-child,[lang*="-t-"]>h2+p>strong:only-child,article[lang*="-t-"] .body>p:first-child>strong:only-child{
border:1px solid var(--soft);border-radius:.3rem;padding:.1rem .4rem;color:var(--soft);font-size:.85rem;font-weight:600}
summary{cursor:pointer} img{max-width:100%;height:auto} figure{margin:1rem 0} table{display:block;overflow-x:auto;border-collapse:collapse}
td,th{border:1px solid var(--line);padding:.2rem .5rem} ul.feeds{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.2rem 2rem}
ul.feeds li{padding:.35rem 0} ul.feeds+h2{margin-top:1.6rem}
@media (max-width:44rem){.pair .body:has(>section){display:block}}
@media print{:root{--ink:#000;--soft:#333;--line:#999;--paper:#fff;--link:#000} nav,details,.more{display:none} body{max-width:none;padding:0;
font-size:10pt} h2,h3{break-after:avoid} figure,tr{break-inside:avoid} a{text-decoration:none}}
"""


def twin(
    channel: Channel,
    entries: Sequence[FeedEntry],
    publisher: Publisher,
    self_links: Mapping[str, str],
    languages: Sequence[Channel] = (),
    earlier: str = "",
) -> bytes:
    """Return a feed as a page. languages: the feeds that its language switch offers; earlier: its newest archive."""
    language = channel.languages[0]
    links = [_discovery(ext, self_links[ext], channel.title, language) for ext in _TYPES]
    switch = [_anchor(f"{other.name}.html", _switch_label(other), other.language or "") for other in languages]
    formats = [_anchor(f"{channel.name}.{ext}{channel.suffix}", label) for ext, label in _LABELS.items()]
    body = "".join(map(_article, entries)) or f"<p>{words.say('empty', language)}</p>"
    if earlier:
        body += f'<p class="more">{_anchor(earlier, words.say("older", language) + " (Atom)")}</p>'
    back = _anchor("index.html", words.say("back", language))
    header = f"<header><h1>{escape(channel.title)}</h1><nav>{''.join([back, *switch, *formats])}</nav></header>"
    said = translated.credit(entries, language)
    return _page(language, channel.title, publisher, links, f"{header}<main>{body}</main>", credit=said)


def index(channels: Iterable[Channel], publisher: Publisher, language: str = "ru") -> bytes:
    """Return the page that lists every feed."""
    title = (
        " / ".join(dict.fromkeys(publisher.title[key] for key in sorted(publisher.title, reverse=True))) or "Nevawire"
    )
    groups: dict[str, list[str]] = {}
    links = []
    for channel in channels:
        where = addresses(channel, publisher)
        links.append(_discovery("atom", where["atom"], channel.title, channel.languages[0]))
        groups.setdefault(_group(channel), []).append(_listed(channel, publisher))
    header = f"<header><h1>{escape(title)}</h1><nav>{_anchor('feeds.opml', 'OPML')}</nav></header>"
    listing = "".join(
        f'<h2>{" / ".join(words.say(group, each) for each in ("ru", "en"))}</h2><ul class="feeds">{"".join(rows)}</ul>'
        for group, rows in groups.items()
    )
    return _page(language, title, publisher, links, f"{header}<main>{listing}</main>")


def _group(channel: Channel) -> str:
    """Return under which heading the index lists a feed."""
    if channel.newsletter or channel.name == "digests":
        return "newsletters"
    if channel.kind or channel.source or channel.topic:
        return "kinds" if channel.kind else "sources" if channel.source else "topics"
    return "feeds"


def _listed(channel: Channel, publisher: Publisher) -> str:
    """Return a feed's place in the index: what it has of its own, and its formats."""
    names: dict[str, str] = {}
    for language in channel.languages:
        whole = clean.text(words.name_of(channel.titles, language)) or channel.name
        name = whole.removeprefix(f"{words.name_of(publisher.title, language)}: ")
        names.setdefault(name, f'<span lang="{language}">{escape(name[:1].upper() + name[1:])}</span>')
    formats = " ".join(
        f'<a href="{escape(f"{channel.name}.{ext}")}" aria-label="{escape(f"{label}: {channel.title}")}">{label}</a>'
        for ext, label in _LABELS.items()
    )
    return f'<li><a href="{escape(channel.name)}.html">{" / ".join(names.values())}</a><br><span class="meta">{formats}</span></li>'


def missing(publisher: Publisher) -> bytes:
    """Return the page that a server shows where there is nothing. Its links are absolute: it stands at any address."""
    said = "".join(f'<p lang="{own}">{words.say("missing", own)}</p>' for own in LANGUAGES)
    back = _anchor(f"{home(publisher)}index.html", words.say("back", "ru"), "ru")
    back += _anchor(f"{home(publisher)}index.html", words.say("back", "en"), "en")
    return _page("ru", "404", publisher, (), f"<main><h1>404</h1>{said}<nav>{back}</nav></main>", home(publisher))


def _page(
    language: str, title: str, publisher: Publisher, links: Iterable[str], body: str, above: str = "", credit: str = ""
) -> bytes:  # fmt: skip
    """Return a whole page; above: what a file of ours is below, where that is not beside it; credit: whom its footer names."""
    robots = "" if publisher.index else '<meta name="robots" content="noindex">'
    page = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><meta name="referrer" content="no-referrer">'
        f"{robots}{_icons(publisher, above)}{''.join(links)}<style>{_STYLE}</style></head>\n<body>{body}{_footer(publisher, language, credit)}</body></html>\n"
    )
    return page.encode()


def _icons(publisher: Publisher, above: str) -> str:
    rows = ((href if "://" in href else above + href, kind) for href, kind in marks.of(publisher).links)
    return "".join(
        f'<link rel="icon" href="{escape(href)}"' + (f' type="{kind}">' if kind else ">") for href, kind in rows
    )


@once
def _article(entry: FeedEntry) -> str:
    href = next(link.href for link in entry.links if link.rel == "alternate")
    pair = ' class="pair"' if len(entry.languages) > 1 else ""
    day = words.day(entry.published.date(), entry.language)
    return (
        f'\n<article id="{escape(entry.id)}" lang="{escape(entry.language)}"{pair}>'
        f'<h2><a href="{escape(href)}">{escape(entry.title)}</a></h2>'
        f'<p class="meta"><time datetime="{entry.published.isoformat()}">{day}</time> · {escape(entry.source_title)}</p>'
        f'<div class="body">{entry.content}</div>{_reasons(entry)}</article>'
    )


def _reasons(entry: FeedEntry) -> str:
    """Return why the two texts are taken for one story, folded away."""
    if entry.match is None or not entry.match.reasons:
        return ""
    rows = "".join(f"<li>{escape(reason)}</li>" for reason in entry.match.reasons)
    label = words.say("reasons", entry.language)
    return f'<details class="meta"><summary>{label} ({entry.match.probability:.0%})</summary><ul>{rows}</ul></details>'


def _footer(publisher: Publisher, language: str, credit: str) -> str:
    parts = [escape(words.name_of(publisher.title, language, "Nevawire"))]
    if publisher.takedown:
        parts.append(f"{words.say('takedown', language)}: {escape(publisher.takedown)}")
    if credit:
        parts.append(escape(credit))
    return f"<footer><p>{' · '.join(parts)}</p></footer>"


def _discovery(ext: str, href: str, title: str, language: str) -> str:
    return (
        f'<link rel="alternate" type="{_TYPES[ext]}" hreflang="{language}" '
        f'title="{escape(f"{title} ({_LABELS[ext]})")}" href="{escape(href)}">'
    )


def _switch_label(channel: Channel) -> str:
    return words.say("name", channel.language) if channel.language else "/".join(channel.title_order).upper()


def _anchor(href: str, label: str, language: str = "") -> str:
    lang = f' lang="{language}" hreflang="{language}"' if language else ""
    return f'<a href="{escape(href)}"{lang}>{escape(label)}</a>'
