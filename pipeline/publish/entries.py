"""A story, or one text of it, as a feed entry: what it says, links to and is bounded by.

Rights bound every field here, before anything is rendered. Which stories stand in a
feed, and in which order, is channels.py; formats are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from pipeline.model import Attachment, Config, EntryLink, FeedEntry, Image, Item, Related, Source, Story, Text
from pipeline.publish import clean, dates, rights, topics, translated, wording, words
from pipeline.publish.channels import Channel, shown_texts
from pipeline.publish.past import NOTHING, Past

#: So many of what stands beside a story are shown, the likeliest.
_RELATED = 20


def entry(story: Story, channel: Channel, config: Config, past: Past = NOTHING) -> FeedEntry:
    """Return the entry of a story in a bilingual feed, or of its text in a feed of one language.

    Raises ValueError where the feed shows no text of the story.
    """
    texts = _shown(channel, story)
    sources = config.by_id
    lead, language = texts[0].lead, texts[0].language
    updated = dates.changed(texts[0]) if channel.language else dates.story_changed(story, texts)
    first, dated_item = dates.first_published(texts)
    source = _source(sources, lead)
    allowed = _bounds(texts[0], source)
    edited = tuple(_changes(texts, sources))
    title = " / ".join(wording.title(text) for text in texts)
    made = FeedEntry(
        id=texts[0].id if channel.language else story.id,
        title=title,
        summary=rights.summary(wording.told(texts[0]), allowed) or title[: rights.SUMMARY_CHARS],
        content=_content(texts, sources, story, past),
        links=_links(texts, _others(story, channel, texts)),
        published=dates.in_zone(first.at, first.zone or _source(sources, dated_item).timezone),
        updated=dates.in_zone(updated, ""),
        language=_tag(texts[0], story),
        languages=tuple(_tag(text, story) for text in texts),
        author=_author(texts[0], source),
        source_id=source.id, source_title=source_name(source, lead, language), source_url=_source_page(source, lead, language),
        categories=_categories(texts, language, config, past),
        images=rights.images(lead.article, allowed),
        attachments=_attachments(texts, sources),
        origin=_origin(texts, edited),
        precision=first.precision, evidence=first.evidence,
        match=story.match if story.state == "linked" else None,
        gone=_gone(texts, past),
        related=_related(story, texts),
        thread=story.thread,
        undated_place=dates.undated_place(texts, updated),
        edited=edited, translation=translated.how(texts),
    )  # fmt: skip
    return _offered(made, past.offered[channel.name][made.id], first) if channel.newsletter else made


def _shown(channel: Channel, story: Story) -> tuple[Text, ...]:
    texts = shown_texts(channel, story)
    if not texts:
        raise ValueError(f"story {story.id} has no text for the feed {channel.name}")
    return texts


def _offered(entry: FeedEntry, since: datetime, first: dates.Dated) -> FeedEntry:
    """Return a newsletter's entry, dated by when it was offered there.

    Nothing moves that date: senders take what is new since they last sent, and would send again what
    seems updated.
    """
    at = dates.in_zone(since, "")
    return replace(entry, published=at, updated=at, created=entry.published if first.stated else None)


def shortened(entry: FeedEntry) -> FeedEntry:
    """Return the entry with its body cut down to the summary and the links to its sources."""
    pages = [link for link in entry.links if link.rel in ("alternate", "related")]
    links = "".join(f"<p>{_link(page.href, page.title)}</p>" for page in pages)
    source = f"<p>{words.say('source', entry.language)}: {_link(entry.source_url, entry.source_title)}.</p>"
    return replace(entry, content=clean.document(f"<p>{escape(entry.summary)}</p>{links}{source}"))


def tag(language: str) -> str:
    """Return the BCP 47 tag of a language as the model names it: "mul" for mixed, "und" for other."""
    return {"mixed": "mul", "other": "und"}.get(language, language)


def _tag(text: Text, story: Story) -> str:
    """Return the tag of a text's language; of machine text with what it was translated from (RFC 6497)."""
    if text.origin == "publisher":
        return tag(text.language)
    original = next((one.language for one in story.texts.values() if one.origin == "publisher"), "und")
    return f"{tag(text.language)}-t-{tag(original)}-t0-und"


def _bounds(text: Text, source: Source) -> rights.Bounds:
    allowed = rights.bounds(text.lead.article, source.rights)
    return allowed if text.origin == "publisher" else rights.of_translation(allowed, source.rights)


