from __future__ import annotations

import pytest

from pipeline import publish
from pipeline.errors import PublishRefused
from pipeline.publish import gate
from tests.publish import newsroom


@pytest.mark.parametrize("name", ["all.rss", "ru.atom", "all.json", "all.html", "feeds.opml", "index.html"])
def test_good_documents_pass(edition, name):
    gate.check(name, edition.documents[name])
    gate.check(name, edition.documents[name], edition.documents[name])


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("all.rss", b"<title>", b"<title", "not well-formed"),
        ("all.rss", b"<guid isPermaLink", b"<gone isPermaLink", "not well-formed"),
        ("all.rss", b"<pubDate>Mon, 18 May 2026 00:00:00 +0300</pubDate>", b"", "has no pubDate"),
        ("all.rss", b"channel>", b"tunnel>", "<rss><channel> expected, <rss> found"),
        ("all.atom", b"http://www.w3.org/2005/Atom", b"http://www.w3.org/2006/Atom", "<feed> of Atom expected"),
        ("all.atom", b' rel="alternate" type="text/html" hreflang="ru"', b' rel="via"', "has 1 alternate links, not one"),
        ("all.atom", b'rel="related"', b'rel="alternate"', "has 2 alternate links, not one"),
        ("all.atom", "<name>Анна Невская</name>".encode(), b"<name> </name>", "has no author/name"),
        ("all.json", b"{", b"", "not well-formed"),
        ("all.json", b'"version"', b'"variant"', "feed has no version"),
        ("all.json", b'"items"', b'"rows"', "`items` expected"),
        ("all.json", b'"content_html"', b'"content"', "has no content_html"),
        ("all.rss", b"<link>https://bureau", b"<link>//bureau", "leads to '//bureau"),
        ("all.rss", b'&lt;a href="https://', b'&lt;a href="/', "has the address '/"),
        ("all.rss", b"<content:encoded>", b"<content:encoded>&lt;script&gt;x&lt;/script&gt;", "has <script>"),
        ("all.atom", b'href="https://bureau', b'href="javascript:', "leads to 'javascript:"),
        ("all.atom", b'&lt;a href="https://', b'&lt;a href="', "has the address 'bureau"),
        ("all.json", b'"url":"https://', b'"url":"ftp://', "leads to 'ftp://"),
        ("all.json", b'"content_html":"', b'"content_html":"<IFRAME>', "has <IFRAME>"),
        ("all.json", b'"date_published"', b'"date_publish"', "has no date_published"),
        ("feeds.opml", b"<head>", b"<head><head/></head><hat>", "not well-formed"),
        ("index.html", b"</html>", b"", "a whole HTML page expected"),
    ],
)  # fmt: skip
def test_a_broken_document_is_refused(edition, name, old, new, reason):
    document = edition.documents[name]
    broken = document.replace(old, new)
    assert broken != document
    if reason.startswith("has 1"):
        reason = "alternate links, not one"

    with pytest.raises(PublishRefused, match=reason) as refusal:
        gate.check(name, broken)
    assert str(refusal.value).startswith(f"{name}: ")


@pytest.mark.parametrize("ext", ["rss", "atom", "json", "html"])
def test_doubled_ids_are_refused(edition, ext):
    document = edition.documents[f"all.{ext}"].decode()
    first, second = edition.entries["all"][:2]

    with pytest.raises(PublishRefused, match=f"{first}' stands 2 times"):
        gate.check(f"all.{ext}", document.replace(second, first).encode())


@pytest.mark.parametrize("ext", ["rss", "atom", "json", "html"])
def test_an_empty_feed_does_not_replace_a_full_one(edition, empty, ext):
    name = f"all.{ext}"
    gate.check(name, empty.documents[name])
    gate.check(name, empty.documents[name], empty.documents[name])

    with pytest.raises(PublishRefused, match="empty, while the last one has 6 entries"):
        gate.check(name, empty.documents[name], edition.documents[name])


@pytest.mark.parametrize("ext", ["rss", "atom", "json", "html"])
def test_a_shrunken_feed_does_not_replace_a_full_one(edition, ext):
    name, config = f"all.{ext}", newsroom.config()
    few = publish.publish(newsroom.stories()[:1], config, newsroom.NOW)
    missed = edition.entries["all"]
    assert 0 < len(few.entries["all"]) < len(missed) / 2

    with pytest.raises(PublishRefused, match=f"{len(few.entries['all'])} entries, while the last one has 6"):
        gate.check(name, few.documents[name], edition.documents[name])
    gate.check(name, few.documents[name], edition.documents[name], excused=missed[1:])
    gate.check(name, few.documents[name], edition.documents[name], excused=True)
    gate.check(name, edition.documents[name], few.documents[name])


def test_a_damaged_old_document_is_replaced(edition):
    gate.check("all.rss", edition.documents["all.rss"], b"\x00 not a feed")


def test_too_large(edition):
    with pytest.raises(PublishRefused, match="bytes, more than 1000"):
        gate.check("all.rss", edition.documents["all.rss"], limit=1000)


def test_what_tells_of_every_feed_is_as_long_as_there_are_feeds(edition):
    for name in ("index.html", "feeds.opml"):
        gate.check(name, edition.documents[name], limit=1000)


def test_a_document_without_rules_is_refused():
    with pytest.raises(PublishRefused, match=r"no rules for documents called \*\.exe"):
        gate.check("all.exe", b"x")


def test_entities_are_not_read_from_elsewhere():
    hostile = (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><title>&x;</title></channel></rss>'
    )

    assert any("title" in fault for fault in gate.inspect("all.rss", hostile).faults)


def test_what_stood_before_is_known_by_the_ids_of_a_whole_look(edition):
    asked = [
        *edition.documents.items(),
        ("x.rss", b"<rss>"),
        ("x.rss", b"<rss/>"),
        ("x.atom", b""),
        ("x.atom", b"<feed/>"),
    ]
    for name, document in asked:
        assert tuple(gate._ids(name, document)) == gate.inspect(name, document).ids, name
