"""Digests: what is in them, how they look to mail programs, that nothing goes twice, that they stay as they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html as lxml_html

from pipeline import mailroom, newsstand
from pipeline.model import Feed, Image, Rights, Topic
from pipeline.publish import digests
from tests.publish.press import START, Press, configured, said, source

PORT = ("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки. Его строили 12 лет.")
EN = (
    "https://bureau.example.com/en/news/1",
    "The port opened",
    "A new sea port has opened. It took 12 years to build.",
)
WATER = Topic("water", {"ru": "Вода", "en": "Water"}, ("водоканал",))


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source(rights=Rights("full", images="link")), topics=(WATER,)))
    opened.go()
    yield opened
    opened.close()


def desk(press):
    return newsstand.Desk(press.config, press.store, press.feeds, press.now)


def send(press, period="week", language="ru"):
    made = mailroom.prepared(desk(press), period, language)
    if made is None:
        return {}
    written = mailroom.send(desk(press), made, period)
    assert not written.refused
    press.go(minutes=1)
    return {name: (press.feeds / name).read_text() for name in written.written}


def only(files, ext):
    (found,) = [text for name, text in files.items() if name.split(".", 1)[1] == ext]
    return found


def test_nothing_goes_twice_and_nothing_when_there_is_nothing(press):
    assert send(press) == {}
    press.arrive(*PORT)
    press.go()
    assert "Порт открылся" in only(send(press), "txt")
    assert send(press) == {}
    assert send(press, language="en") == {}
    press.arrive(*EN, other=PORT[0])
    press.go()
    assert send(press) == {}, "the Russian side went out already"
    assert "The port opened" in only(send(press, language="en"), "txt")
    assert "Порт открылся / The port opened" in only(send(press, language="both"), "txt")


def test_an_archive_never_enters_a_digest(press):
    press.history("bureau", 40)
    press.go()
    assert send(press, "30") == {}


def test_by_topic_and_by_number(press):
    for n in range(4):
        press.arrive(f"https://bureau.example.com/news/{n}", f"Дело {n} {said(n)[:20]}", said(n))
    press.arrive("https://bureau.example.com/news/9", "Водоканал празднует", said(9))
    press.go()
    text = only(send(press, "5"), "md")

    assert text.index("## Вода") < text.index("Водоканал празднует") < text.index("## Другие новости")
    assert text.index("## Другие новости") < text.index("Дело 0")
    assert send(press, "5") == {}


def test_a_dry_run_changes_nothing(press):
    press.arrive(*PORT)
    press.go()
    made = mailroom.prepared(desk(press), "week", "ru")
    assert mailroom.documents(desk(press), made)
    assert not (press.feeds / "digest").exists()
    assert mailroom.prepared(desk(press), "week", "ru") == made


def test_a_long_silence_leaves_nothing_out(press):
    press.arrive(*PORT)
    press.go()
    send(press, "day")
    press.arrive("https://bureau.example.com/news/2", "Мост построен", said(2))
    press.go(days=1)
    press.now += timedelta(days=9)

    assert "Мост построен" in only(send(press, "day"), "txt")


def test_mail_is_small_inlined_and_asks_nothing_of_others(press):
    picture = Image("https://bureau.example.com/1.jpg", "Порт", 1200, 600)
    press.arrive(*PORT, images=(picture,))
    for n in range(2, 110):
        press.arrive(
            f"https://bureau.example.com/news/{n}",
            f"Дело {n}: {said(n)[:40]}",
            f"{said(n)} {said(n + 500)} {said(n + 900)}",
        )
    press.go()
    files = send(press, "110")
    mail = only(files, "mail.html")

    assert digests.encoded_size(mail) <= digests.BUDGET
    assert "Ещё новостей" in mail
    assert mail.count("{{unsubscribe}}") == 2
    page = only(files, "html")
    assert "{{" not in page
    assert re.findall('<link rel="(icon|alternate)"', page) == ["icon", "icon", "alternate", "alternate"]
    tree = lxml_html.document_fromstring(mail)
    assert not tree.xpath("//style | //script | //link")
    assert tree.xpath("//table[@width='600']")
    assert all("style" in one.attrib for one in tree.xpath("//td"))
    for image in tree.xpath("//img"):
        assert (image.get("width"), image.get("height"), image.get("alt")) == ("560", "280", "Порт")
    assert all(re.match(r"https://|\{\{unsubscribe\}\}$", href) for href in tree.xpath("//@href"))


def test_the_campaign_is_what_listmonk_takes(press):
    press.arrive(*PORT)
    press.go()
    campaign = json.loads(only(send(press), "campaign.json"))

    assert campaign["content_type"] == "html"
    assert campaign["subject"] == "Вестник: дайджест, 20 мая 2026 г."
    assert campaign["body"].count("{{ UnsubscribeURL }}") == campaign["altbody"].count("{{ UnsubscribeURL }}") == 2


@pytest.mark.parametrize(
    "trap", ["{{ .Subscriber.Email }}", "{{unsubscribe}}", "*|EMAIL|*", "<script>alert(1)</script>"]
)
def test_no_title_is_taken_for_a_sender_s_tag_or_markup(press, trap):
    press.arrive(PORT[0], f"Порт {trap}", f"{PORT[2]} {trap}")
    press.go()
    files = send(press)

    for name, text in files.items():
        bare = text.replace("{{unsubscribe}}", "", 2).replace("{{ UnsubscribeURL }}", "")
        assert "{{" not in bare, name
        assert "*|" not in bare, name
        assert "<script" not in (json.loads(text)["body"] if name.endswith("json") else text) or name.endswith(
            (".txt", ".md")
        )


def test_an_issue_stays_as_it_is_but_for_a_withdrawal(press):
    press.arrive(*PORT)
    press.arrive("https://bureau.example.com/news/2", "Мост построен", said(2))
    press.go()
    files = send(press)
    press.arrive(PORT[0], PORT[1], f"{PORT[2]} Исправлено.")
    press.go(hours=1)
    mailroom.reissue(desk(press))
    assert {name: (press.feeds / name).read_text() for name in files} == files

    press.store.removals.withdraw(press.store.removals.find(PORT[0]), "просьба", press.now)
    press.go(hours=1)
    mailroom.reissue(desk(press))
    again = {name: (press.feeds / name).read_text() for name in files}
    for name, text in again.items():
        assert "Порт открылся" not in text, name
        assert "Мост построен" in text, name


def test_a_feed_of_issues(press):
    press.arrive(*PORT)
    press.go()
    assert not (press.feeds / "digests.rss").exists()
    send(press)
    (item,) = press.items("digests")

    assert item["url"].endswith("/digest/ru-2026-05-20.html")
    assert item["date_published"].startswith(START.date().isoformat())
    assert 'href="digests.html"' in (press.feeds / "index.html").read_text()


def test_a_digest_does_not_need_the_newsletter_feed(press):
    press.config = replace(press.config, feeds=(Feed("newsletter-ru", enabled=False),))
    press.arrive(*PORT)
    press.go()

    assert send(press)
