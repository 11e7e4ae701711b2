"""A digest: what is new in a while as one letter; HTML, plain text, Markdown, and a campaign for listmonk.

Entries come bounded by rights; only their summaries stand here. What goes into which digest, and that
nothing goes twice, is the caller's ledger. The stylesheet is written into the tags by css-inline, as
mail programs want it.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from html import escape

import css_inline

from pipeline.model import LANGUAGES, EntryLink, FeedEntry, Publisher
from pipeline.publish import marks, words
from pipeline.publish.channels import Channel
from pipeline.publish.past import Sent
from pipeline.record import dataclass

#: Mail programs clip what is longer (Gmail at about 102 kB); bytes as encoded for mail.
BUDGET = 80_000
#: Where the sender puts its link to unsubscribe.
PLACEHOLDER = "{{unsubscribe}}"
_LISTMONK = "{{ UnsubscribeURL }}"
_STYLE = (
    "body{margin:0;background:#fff;color:#1b1f24;font:16px/1.5 Arial,sans-serif}table{border-collapse:collapse}"
    "td{padding:12px 16px;overflow-wrap:anywhere}h1{font-size:24px;margin:0}h2{font-size:18px;margin:16px 0 0}h3{font-size:17px;margin:0 0 4px}"
    "p{margin:0 0 6px}a{color:#0550ae}.soft{color:#57606a;font-size:13px}img{border:0;display:block;margin:0 0 8px;max-width:100%;height:auto}"
)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says."""

    id: str
    name: str  #: of its files, below feeds/digest/
    title: str
    language: str  #: ru | en | both
    at: datetime
    sections: Mapping[str, Sequence[FeedEntry]]  #: heading ("": none) → entries
    left_out: int = 0  #: entries that had no room
    intro: Mapping[str, str] = field(default_factory=dict)  #: language → paragraphs, an empty line between them

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it speaks, the leading one first."""
        return ("ru", "en") if self.language == "both" else (self.language,)


def arranged(entries: Sequence[FeedEntry]) -> dict[str, list[FeedEntry]]:
    """Return entries by their first topic, in the order the topics come; those without one last."""
    found: dict[str, list[FeedEntry]] = {}
    for entry in entries:
        found.setdefault(entry.categories[0] if entry.categories else "", []).append(entry)
    rest = found.pop("", [])
    return {**found, **({"": rest} if rest else {})}


def title(language: str, at: datetime, publisher: Publisher) -> str:
    """Return what a digest of that day is called."""
    own = ("ru", "en") if language == "both" else (language,)
    parts = (
        f"{words.name_of(publisher.title, one)}: {words.say('digest', one)}, {words.day(at.date(), one)}" for one in own
    )
    return " / ".join(part.lstrip(": ") for part in parts)


def documents(digest: Digest, publisher: Publisher, home: str) -> dict[str, bytes]:
    """Return the digest's files by name: page, mail, text, Markdown, campaign; cut to what mail programs show whole."""
    cut = fitted(digest, publisher, home)
    mail, text = _mail(cut, publisher, home), _text(cut, publisher, home)
    page = _mail(cut, publisher, home, placeholder=False)
    made = {
        "html": page,
        "mail.html": mail,
        "txt": text,
        "md": _markdown(cut, home),
        "campaign.json": _campaign(cut, mail, text),
    }
    return {f"digest/{digest.name}.{ext}": document.encode() for ext, document in made.items()}


def issues(sent: Sequence[Sent], publisher: Publisher, home: str) -> tuple[Channel, list[FeedEntry]]:
    """Return the feed of digests and its entries, newest first."""
    name = words.name_of(publisher.title, "ru", "Nevawire")
    titles = {
        own: f"{words.name_of(publisher.title, own)}: {words.say('digests', own)}".lstrip(": ") for own in LANGUAGES
    }
    channel = Channel("digests", titles)
    rows = []
    for one in sent[: channel.size]:
        lead = "ru" if one.language == "both" else one.language
        said = f"{words.say('entries', lead)}: {one.entries}"
        address = f"{home}digest/{one.name}.html"
        rows.append(FeedEntry(
            id=one.id, title=one.title, summary=said, content=f'<p>{said}</p><p><a href="{escape(address)}">{escape(one.title)}</a></p>',
            links=(EntryLink("alternate", address, lead, title=one.title),), published=one.at, updated=one.at,
            language=lead, languages=(lead,), author=name, source_id="digests", source_title=name,
            source_url=f"{home}index.html",
        ))  # fmt: skip
    return channel, rows


