"""The list of items: found in both languages, narrowed by facets, page by page, with nothing a source wrote run."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from pipeline import otherwords, pairing, query, stems
from pipeline.review.items import asking, snippets
from pipeline.review.items.asking import Given, Wish
from pipeline.store import FACETS
from pipeline.store.engine import writing
from pipeline.store.tables import articles

CASES = json.loads((Path(__file__).parent.parent / "data/review/items.json").read_text(encoding="utf-8"))
TEXT = "На Васильевском острове открыли морской терминал.\nПервый паром привёз 450 пассажиров, ёлки и за\u0301мок."


def titles(answer):
    return [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", "", one)).strip()
        for one in re.findall(r'<p class="title"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    ]


def addresses(answer, rel=""):
    found = re.findall(rf'<a[^>]*{rel}[^>]* href="(/desk/items[^"]*)"', answer.text)
    return [one.replace("&amp;", "&") for one in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_what_an_analyst_finds(desk, case):
    page = desk.get("/desk/items?" + case["ask"])
    assert page.status_code == 200
    shown = " | ".join(titles(page))
    assert case["first"] in shown.split(" | ")[0] if case["first"] else shown == ""
    for one in case.get("also", ()):
        assert one in shown
    for one in case.get("not", ()):
        assert one not in shown


def test_pages_lead_through_everything_once(desk):
    seen, path = [], "/desk/items"
    for _ in range(5):
        page = desk.get(path)
        seen += re.findall(r'<a href="/desk(/story/[^"]+)" data-item>', page.text)
        following = addresses(page, 'rel="next"')
        if not following:
            break
        path = following[0]
    count = int(re.search(r'id="count">(\d+)', page.text)[1])
    assert len(seen) == len(set(seen)) == count > 30


def test_each_facet_leads_to_as_many_stories_as_it_says(desk):
    page = desk.get("/desk/items?q=кластер")
    rows = re.findall(r'<li><a href="(/desk/items[^"]+)">([^<]+)</a> <span class="faint">(\d+)</span></li>', page.text)
    assert len(rows) > 8
    for path, title, count in rows[::3]:
        shown = desk.get(path.replace("&amp;", "&"))
        assert re.search(r'id="count">(\d+)', shown.text)[1] == count, title
        assert f'aria-current="true">{title}<' in shown.text


def test_the_api_says_what_the_page_shows(desk, api):
    told = api("GET", "/api/v1/items?q=кластер&language=en&limit=2", role="reader").json()
    page = desk.get("/desk/items?q=кластер&language=en")
    assert str(told["stories"]) == re.search(r'id="count">(\d+)', page.text)[1]
    assert {one["title"] for row in told["items"] for one in row["titles"]} <= {t.split(" ↗")[0] for t in titles(page)}
    assert set(told["facets"]) == set(FACETS)
    assert any(piece["hit"] for row in told["items"] for piece in row["snippet"])
    rest = api("GET", f"/api/v1/items?q=кластер&language=en&limit=100&after={told['next']}", role="reader").json()
    assert len(told["items"]) + len(rest["items"]) == told["stories"]


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        ("q=%22порт", 422),
        ("after=x", 422),
        ("since=yesterday", 422),
        ("sort=random", 422),
        ("q=" + "x" * 600, 422),
        ("source=nobody", 200),
    ],
)
def test_what_cannot_be_asked_is_told(api, ask, status):
    assert api("GET", f"/api/v1/items?{ask}", role="reader").status_code == status


def test_words_that_cannot_be_read_leave_the_page_usable(desk):
    page = desk.get("/desk/items?q=%22порт")
    assert page.status_code == 200
    assert "a quotation mark may be missing" in page.text
    assert 'value="&#34;порт"' in page.text


class Inert(HTMLParser):
    """Fails at whatever could run: elements a source brought along, handlers, script addresses."""

    def handle_starttag(self, tag, attributes):
        assert tag not in {"iframe", "object", "embed", "svg", "math", "img", "base", "style"}, tag
        for name, value in attributes:
            assert not name.startswith("on"), (tag, name)
            assert not re.match(r"\s*(javascript|data|vbscript):", value or "", re.IGNORECASE), (tag, name, value)
        assert tag != "script" or dict(attributes).get("src", "").startswith("/desk/static/")


def test_payloads_in_titles_texts_and_questions_stay_text(office, desk, root):
    payloads = json.loads((root / "tests/data/publish/payloads.json").read_text(encoding="utf-8"))
    with writing(office.store._engine) as connection:
        ids = connection.scalars(select(articles.c.id).order_by(articles.c.dated.desc()).limit(20)).all()
        for number, id_ in enumerate(ids):
            bad = " ".join(payloads[number::20])
            connection.execute(
                articles.update().where(articles.c.id == id_).values(title=bad, text=bad, url=payloads[number])
            )
    Inert().feed(desk.get("/desk/items").text)
    Inert().feed(desk.get("/desk/items?q=alert").text)
    for payload in payloads[::40]:
        Inert().feed(
            desk.get(
                "/desk/items?" + urlencode([(name, payload[:500]) for name in ("q", "source", "topic", "place")])
            ).text
        )


@given(
    st.builds(
        Wish, st.text(max_size=20).map(str.strip), st.dictionaries(st.sampled_from(FACETS), st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=3, unique=True).map(tuple)),
        st.none() | st.dates(), st.none() | st.dates(), st.sampled_from(["", "date", "best"]), st.just(""),
    )
)  # fmt: skip
def test_an_address_holds_the_whole_wish(wish):
    pairs = parse_qsl(wish.address.removeprefix("?"), keep_blank_values=True)
    values = {name: [v for n, v in pairs if n == name] for name in FACETS}
    single = {name: value for name, value in pairs if name not in FACETS}
    assert asking.wish(Given(**{**values, **single})) == wish


@given(st.text(), st.lists(st.text(max_size=12), max_size=4))
def test_pieces_are_the_text(text, words):
    parts = [part for word in words if (part := stems.part(word)) != stems.Part(())]
    assert "".join(piece for piece, _ in snippets.marked(text, parts)) == text
    shown = "".join(piece for piece, _ in snippets.snippet(text, parts))
    assert shown.strip("…") in text


@pytest.mark.parametrize(
    ("word", "marked"),
    [
        ("терминалы", ["терминал"]), ("«морские терминалы»", ["морской терминал"]), ("пас*", ["пассажиров"]), ("елка", ["ёлки"]),
        ("замок", ["за\u0301мок"]), ("450", ["450"]), ("круиз", []),
    ],
)  # fmt: skip
def test_what_is_marked(word, marked):
    parts = [stems.part(query.parse(word).words[0])]
    assert [text for text, hit in snippets.marked(TEXT, parts) if hit] == marked


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("порт", "port"),
        ("city", "город"),
        ("Эрмитаж", "hermitage"),
        ("Невский проспект", "Nevsky Avenue"),
        ("Pankevich", "панкевич*"),
    ],
)
def test_words_of_the_other_language(word, other):
    assert stems.part(other) in otherwords.OtherWords(pairing.shipped_lexicon())(stems.part(word))


def test_a_day_is_one_by_the_publishers_clock(office):
    asked = asking.asked(Wish(since=date(2026, 5, 20), until=date(2026, 5, 20)), office.zone)
    assert (asked.until - asked.since).total_seconds() == 24 * 3600
    assert asked.since.hour == 0


def test_an_address_that_is_saved_becomes_a_private_feed(office, outside):
    outside.log_in("analyst")
    said = outside.post("/desk/items/searches?q=кластер -прибор&language=ru&state=linked", {"title": "Кластеры: новое"})
    assert "klastery-novoe" in said.text
    saved = office.config().searches[-1]
    assert (saved.id, saved.public, saved.query.words) == ("klastery-novoe", False, ("кластер",))
    assert (saved.query.not_words, saved.query.languages) == (("прибор",), ("ru",))
    assert office.store.audit.latest(1, 0)[0].what == "search saved"
    turn = office.press.ask()
    assert office.press.wait(turn, 60)
    feed = office.store.private.get("search-klastery-novoe.json")
    assert feed is not None
    titles_ = {one["title"] for one in json.loads(feed[0])["items"]}
    assert titles_
    assert "klastery-novoe.rss?token=" in outside.get("/desk/items/searches").text
    text = office.settings.sources.read_text(encoding="utf-8")
    assert text.count("#") >= 5, "comments stay"


def test_who_may_save_what(outside, api):
    outside.log_in("reader")
    assert outside.post("/desk/items/searches?q=порт", {"title": "Порт"}).status_code == 403
    assert (
        api("POST", "/api/v1/items/searches?q=порт", role="analyst", json={"title": "Порт", "public": True}).status_code
        == 403
    )
    assert api("POST", "/api/v1/items/searches", role="analyst", json={"title": "Порт"}).status_code == 422
    made = api(
        "POST",
        "/api/v1/items/searches?q=порт&topic=clean-tech",
        role="operator",
        json={"title": "Порт", "public": True},
    )
    assert made.status_code in (201, 409), "a topic that is none is told"
    if made.status_code == 409:
        assert "no topic" in made.json()["detail"]
    assert "token=" not in str(api("GET", "/api/v1/items/searches", role="reader").json())


def test_exports_hold_exactly_the_list(desk, api, office):
    ask = "q=кластер&language=en"
    told = api("GET", f"/api/v1/items?{ask}&limit=100", role="reader").json()
    answer = desk.get(f"/desk/items/export/jsonl?{ask}")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert len(rows) == told["articles"]
    assert {one["story"] for one in rows} == {one["story"] for one in told["items"]}
    assert all(one["language"] == "en" for one in rows)
    assert 'filename="items-2026-11-20.jsonl"' in answer.headers["content-disposition"]
    table = api("GET", f"/api/v1/items/export/csv?{ask}", role="reader")
    assert table.content.startswith(b"\xef\xbb\xbfid,story,")
    listed = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert [one["id"] for one in listed] == [one["id"] for one in rows]
    assert desk.get("/desk/items/export/exe").status_code == 422
    warc = desk.get(f"/desk/items/export/warc?{ask}")
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(warc.content))]
    assert kinds[0] == "warcinfo"


def test_a_title_that_is_a_formula_is_text_in_every_sheet(office, desk):
    with writing(office.store._engine) as connection:
        one = connection.scalar(select(articles.c.id).order_by(articles.c.dated.desc()).limit(1))
        connection.execute(articles.update().where(articles.c.id == one).values(title="=cmd|'/c calc'!A0"))
    assert b",'=cmd|" in desk.get("/desk/items/export/csv").content
    book = zipfile.ZipFile(io.BytesIO(desk.get("/desk/items/export/xlsx").content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=cmd|" in sheet
    assert "<f>" not in sheet
    assert 'state="frozen"' in sheet
    assert "<hyperlink " in sheet