def _content(texts: Sequence[Text], sources: Mapping[str, Source], story: Story, past: Past) -> str:
    """Return the whole body: each text with its own footer, in a section of its language where there are several."""
    if len(texts) == 1:
        return clean.document(_body(texts[0], sources) + _footer(texts[0], sources, past))
    sections = [
        f'<section lang="{_tag(text, story)}"><h2>{escape(wording.title(text))}</h2>'
        f"{_body(text, sources)}{_footer(text, sources, past)}</section>"
        for text in texts
    ]
    return clean.document("".join(sections))


def _body(text: Text, sources: Mapping[str, Source]) -> str:
    article = text.lead.article
    allowed = _bounds(text, _source(sources, text.lead))
    pictures = rights.images(article, allowed)
    files = _files(rights.attachments(article, allowed), text.language)
    if allowed.publish == "full":
        html = _badge(text) + clean.fragment(article.html or _paragraphs(article.text), images=allowed.images) + files
        return html if "<img " in html else _figure(pictures) + html
    read = f"<p>{_link(_page(text.lead), words.say('read', text.language))}</p>"
    if allowed.publish == "link":
        return _badge(text) + read
    told = rights.excerpt(wording.told(text).text, allowed.chars)
    return f"{_badge(text)}{_figure(pictures)}<p>{escape(told)}</p>{files}{read}"


def _attachments(texts: Sequence[Text], sources: Mapping[str, Source]) -> tuple[Attachment, ...]:
    """Return the documents of all the texts, each address once."""
    found = [rights.attachments(one.lead.article, _bounds(one, _source(sources, one.lead))) for one in texts]
    return tuple({one.url: one for some in reversed(found) for one in reversed(some)}.values())[::-1]


def _changes(texts: Sequence[Text], sources: Mapping[str, Source]) -> Iterator[tuple[str, str, datetime]]:
    for text in texts:
        yield from wording.changes(text, _bounds(text, _source(sources, text.lead)))


def _origin(texts: Sequence[Text], edited: Sequence[object]) -> str:
    """Return whose words an entry has; that a machine wrote some weighs more than that an analyst changed some."""
    return next((text.origin for text in texts if text.origin != "publisher"), "edited" if edited else "publisher")


def _files(attachments: Sequence[Attachment], language: str) -> str:
    """Return a list of documents with their types and sizes."""
    if not attachments:
        return ""
    rows = [f"<li>{_link(one.url, one.title or one.url)}{words.file_facts(one, language)}</li>" for one in attachments]
    return f"<p>{words.say('attachments', language)}:</p><ul>{''.join(rows)}</ul>"


def _badge(text: Text) -> str:
    """Return what marks a text that no publisher wrote: machine, or a machine's that was edited."""
    return "" if text.origin == "publisher" else f"<p><strong>{words.say(text.origin, text.language)}</strong></p>"


def _footer(text: Text, sources: Mapping[str, Source], past: Past) -> str:
    """Return the paragraph that names the source, links to it and says when the page was retrieved."""
    lead, language = text.lead, text.language
    source = _source(sources, lead)
    seen = dates.in_zone(lead.first_seen, source.timezone).date()
    parts = [
        f"{words.say('source', language)}: {_link(_page(lead), source_name(source, lead, language))}.",
        f"{words.say('retrieved', language)} {words.day(seen, language)}".rstrip(".") + ".",
    ]
    if lead.id in past.missing:
        since = words.day(dates.in_zone(past.missing[lead.id], source.timezone).date(), language)
        parts.append(f"{words.say('gone', language).format(since).rstrip('.')}.")
    evidence = dates.published(lead).evidence
    if evidence in ("first-seen", "prose"):
        parts.append(words.say("undated" if evidence == "first-seen" else "prose", language))
    parts += [words.say(f"edited {field}", language) for field, _, _ in _changes([text], sources)]
    parts += filter(None, [escape(translated.line(text))])
    others = [_link(_page(item), source_name(_source(sources, item), item, language)) for item in text.items[1:]]
    if others:
        parts.append(f"{words.say('also', language)}: {', '.join(others)}.")
    if source.rights.attribution:
        parts.append(escape(clean.text(source.rights.attribution)))
    if source.rights.licence:
        parts.append(f"{words.say('licence', language)}: {escape(clean.text(source.rights.licence))}.")
    return f"<p>{' '.join(parts)}</p>"


