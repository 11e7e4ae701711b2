"""No validator finds fault with what is published: not with odd texts, archives, newsletters, digests, tombstones."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import mailroom, newsstand
from pipeline.model import Feed, Image, Publisher, Rights, Topic
from pipeline.publish import archives, clean
from tests.publish import newsroom, validity, w3c
from tests.publish.browser import SITE, Shown, chromium, page_of
from tests.publish.press import HOME, Press, configured, said, source

#: Titles and texts as the web has them.
ODD = [
    "Порт 🚢 открылся 👩🏽‍🚀 сегодня", "شحن البضائع: порт \u202eназад\u202c", "x < 5 & y > 3 &amp; &copy; AT&T &#x41; R&D",
    "<b>Жирный</b> заголовок <script>alert(1)</script>", "a\u0000b\u0008c\u0085d\ufffee\ud800f\U0001ffffg",
    "Очень длинный заголовок " * 40, "{{unsubscribe}} *|FNAME|* %%name%% ]]> <!-- --> <?xml?>", "e\u0301 Å ﬁ ½ \u00a0\u200b\u2028",
    "1. Список: *звёзды*, _черта_, [ссылка](javascript:alert(1)), `код`", "",
]  # fmt: skip
MARKUP = (
    '<p>Текст <a href="/news/2?a=1&b=2">ссылка</a> <a href="//other.example/х у">другая</a> <a href="javascript:x">x</a>'
    '<img src="i.jpg" alt="<b>"><img src="data:image/png;base64,AA"></p><table><tr><td>1<table><td>2</table></table>'
    "<marquee><p>один<p>два</marquee><p><marquee><p>три</marquee><a href=https://a.example/><table><td><a href=https://b.example/>б</table></a>"
    "<ul><li>а<li>б</ul></p></div><h2>Без конца <em>и края<svg><p>рис</svg><math><mi//xlink:href=x>"
)


@pytest.mark.parametrize("case", newsroom.cases("broken.json"), ids=lambda case: f"{case['ext']} {case['says']}")
def test_what_the_validator_would_say_is_said(edition, case):
    document = edition.documents[f"all.{case['ext']}"].decode()
    broken = document.replace(case["find"], case["put"])
    address = f"{newsroom.config().publisher.home}all.{case['ext']}"
    assert broken != document
    assert w3c.messages(document.encode(), address) == []

    assert any(said.startswith(case["says"]) for said in w3c.messages(broken.encode(), address))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTPS://Example.com:443/a/./b/../c", "https://example.com/a/c"),
        ("http://example.com:80", "http://example.com/"),
        ("http://example.com:8080/%7euser/%d0%bf?q=%2f%41#%7E", "http://example.com:8080/~user/%D0%BF?q=%2FA#~"),
        ("https://example.com/..", "https://example.com/"),
    ],
)
def test_an_address_in_its_one_form(address, expected):
    assert clean.canonical(address) == w3c.canonical(address) == expected


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    """An installation that has lived: odd texts, pictures, archives, a pair, a merge, a withdrawal, machine text, digests."""
    rights = Rights("full", images="link")
    water = Topic("water", {"ru": "Вода & <свет>", "en": "R&D"}, ("порт",))
    config = configured(
        source(rights=rights), replace(source("park", rights=rights), name={"ru": "Парк «А & Б» <новости>"}),
        topics=(water,), feeds=(Feed("own", title={"ru": "Свои & чужие", "en": "R&D <own>"}, query=("порт",)),),
        publisher=Publisher({"ru": "Вестник & Ко", "en": "AT&T Herald"}, HOME, "d@example.org", takedown="d@example.org <Отдел>"),
    )  # fmt: skip
    opened = Press(tmp_path_factory.mktemp("odd"), config)
    opened.history("park", 60)
    opened.go()
    for n, text in enumerate(ODD):
        picture = Image(f"https://bureau.example.com/{n} ё.JPG?s=1&t=2", text, 1200, 630, "image/jpeg")
        url = f"https://bureau.example.com/n?id={n}&текст=«{n}»"
        opened.arrive(url, text or "я", f"{said(n)} {text}\n{text}", images=(picture,), html=f"<p>{text}</p>{MARKUP}")
    opened.arrive(
        "https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки. Его строили 12 лет."
    )
    opened.go(hours=1)
    opened.arrive("https://bureau.example.com/en/news/1", "The port opened", "A new port has opened. It took 12 years.", other="https://bureau.example.com/news/1")  # fmt: skip
    opened.arrive("https://bureau.example.com/news/5", "Отозвано", said(99))
    opened.go(hours=1)
    opened.store.removals.withdraw(
        opened.store.removals.find("https://bureau.example.com/news/5"), "просьба", opened.now
    )
    opened.go(hours=1)
    for language in ("ru", "both"):
        digest = mailroom.prepared(desk(opened), "week", language)
        mailroom.send(desk(opened), digest, "week")
    opened.translate("https://bureau.example.com/n?id=4&текст=«4»", "Translated & <b>bold</b>", "It was translated.")
    done = opened.go(hours=1, pair=False)
    assert not done.refused
    yield opened
    opened.close()


def desk(press):
    return newsstand.Desk(press.config, press.store, press.feeds, press.now)


def test_every_document_is_valid(press):
    documents = [path for path in press.feeds.rglob("*.*") if path.suffix in (".rss", ".atom", ".json", ".opml")]
    assert {
        "all.rss",
        "all-mt.atom",
        "newsletter-ru.rss",
        "digests.atom",
        "all-0001.atom",
        "own.json",
        "feeds.opml",
    } <= {path.name for path in documents}
    for path in documents:
        name = str(path.relative_to(press.feeds))
        address, document = HOME + name, path.read_bytes()
        if name.startswith("digest/"):
            continue  # a campaign, no feed
        if path.suffix == ".json":
            assert validity.json_faults(document, address) == [], name
        elif path.suffix == ".opml":
            assert validity.opml_faults(document) == []
        else:
            faults = validity.rss_faults if path.suffix == ".rss" else validity.atom_faults
            assert faults(document, address) == [], name


def test_the_first_archive_document_leads_on_and_the_others_back():
    left, current = [f"g{n}" for n in range(3)], [f"h{n}" for n in range(50)]

    made = archives.pages(left, current, first=True)

    assert [len(page) for page in made] == [12, 13]
    assert [one for page in made for one in page] == [one for page in archives.pages(left, current) for one in page]
    assert archives.pages(["one"], [], first=True) == (("one",),)
    assert press_pages(120) == [50, 50, 25]


def press_pages(count: int) -> list[int]:
    return [
        len(page) for page in archives.pages([str(n) for n in range(count)], [str(n) for n in range(50)], first=True)
    ]


def test_an_item_is_never_dated_ahead_of_its_sight(press):
    for item in press.items("all"):
        assert item["date_published"] <= (press.now + timedelta(hours=3)).isoformat()


def pages(press) -> dict[str, bytes]:
    """Every page under feeds/, by its name."""
    return {str(path.relative_to(press.feeds)): path.read_bytes() for path in sorted(press.feeds.rglob("*.html"))}


def test_every_page_is_html_as_the_checker_of_the_w3c_reads_it(press, tmp_path):
    jar, java = os.environ.get("VNU_JAR", "/usr/share/java/vnu.jar"), shutil.which("java")
    if java is None or not Path(jar).is_file():
        pytest.skip("needs Java and the Nu Html Checker (npm: vnu-jar), its vnu.jar named by VNU_JAR")
    found = pages(press)
    assert {"index.html", "all-mt.html", "digests.html", "own.html"} <= set(found)
    assert len([name for name in found if name.startswith("digest/")]) == 4
    for name, page in found.items():  # a sender replaces its placeholder by an address
        copy = tmp_path / name.replace("/", "-")
        copy.write_bytes(page.replace(b"{{unsubscribe}}", b"https://sender.example/"))
    line = [java, "-Xss4m", "-jar", jar, "--format", "gnu", "--stdout", *sorted(map(str, tmp_path.glob("*.html")))]
    said = subprocess.run(line, capture_output=True, text=True, timeout=240, check=False).stdout
    assert [one for one in said.splitlines() if ": error" in one] == []


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_page_shuts_anybody_out(press, width, scheme):
    found = pages(press)
    wanted = [name for name in found if not name.startswith(("kind-", "source-", "newsletter-en", "topic-", "search-"))]
    with (
        chromium() as browser,
        page_of(browser, found, Shown(), viewport={"width": width, "height": 900}, color_scheme=scheme) as page,
    ):
        for name in wanted:
            page.goto(SITE + name)
            violations = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"


def test_two_languages_stand_side_by_side_where_there_is_room_and_reasons_are_folded_away(edition):
    found = {name: body for name, body in edition.documents.items() if name.endswith(".html")}
    with chromium() as browser:
        for width, beside in ((1280, True), (375, False)):
            with page_of(browser, found, Shown(), viewport={"width": width, "height": 900}) as page:
                page.goto(f"{SITE}all-mt.html")
                left, right = (one.bounding_box() for one in page.locator(".pair section").all()[:2])
                assert (left["y"] == right["y"] and left["x"] < right["x"]) is beside
                assert page.locator("details").count() > 0
                assert page.locator("details[open]").count() == 0
                badge = page.locator("[lang='en-t-ru-t0-und'] strong").first
                assert badge.inner_text() == "Machine translation"
                assert badge.evaluate("element => getComputedStyle(element).borderStyle") == "solid"


_PIECES = [f"<{tag}>" for tag in ("p", "div", "ul", "li", "table", "tr", "td", "caption", "b", "a href=/x", "a href=https://a.example/",
           "h2", "blockquote", "marquee", "object", "button", "form", "svg", "math", "mi", "foreignObject", "template", "select", "option",
           "figure", "figcaption", "img src=https://a.example/i.png", "img src=i.png", "br", "br/", "section", "nobr", "font", "style", "title",
           "ruby", "rt", "dd", "frameset", "body class=x", "plaintext", "noscript", "textarea", "applet", "center", "dl", "dt", "ol start=2")]  # fmt: skip
_PIECES += [f"</{tag}>" for tag in ("p", "div", "ul", "li", "table", "tr", "td", "b", "a", "h2", "marquee", "object", "button", "form", "svg",
            "math", "select", "figure", "br", "nobr", "style", "title", "section", "body", "applet", "template")]  # fmt: skip
_PIECES += [
    "текст ",
    "&amp;",
    "&lt",
    "&#0;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "\x00",
    "x<y",
    "&notit;",
    '<a href="',
    '">',
    "\u0338",
    "<p\x0c>",
    "  \n",
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join), st.booleans())
def test_whatever_html_a_source_writes_ours_is_read_without_a_single_doubt(html, images):
    body = clean.fragment(html, images=images)

    for whole in (
        clean.document(body),
        clean.document(f'<section lang="ru"><h2>Т</h2>{body}<p>Источник</p></section>'),
    ):
        assert w3c.html_messages(whole) == []
        assert clean.document(whole) == whole
