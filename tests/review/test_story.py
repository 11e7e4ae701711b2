"""The story page: all that is known of a story, what an analyst does to it, and that readers of feeds see it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from pipeline import newsstand, translators
from pipeline.model import EngineRules, TranslationRules
from pipeline.store.tables import articles, captures, revisions
from tests.databases import of_sqlites_plans
from tests.review.building import NOW, run, served
from tests.test_tmx import check
from tests.translate.test_subeditor import Voice


@pytest.fixture
def story(office):
    """A story in two languages."""
    return next(one for one in office.store.stories.each() if one.state == "linked" and len(one.texts) == 2)


def path(story, rest=""):
    return f"/desk/story/{story.id}{rest}"


def in_feed(office, story):
    items = json.loads((office.feeds / "all.json").read_text())["items"]
    return next(one for one in items if one["id"] == story.id)


def test_all_that_is_known_of_a_story_stands_on_its_page(desk, office, story):
    page = desk.get(path(story)).text
    for text in story.texts.values():
        article = text.lead.article
        assert article.title in page
        assert article.text.splitlines()[-1][:40] in page.replace("&#39;", "'")
        assert f'href="{article.url}"' in page
        assert f"SHA-256 of the page: {article.digest}" in page
    assert page.count('class="reading"') >= 2
    assert f"/desk/pair/{story.match.ru}/{story.match.en}" in page
    assert page.count("<li>") >= len(story.match.reasons) > 0
    for told in ("Found", "Fetched", "Read:", "In the feeds: "):
        assert told in page
    assert "<img" not in page, "nothing is asked of publishers before a click"
    assert desk.get(path(story).replace("urn:uuid:", "")).status_code == 200
    assert desk.get("/desk/story/urn:uuid:0").status_code == desk.get("/desk/story/%00").status_code == 404


def test_a_story_is_taken_away_as_json_and_as_a_translation_memory(desk, office, story):
    answer = desk.get(path(story, "/story.json"))
    assert "attachment" in answer.headers["content-disposition"]
    told = answer.json()
    assert [one["language"] for one in told["texts"]] == ["ru", "en"]
    assert told["captures"][0]["sha256"] in {text.lead.article.digest for text in story.texts.values()}
    assert {one["type"] for one in told["citations"]} == {"webpage"}
    segments = check(desk.get(path(story, "/story.tmx")).text)
    assert (story.texts["ru"].lead.article.title, story.texts["en"].lead.article.title) in segments
    single = next(one for one in office.store.stories.each() if len(one.texts) == 1)
    assert desk.get(path(single, "/story.tmx")).status_code == 404


def test_other_words_are_shown_with_the_difference_and_reach_the_feeds(desk, office, story):
    before = in_feed(office, story)
    own = story.texts["ru"].lead.article
    words = {"language": "ru", "title": "Другой <b>заголовок</b>", "summary": "Коротко."}
    page = desk.post(path(story, "/words"), words).text
    assert "Другой &lt;b&gt;заголовок&lt;/b&gt;" in page
    assert "<del>" in page
    assert "<ins>" in page
    assert own.title in page, "the original stays"
    assert office.press.wait(1, 30)
    after = in_feed(office, story)
    assert (after["id"], after["_nevawire"]["origin"]) == (before["id"], "edited")
    assert after["title"].startswith("Другой <b>заголовок</b>")
    assert after["date_modified"] > before["date_modified"]
    desk.post(path(story, "/words"), {"language": "ru", "back": "title"})
    desk.post(path(story, "/words"), {"language": "ru", "back": "summary"})
    assert office.press.wait(3, 30)
    assert in_feed(office, story)["title"] == before["title"]
    assert "Nothing changed." in desk.post(path(story, "/words"), {"language": "ru", "title": own.title}).text
    assert desk.post(path(story, "/words"), {"language": "de", "title": "x"}).status_code == 404
    assert desk.post(path(story, "/words"), {"language": "ru", "title": "ы" * 301}).status_code == 422


def test_an_edit_of_an_older_text_waits_to_be_looked_at(desk, office, story):
    own = story.texts["en"].lead
    desk.post(path(story, "/words"), {"language": "en", "title": "In other words"})
    assert "No edit waits" in desk.get("/desk/edits").text
    assert "edit waits" not in desk.get("/desk/").text
    corrected(office, own, "Corrected")
    page = desk.get(path(story)).text
    assert "Made for an older text." in page
    assert '<p class="second-title" lang="en">Corrected</p>' in page
    page = desk.post(path(story, "/words"), {"language": "en", "title": "In other words"}).text
    assert "Made for an older text." not in page
    assert '<p class="second-title" lang="en">In other words</p>' in page
    assert "No edit waits" in desk.get("/desk/edits").text


def corrected(office, item, title):
    """Let a pass find that a publisher corrected a title."""
    with office.store._engine.begin() as connection:
        connection.execute(articles.update().where(articles.c.id == item.id).values(title=title))
        wording = {"title": title, "text": item.article.text, "html": item.article.html, "digest": "", "version": ""}
        connection.execute(revisions.insert().values(article=item.id, at=NOW + timedelta(seconds=1), **wording))


def test_edits_that_wait_are_listed_compared_and_decided(desk, office, api, story):
    own = story.texts["en"].lead
    desk.post(path(story, "/words"), {"language": "en", "title": "In other words", "summary": "Shorter."})
    corrected(office, own, f"{own.article.title} on Friday")
    assert "2 edits wait" in desk.get("/desk/").text
    page = desk.get("/desk/edits").text
    assert page.count("Keep these words") == 2
    assert "<ins> on Friday</ins>" in page
    assert '<textarea name="title" lang="en" rows="3" maxlength="300">In other words</textarea>' in page
    told = {one["field"]: one for one in api("GET", "/api/v1/edits", role="reader").json()}
    assert told["title"]["before"] == own.article.title
    assert told["title"]["original"] == f"{own.article.title} on Friday"
    page = desk.post(
        path(story, "/words"), {"language": "en", "title": "In other words, on Friday", "then": "/desk/edits"}
    )
    assert page.text.count("Keep these words") == 1
    page = desk.post(path(story, "/words"), {"language": "en", "back": "summary", "then": "/desk/edits"})
    assert "No edit waits" in page.text
    assert office.press.wait(office.press.ask(), 30)
    shown = in_feed(office, story)
    assert "In other words, on Friday" in shown["title"]
    assert "Shorter." not in shown["summary"]
    assert (
        desk.post(path(story, "/words"), {"language": "en", "title": "x", "then": "https://evil.example/"}).url.host
        == "localhost"
    )


def test_tags_notes_and_stars_are_put_on_and_taken_off(desk, office, story):
    payload = "<script>alert(1)</script>"
    page = desk.post(path(story, "/tags"), {"tags": f"Порт, {payload} ,"}).text
    assert office.store.marks.in_use() == {"порт": 1, payload: 1}
    assert payload not in page
    page = desk.post(path(story, "/notes"), {"text": f"Ask them.\n{payload}"}).text
    assert payload not in page
    assert "Ask them.\n&lt;script&gt;" in page
    assert 'aria-pressed="true"' in desk.post(path(story, "/star"), {"on": "true"}).text
    (note,) = [one for one in office.store.marks.of(story.id) if one.kind == "note"]
    desk.post(path(story, "/notes"), {"text": "Answered.", "number": note.id})
    desk.post(path(story, "/tags/off"), {"tag": payload})
    page = desk.post(path(story, "/star"), {"on": "false"}).text
    assert 'aria-pressed="false"' in page
    standing = {(one.kind, one.value) for one in office.store.marks.standing([story.id])[story.id]}
    assert standing == {("tag", "порт"), ("note", "Answered.")}
    for told in ("took the star off", "took the tag off", "took the note off"):
        assert told in page
    audit = desk.get("/desk/audit").text
    assert f'href="{path(story)}">{story.texts["ru"].lead.article.title} / ' in audit
    assert ">took the tag off</td>" in audit
    assert desk.post(path(story, "/tags"), {"tags": "ы" * 61}).status_code == 422
    assert desk.post(path(story, "/notes"), {"text": "  "}).status_code == 422
    assert desk.post(path(story, "/notes"), {"text": "x", "number": note.id}).status_code == 404
    assert {one.what for one in office.store.audit.latest(20)} >= {"tag", "untag", "note", "star", "unstar"}


def test_a_word_about_the_pair_parts_the_story(desk, office, story):
    page = desk.post(path(story, "/verdict"), {"ru": story.match.ru, "en": story.match.en, "kind": "split"}).text
    assert office.press.wait(1, 30)
    page = desk.get(path(story)).text
    assert "of the pair: split" in " ".join(page.split())
    (left,) = office.store.stories.load([story.id])
    assert len(left.texts) == 1
    bad = {"ru": story.match.ru, "en": "a000000000000000", "kind": "confirm"}
    assert desk.post(path(story, "/verdict"), bad).status_code == 422
    assert desk.post(path(story, "/verdict"), {**bad, "kind": "burn"}).status_code == 422


def test_a_reader_looks_and_changes_nothing(outside, office, story):
    outside.log_in("reader")
    page = outside.get(path(story)).text
    assert story.texts["ru"].lead.article.title in page
    assert not re.search(r'action="[^"]*/(words|tags|notes|star)"', page)
    for rest in ("/words", "/tags", "/tags/off", "/notes", "/notes/off", "/star", "/translation"):
        assert outside.post(path(story, rest), {"tags": "x", "text": "x", "language": "ru"}).status_code == 403
    assert office.store.marks.of(story.id) == ()


PAGE = """<!doctype html><html><head><title>t</title><base href="//evil.example/"><meta http-equiv="refresh" content="0;url=//evil.example">
<link rel="preload" href="//evil.example/x.css"><style>@import "//evil.example/y.css"; body{background:url(//evil.example/z)}</style></head>
<body onload="alert(1)" background="//evil.example/b.gif"><h1 style="background:url(//evil.example/s)">Заголовок</h1>
<p>Слова <a href="https://evil.example/a" ping="//evil.example/p">ссылка</a> <img src="//evil.example/i.png" alt="картинка"></p>
<iframe src="//evil.example/f"></iframe><form action="//evil.example/"><input value="x"></form><script>alert(2)</script>
<svg><image href="//evil.example/v"/></svg><video poster="//evil.example/w"></video><object data="//evil.example/o"></object></body></html>"""


def captured(office, story, body, content_type="text/html; charset=utf-8"):
    """Let the story's Russian article have been read from a page; return the capture's number."""
    digest = office.store.archive.keep(body)
    article = story.texts["ru"].lead.article
    row = {
        "source": article.source, "asked": article.url, "url": article.url, "status": 200, "fetched_at": NOW,
        "headers": {"content-type": content_type}, "digest": digest,
    }  # fmt: skip
    with office.store._engine.begin() as connection:
        return connection.execute(captures.insert().values(**row)).inserted_primary_key[0]


def test_the_page_as_fetched_is_harmless(desk, office, story):
    number = captured(office, story, PAGE.encode())
    page = desk.get(path(story, f"/captured?page={number}")).text
    assert f'<iframe class="captured" sandbox="" referrerpolicy="no-referrer" src="/desk/captured/{number}"' in page
    assert page.count("<option") == 3
    frame = desk.get(f"/desk/captured/{number}")
    policy = frame.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "unsafe" not in policy
    assert frame.headers["x-dns-prefetch-control"] == "off"
    assert "evil.example" not in frame.text
    assert '<h1>Заголовок</h1>\n<p>Слова <a>ссылка</a> <img alt="картинка"></p>' in frame.text
    assert not re.search(r"<(script|iframe|form|input|svg|object|video|link|base)\b|alert\(", frame.text)
    source = desk.get(f"/desk/captured/{number}/source")
    assert source.headers["content-type"] == "text/plain; charset=utf-8"
    assert source.headers["x-content-type-options"] == "nosniff"
    assert source.text == PAGE
    plain = captured(office, story, b'{"a": "<b>"}', "application/json")
    assert "<pre>{&quot;a&quot;: &quot;&lt;b&gt;&quot;}</pre>" in desk.get(f"/desk/captured/{plain}").text
    assert desk.get("/desk/captured/999999").status_code == 404
    assert desk.get(path(story, "/captured?page=999999")).status_code == 404


def test_a_page_whose_bytes_were_given_up_is_said_so(desk, office, story):
    number = captured(office, story, b"<p>x")
    office.store.archive.remove(office.store.trails.capture(number).digest)
    assert "Its bytes were given up" in desk.get(path(story, f"/captured?page={number}")).text
    assert desk.get(f"/desk/captured/{number}").status_code == 404


def test_a_former_id_leads_to_the_story(desk, office, story):
    other = next(one for one in office.store.stories.each() if one.id != story.id)
    office.store.marks.tag(other.id, "moved", "ada", NOW)
    office.store.stories.record([], [(other.id, story.id)], [], NOW + timedelta(hours=1))
    page = desk.get(path(other)).text
    assert story.texts["ru"].lead.article.title in page
    assert "moved" in page
    assert "Another story turned out to be this one" in page


def test_the_api_says_and_does_the_same(api, story):
    base = f"/api/v1/stories/{story.id}"
    told = api("GET", base, role="reader").json()
    assert told["id"] == story.id
    assert told["pair"]["ru"] == story.match.ru
    app, token = served(api.office), {"authorization": "Bearer token of analyst"}
    assert api("POST", f"{base}/tags", role="analyst", json={"tag": " Порт "}).json() == {"tag": "порт"}

    def call(method, rest, **more):
        return run(app, method, f"https://news.example.org{base}{rest}", headers=token, **more)

    words = {"language": "ru", "field": "title", "value": "Другими словами"}
    (made,) = call("POST", "/edits", json=words).json()
    assert (made["who"], made["value"]) == ("analyst", "Другими словами")
    assert call("POST", "/edits", json=words).json() == []
    assert [one["value"] for one in call("GET", "/edits").json()] == ["Другими словами"]
    note = call("POST", "/notes", json={"text": "Ask them."})
    assert note.status_code == 201
    assert call("PUT", "/star").status_code == 204
    assert {one["kind"] for one in call("GET", "/marks").json()} == {"tag", "note", "star"}
    told = call("GET", "").json()
    assert (told["tags"], told["starred_by"], told["texts"][0]["wordings"][0]["said"]) == (
        ["порт"],
        ["analyst"],
        "Другими словами",
    )
    assert call("DELETE", f"/notes/{note.json()['id']}").status_code == 204
    assert call("DELETE", f"/notes/{note.json()['id']}").status_code == 404
    assert call("DELETE", "/tags/порт").status_code == 204
    assert call("DELETE", "/star").status_code == 204
    assert {one["number"] for one in call("GET", "/revisions").json()} == {1}
    kinds, after = [], ""
    for _ in range(20):
        part = call("GET", f"/timeline?limit=5&after={after}").json()
        kinds += [one["kind"] for one in part["items"]]
        after = part["next"]
        if not after:
            break
    assert {"found", "fetched", "read", "shown", "tagged", "untagged", "edited", "noted", "unstarred"} <= set(kinds)
    assert check(call("GET", "/tmx").text)
    assert api("POST", f"{base}/tags", role="reader", json={"tag": "x"}).status_code == 403
    assert call("POST", "/tags", json={"tag": " "}).status_code == 422
    assert api("GET", "/api/v1/stories/urn:uuid:0", role="operator").status_code == 404


def test_a_machine_s_sentences_are_put_into_better_words(desk, office):
    rules = TranslationRules((EngineRules("argos"),), what="full", max_age=timedelta(days=9999))
    config = office.config()
    sources = tuple(replace(one, rights=replace(one.rights, translate="full")) for one in config.sources)
    config = replace(config, translation=rules, sources=sources)
    translators.run(translators.Room(config, office.store, [Voice()], office.now))
    newsstand.put_out(office.newsstand())
    story = next(
        one for one in office.store.stories.each() if "machine" in {text.origin for text in one.texts.values()}
    )
    page = desk.get(path(story)).text
    assert "machine translation" in page
    assert 'data-key="m"' in page
    page = desk.get(path(story, "/translation")).text
    assert 'name="sentence-0"' in page
    done = desk.post(path(story, "/translation"), {"sentence-0": "A title <b>by hand</b>", "sentence-999": "x"}).text
    assert "A title &lt;b&gt;by hand&lt;/b&gt;" in done
    assert "edited by hand" in done
    assert "put 1 sentence of the translation into other words" in " ".join(done.split())
    assert "The machine wrote" in desk.get(path(story, "/translation")).text
    assert "Nothing changed." in desk.post(path(story, "/translation"), {"sentence-0": "A title <b>by hand</b>"}).text
    broken = office.store.machine.assignment(next(t.id for t in story.texts.values() if t.origin != "publisher"))
    office.store.machine.note(replace(broken, state="failed", reason="5 of 11 segments failed"))
    assert "5 of 11 segments failed" in desk.get(path(story, "/translation")).text
    plain = next(one for one in office.store.stories.each() if one.state == "linked")
    assert desk.get(path(plain, "/translation")).status_code == 404
    assert desk.post(path(story, "/words"), {"language": "en", "title": "x"}).status_code == 422


@of_sqlites_plans
def test_no_question_of_the_page_reads_a_whole_table(desk, office, story):
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(office.store._engine, "before_cursor_execute", note)
    assert desk.get(path(story)).status_code == 200
    assert desk.get(path(story, "/captured")).status_code == 200
    event.remove(office.store._engine, "before_cursor_execute", note)
    assert len(asked) > 15
    # What people did by hand is little, whatever the size of the store.
    small = {"tags", "aliases", "errands", "notes", "stars"}
    with office.store._engine.connect() as connection:
        for statement, parameters in asked:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            scans = {step.split()[1] for step in plan if step.startswith("SCAN") and "VIRTUAL" not in step}
            assert scans <= small, statement


def test_marked_stories_are_found_again(desk, office, story):
    other = next(one for one in office.store.stories.each() if one.id != story.id)
    for one in (story, other):
        desk.post(path(one, "/tags"), {"tags": "порт & море"})
    desk.post(path(story, "/star"), {"on": "true"})
    desk.post(path(other, "/notes"), {"text": "Ask <them>."})
    title, another = (next(iter(one.texts.values())).lead.article.title for one in (story, other))
    for query, shown in (
        ("tag=%D0%BF%D0%BE%D1%80%D1%82%20%26%20%D0%BC%D0%BE%D1%80%D0%B5", {title, another}),
        ("", {title}),
        ("star=any", {title}),
        ("note=1", {another}),
        ("tag=nothing", set()),
    ):
        page = desk.get(f"/desk/marked?{query}").text
        assert {one for one in (title, another) if one in page} == shown, query
    assert "Ask &lt;them&gt;." in desk.get("/desk/marked?note=1").text
    assert desk.get("/desk/marked?after=x").status_code == 422