def encoded_size(document: str) -> int:
    """Return how long a document is once it is encoded for mail, which doubles and more what is not ASCII."""
    return len(base64.encodebytes(document.encode()))


def fitted(digest: Digest, publisher: Publisher, home: str) -> Digest:
    """Leave out as many of the last entries as the mail is beyond the budget."""
    rows = [(heading, one) for heading, some in digest.sections.items() for one in some]

    def first(count: int) -> Digest:
        sections: dict[str, list[FeedEntry]] = {}
        for heading, one in rows[:count]:
            sections.setdefault(heading, []).append(one)
        return replace(digest, sections=sections, left_out=digest.left_out + len(rows) - count)

    def fits(count: int) -> bool:
        return encoded_size(_mail(first(count), publisher, home)) <= BUDGET

    if fits(len(rows)):
        return digest
    too_many = bisect_left(range(len(rows)), True, key=lambda count: not fits(count))
    return first(max(0, too_many - 1))


def _mail(digest: Digest, publisher: Publisher, home: str, *, placeholder: bool = True) -> str:
    language = digest.languages[0]
    leave = f'<p class="soft"><a href="{PLACEHOLDER}">{_say(digest, "unsubscribe")}</a></p>' if placeholder else ""
    online = f'<p class="soft"><a href="{escape(home)}digest/{digest.name}.html">{_say(digest, "online")}</a></p>'
    intro = "".join(f'<p lang="{own}">{_safe(part)}</p>' for own, part in _intro(digest))
    rows = [f"<tr><td>{leave}<h1>{_safe(digest.title)}</h1>{online if placeholder else ''}</td></tr>"]
    rows += [f"<tr><td>{intro}</td></tr>"] if intro else []
    for heading, entries in digest.sections.items():
        if over := _over(digest, heading):
            rows.append(f"<tr><td><h2>{_safe(over)}</h2></td></tr>")
        rows += [f"<tr><td>{_entry(one)}</td></tr>" for one in entries]
    more = (
        f"<p>{_say(digest, 'more')}: {digest.left_out}. {_anchor(f'{home}index.html', home)}</p>"
        if digest.left_out
        else ""
    )
    takedown = (
        f"<p class=soft>{_say(digest, 'takedown')}: {_safe(publisher.takedown)}</p>" if publisher.takedown else ""
    )
    rows.append(f"<tr><td>{more}{leave}{takedown}</td></tr>")
    head = "" if publisher.index else '<meta name="robots" content="noindex">'
    head += "" if placeholder else _links(language, publisher, home)
    whole = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{_safe(digest.title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{head}<style>{_STYLE}</style></head><body>'
        '<div role="main"><table role="presentation" width="600" align="center" style="width:100%;max-width:600px;table-layout:fixed"><tbody>'
        f"{''.join(rows)}</tbody></table></div></body></html>\n"
    )
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
    # The document comes back parsed and written anew; the placeholder's braces must survive that.
    return (
        str(inliner.inline(whole))
        .replace("%7B%7Bunsubscribe%7D%7D", PLACEHOLDER)
        .replace("<!DOCTYPE html>", "<!doctype html>")
        + "\n"
    )


def _links(language: str, publisher: Publisher, home: str) -> str:
    """Return what a digest's page tells browsers: its mark, and the feed of digests."""
    icons = ((escape(href if "://" in href else home + href), kind) for href, kind in marks.of(publisher).links)
    shown = "".join(f'<link rel="icon" href="{href}"' + (f' type="{kind}">' if kind else ">") for href, kind in icons)
    return shown + "".join(
        f'<link rel="alternate" type="application/{ext}+xml" hreflang="{language}" '
        f'title="{words.say("digests", language)}" href="{escape(home)}digests.{ext}">'
        for ext in ("rss", "atom")
    )


def _say(digest: Digest, word: str) -> str:
    """Return a label in each of a digest's languages."""
    return " / ".join(words.say(word, own) for own in digest.languages)


def _intro(digest: Digest) -> list[tuple[str, str]]:
    """Return what stands above the entries, a paragraph at a time: (language, text on one line)."""
    told = ((own, part) for own in digest.languages for part in digest.intro.get(own, "").split("\n\n"))
    return [(own, " ".join(part.split())) for own, part in told if part.strip()]


def _over(digest: Digest, heading: str) -> str:
    """Return the heading over a part; "" where there is only one, without a topic."""
    return heading or (_say(digest, "other") if len(digest.sections) > 1 else "")


def _entry(entry: FeedEntry) -> str:
    picture = next((one for one in entry.images if one.width and one.height), None)
    shown = ""
    if picture is not None and picture.width and picture.height:
        width = min(560, picture.width)
        height = max(1, picture.height * width // picture.width)
        shown = f'<img src="{escape(picture.url)}" alt="{_safe(picture.alt)}" width="{width}" height="{height}">'
    links = [f"{_anchor(one.href, one.hreflang.upper() or one.title)}" for one in _pages(entry)]
    lead = f'<h3 lang="{entry.language}">{_anchor(_pages(entry)[0].href, entry.title)}</h3>'
    summary = f'<p lang="{entry.language}">{_safe(entry.summary)}</p>' if entry.summary != entry.title else ""
    others = f" · {' · '.join(links)}" if len(links) > 1 else ""
    day = words.day(entry.published.date(), entry.language.partition("-")[0])
    return f'{shown}{lead}{summary}<p class="soft">{_safe(entry.source_title)}, {day}{others}</p>'


def _text(digest: Digest, publisher: Publisher, home: str) -> str:
    lines = [digest.title, "", *(line for _, part in _intro(digest) for line in (part, ""))]
    for heading, entries in digest.sections.items():
        over = _over(digest, heading)
        lines += [over.upper(), ""] if over else []
        for one in entries:
            summary = [one.summary] if one.summary != one.title else []
            lines += [one.title, *summary, f"{one.source_title}: {_pages(one)[0].href}", ""]
    lines += [f"{_say(digest, 'more')}: {digest.left_out}. {home}index.html", ""] if digest.left_out else []
    lines += [f"{_say(digest, 'takedown')}: {publisher.takedown}"] if publisher.takedown else []
    leave = f"{_say(digest, 'unsubscribe')}: {PLACEHOLDER}"
    return "\n".join([leave, "", *map(_plain, lines), leave]) + "\n"


def _markdown(digest: Digest, home: str) -> str:
    lines = [f"# {_escaped(digest.title)}", "", *(line for _, part in _intro(digest) for line in (_escaped(part), ""))]
    for heading, entries in digest.sections.items():
        over = _over(digest, heading)
        lines += [f"## {_escaped(over)}", ""] if over else []
        for one in entries:
            summary = [_escaped(one.summary), ""] if one.summary != one.title else []
            href = _pages(one)[0].href.replace("(", "%28").replace(")", "%29")
            lines += [f"### [{_escaped(one.title)}]({href})", "", *summary, f"*{_escaped(one.source_title)}*", ""]
    lines += [f"{_say(digest, 'more')}: {digest.left_out}. <{home}index.html>"] if digest.left_out else []
    return "\n".join(lines).rstrip() + "\n"


def _campaign(digest: Digest, mail: str, text: str) -> str:
    """Return the body of listmonk's POST /api/campaigns; the lists are the sender's to name."""
    campaign = {
        "name": f"{digest.name} {digest.title}", "subject": digest.title, "lists": [], "type": "regular",
        "content_type": "html", "messenger": "email", "tags": ["nevawire", digest.language],
        "body": mail.replace(PLACEHOLDER, _LISTMONK), "altbody": text.replace(PLACEHOLDER, _LISTMONK),
    }  # fmt: skip
    return json.dumps(campaign, ensure_ascii=False, indent=1) + "\n"


def _pages(entry: FeedEntry) -> list[EntryLink]:
    return [one for rel in ("alternate", "related") for one in entry.links if one.rel == rel]


def _anchor(href: str, label: str) -> str:
    return f'<a href="{escape(href)}">{_safe(label)}</a>'


def _safe(text: str) -> str:
    """Write text for HTML so that no sender takes a part of it for one of its own tags ({{…}}, *|…|*)."""
    return escape(text).replace("{", "&#123;&#8203;").replace("*|", "*&#8203;|").replace("%7B", "&#37;7B")


def _plain(line: str) -> str:
    """Break up such tags in plain text, where nothing can be escaped."""
    return line.replace("{{", "{ {").replace("*|", "* |")


def _escaped(text: str) -> str:
    """Write text for Markdown."""
    return _plain("".join(f"\\{letter}" if letter in "\\`*_[]<>#|!" else letter for letter in text))
