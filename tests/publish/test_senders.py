"""The senders of docs/how-to-newsletter.md, as far as they can be had without an account: their own published rules.

Mailchimp and MailerLite pick items of a feed by its dates; listmonk takes the body of a campaign.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from lxml import etree
from lxml import html as lxml_html

from pipeline import mailroom, newsstand
from pipeline.model import Feed, Image, Rights
from tests.publish.press import Press, configured, said, source

HOW_TO = (Path(__file__).resolve().parents[2] / "docs/how-to-newsletter.md").read_text("utf-8")
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
                     r"\d{2}:\d{2}:\d{2} [+-]\d{4}")  # fmt: skip
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}content"
#: What a merge tag of Mailchimp is filled from, in an item and in the channel.
ITEM_TAGS = {
    "TITLE": "title", "URL": "link", "DATE": "pubDate", "CONTENT": "description", "CONTENT_FULL": CONTENT,
    "AUTHOR": "{http://purl.org/dc/elements/1.1/}creator",
}  # fmt: skip
FEED_TAGS = {"TITLE": "title", "URL": "link", "DATE": "lastBuildDate", "DESCRIPTION": "description"}


@pytest.fixture
def press(tmp_path):
    wide = source(rights=Rights("full", images="link"))
    feeds = (Feed("newsletter-ru", size=10), Feed("newsletter-en", size=10))
    opened = Press(tmp_path, configured(wide, feeds=feeds))
    opened.go()
    yield opened
    opened.close()


def items(press, feed="newsletter-ru"):
    return etree.parse(press.feeds / f"{feed}.rss").getroot().findall("channel/item")


def news(press, n, **more):
    press.arrive(f"https://bureau.example.com/news/{n}", f"Дело {n} {said(n)[:20].strip()}", said(n), **more)


class Scheduled:
    """A sender with a turn: it takes what is dated after its last one, and knows nothing else of what it sent."""

    def __init__(self, press, *, reach):
        self.press = press
        self.last = press.now - reach  #: how far back its first sending goes
        self.sent: list[str] = []

    def turn(self):
        dated = [
            (parsedate_to_datetime(item.findtext("pubDate")), item.findtext("title")) for item in items(self.press)
        ]
        self.sent += [title for at, title in dated if self.last < at <= self.press.now]
        self.last = self.press.now


def test_each_text_is_sent_once_whatever_happens_to_it(press):
    press.history("bureau", 5)
    press.go()
    # Mailchimp looks back a day before its first daily turn; MailerLite begins when it is set up
    senders = [Scheduled(press, reach=timedelta(days=1)), Scheduled(press, reach=timedelta(0))]
    for day in range(5):
        news(press, day)
        if day == 2:  # corrected, and its translation comes
            first = "https://bureau.example.com/news/1"
            press.arrive(first, f"Дело 1 {said(1)[:20].strip()}", f"{said(1)} Исправлено.")
            press.arrive("https://bureau.example.com/en/1", "Case one", "A case was heard.", other=first)
        if day == 4:
            press.store.removals.withdraw(
                press.store.removals.find("https://bureau.example.com/news/3"), "x", press.now
            )
        press.go(hours=5)
        press.now += timedelta(hours=19)
        for sender in senders:
            sender.turn()

    for sender in senders:
        assert sorted(sender.sent) == sorted(f"Дело {n} {said(n)[:20].strip()}" for n in range(5))


def test_dates_are_as_mailchimp_reads_them_and_agree_in_every_field(press):
    """It takes pubDate, then published, created, updated, date: none of the later ones may say otherwise in its place."""
    news(press, 1, at=press.now - timedelta(days=2))
    press.go()
    (item,) = items(press)

    assert RFC_822.fullmatch(item.findtext("pubDate"))
    assert parsedate_to_datetime(item.findtext("pubDate")) == press.now
    assert {etree.QName(one).localname for one in item} & {"published", "updated", "date"} == set()


def test_no_merge_field_of_the_recipe_is_ever_missing(press):
    news(press, 1)
    press.arrive("https://bureau.example.com/news/2", "Без картинки", "Короткий текст без картинки и автора.")
    press.go()
    fields = set(re.findall(r"\*\|RSSITEM:([A-Z_]+)", HOW_TO)) - {"IMAGE"}
    of_feed = set(re.findall(r"\*\|RSSFEED:([A-Z_]+)", HOW_TO)) - {"IMAGE"}

    assert {"TITLE", "URL", "DATE", "CONTENT", "CONTENT_FULL"} <= fields <= set(ITEM_TAGS)
    assert of_feed <= set(FEED_TAGS)
    assert of_feed
    for item in items(press):
        assert all((item.findtext(ITEM_TAGS[field]) or "").strip() for field in fields)
    channel = etree.parse(press.feeds / "newsletter-ru.rss").find("channel")
    assert all((channel.findtext(FEED_TAGS[field]) or "").strip() for field in of_feed)


def test_pictures_as_senders_look_for_them(press):
    news(press, 1, images=(Image("https://bureau.example.com/1.jpg", "Порт", 800, 400),))
    news(press, 2)
    press.go()
    with_one, without = sorted(items(press), key=lambda item: item.find(MEDIA) is None)

    assert with_one.find(MEDIA).get("url") == "https://bureau.example.com/1.jpg", "Letterhead"
    assert re.findall(r'<img src="([^"]+)"', with_one.findtext(CONTENT)) == ["https://bureau.example.com/1.jpg"], (
        "MailUp"
    )
    assert without.find(MEDIA) is None
    # MailUp's last resort is the channel's picture
    assert etree.parse(press.feeds / "newsletter-ru.rss").findtext("channel/image/url").endswith(".png")


def test_the_address_ends_as_drip_wants_it_and_ten_items_are_enough(press):
    for n in range(14):
        news(press, n)
    press.go()
    root = etree.parse(press.feeds / "newsletter-ru.rss")

    assert len(items(press)) == 10, "Letterhead takes no more"
    self_link = root.find("channel/{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert self_link.get("href").endswith("/newsletter-ru.rss")


def campaign(press):
    news(press, 1)
    press.go()
    desk = newsstand.Desk(press.config, press.store, press.feeds, press.now)
    made = mailroom.prepared(desk, "week", "ru")
    files = mailroom.documents(desk, made)
    return json.loads(next(text for name, text in files.items() if name.endswith("campaign.json")))


def test_the_campaign_passes_listmonk_s_own_checks(press):
    """Of cmd/campaigns.go, validateCampaignFields: what is refused, and what of a body is a Go template."""
    body = campaign(press) | {"lists": [1], "template_id": 2}  # what the recipe adds

    assert 1 <= len(body["name"].encode()) <= 2000
    assert 1 <= len(body["subject"].encode()) <= 5000
    assert body["type"] == "regular"
    assert body["content_type"] in ("richtext", "html", "markdown", "plain", "visual")
    assert body["messenger"] == "email"
    assert all(isinstance(tag, str) for tag in body["tags"])
    for part in (body["body"], body["altbody"]):
        assert re.findall(r"\{\{(.*?)\}\}", part) == [" UnsubscribeURL ", " UnsubscribeURL "]
    assert "{{" not in body["subject"]
    links = lxml_html.document_fromstring(body["body"]).xpath("//a/@href")
    assert links[0] == links[-1] == "{{ UnsubscribeURL }}"


def test_the_recipe_names_files_there_are(press):
    made = set(re.findall(r"feeds/digest/ru-2026-11-21\.([a-z.]+)", HOW_TO))

    assert made == {"html", "mail.html", "txt", "md", "campaign.json"}
    assert set(campaign(press)) | {"template_id"} >= set(re.findall(r"\.(\w+) = ", HOW_TO))