def _links(texts: Sequence[Text], others: Sequence[Text]) -> tuple[EntryLink, ...]:
    """Return one alternate, the other languages as related, and every page a merged entry was made of as via."""
    links = [EntryLink("alternate", _page(texts[0].lead), _hreflang(texts[0]), title=wording.title(texts[0]))]
    links += [EntryLink("related", _page(t.lead), _hreflang(t), title=wording.title(t)) for t in (*texts[1:], *others)]
    pages = [(item, text) for text in texts for item in text.items]
    if len(pages) > 1:
        links += [EntryLink("via", _page(item), _hreflang(text), title=wording.title(text)) for item, text in pages]
    return tuple(dict.fromkeys(links))


def _gone(texts: Sequence[Text], past: Past) -> tuple[tuple[str, datetime], ...]:
    """Return the pages of an entry that are gone at their source, each with since when."""
    items = [item for text in texts for item in text.items if item.id in past.missing]
    return tuple((_page(item), past.missing[item.id]) for item in items)


def _related(story: Story, texts: Sequence[Text]) -> tuple[Related, ...]:
    """Return the stories that tell of the same event, as far as the texts shown do, with addresses fit to publish."""
    shown = {item.id for text in texts for item in text.items}
    found: dict[str, Related] = {}  # a text may tell the event of either side
    for one in story.related:
        if (one.own in shown or not one.own) and (url := clean.web_address(one.url)):
            found.setdefault(one.article, one if url == one.url else replace(one, url=url))
    return tuple(found.values())[:_RELATED]


def _others(story: Story, channel: Channel, texts: Sequence[Text]) -> list[Text]:
    """Return the publishers' texts of the story that this feed only points to."""
    everything = shown_texts(replace(channel, language=None) if channel.language else channel, story)
    return [text for text in everything if text not in texts]


def _categories(texts: Sequence[Text], language: str, config: Config, past: Past) -> tuple[str, ...]:
    """Return the names of the topics that one of the texts belongs to."""
    found = {label for text in texts for item in text.items for label in past.labels.get(item.id, ())}
    own = [one for one in config.topics if topics.topic(one.id) in found]
    return tuple(dict.fromkeys(clean.text(words.name_of(one.name, language)) or one.id for one in own))


def _author(text: Text, source: Source) -> str:
    name = source_name(source, text.lead, text.language)
    if text.origin != "publisher":
        return words.say("translation of", text.language).format(name)
    names = [name for name in map(clean.text, text.lead.article.authors) if name]
    return ", ".join(names) or name


def _page(item: Item) -> str:
    """Return the article's address."""
    address = clean.web_address(item.article.url)
    if address is None:
        raise ValueError(f"article {item.id} has no http(s) address: {item.article.url!r}")
    return address


def _hreflang(text: Text) -> str:
    return text.language if tag(text.language) == text.language else ""


def _link(address: str, name: str) -> str:
    return f'<a href="{escape(address)}">{escape(name)}</a>'


def _figure(pictures: Sequence[Image]) -> str:
    if not pictures:
        return ""
    first = pictures[0]
    sizes = "".join(f' {name}="{size}"' for name, size in (("width", first.width), ("height", first.height)) if size)
    return f'<figure><img src="{escape(first.url)}" alt="{escape(first.alt)}"{sizes}></figure>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _source(sources: Mapping[str, Source], item: Item) -> Source:
    """Return the item's source; one that has left sources.yaml keeps the narrow default rights."""
    known = sources.get(item.article.source)
    return known or Source(id=item.article.source, name={}, kind="", listings=(), timezone="UTC")


def source_name(source: Source, item: Item, language: str) -> str:
    """Return what the source of an article is called in a language; its host where it has no name."""
    name = clean.text(words.name_of(source.name, language))
    return name or (urlsplit(item.article.url).hostname or source.id)


def _source_page(source: Source, item: Item, language: str) -> str:
    """Return the page of the source that readers of the language would start from."""
    pages = [listing for listing in source.listings if listing.kind in (None, "html")]
    pages.sort(key=lambda listing: listing.language != language)
    found = next((address for listing in pages if (address := clean.web_address(listing.url))), None)
    start = urlsplit(_page(item))
    return found or f"{start.scheme}://{start.netloc}/"
