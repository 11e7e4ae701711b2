"""Digests composed by hand: what goes in and why not, in whose order, once, by the same way as scheduled ones."""

from __future__ import annotations

import pytest

from pipeline import editorial, mailroom, newsstand, publish
from pipeline.errors import NevawireError
from tests.publish.press import Press, configured, said, source

RU = ["Порт открылся у реки", "Музей зовёт гостей", "Парк вырос вдвое"]


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source()))
    opened.go()
    for number, title in enumerate(RU):
        opened.arrive(f"https://bureau.example.com/news/{number}", title, said(number))
    opened.go()
    yield opened
    opened.close()


def desk(press):
    return newsstand.Desk(press.config, press.store, press.feeds, press.now)


def ids(press):
    """Story ids in the order of RU."""
    by_title = {story.texts["ru"].lead.article.title: story.id for story in press.store.stories.each()}
    return [by_title[title] for title in RU]


def move(press, stories, to):
    done, changes = editorial.move(press.store, stories, to, "anna", press.now)
    if changes:
        newsstand.put_out(desk(press))
    return done


def draft(press, order, **more):
    begun = press.store.drafts.begin("ru", "", order, "anna", press.now)
    changed = {"title": "Неделя у реки", "intro": {"ru": "Здравствуйте.\n\nВот что было <важно>."}, "stories": order}
    return press.store.drafts.change(begun.id, begun.version, press.now, who="anna", **changed | more)


def places(text, *words):
    found = [text.find(word) for word in words]
    assert -1 not in found, (words, text)
    return found


def test_a_digest_keeps_the_editors_order_and_intro_even_when_it_is_made_anew(press):
    first, second, third = ids(press)
    move(press, [first, second, third], "selected")
    made = draft(press, [third, first])
    editorial.send(desk(press), made, "anna")
    (issue,) = press.store.issues.all()
    files = {path.name: path.read_text() for path in (press.feeds / "digest").iterdir() if path.suffix != ".gz"}
    text, page = files[f"{issue.name}.txt"], files[f"{issue.name}.html"]
    order = places(text, "Неделя у реки", "Здравствуйте.", "Вот что было <важно>.", RU[2], RU[0])
    assert order == sorted(order)
    assert "&lt;важно&gt;" in page
    assert RU[1] not in text
    states = {one: standing.state for one, standing in press.store.selections.of(ids(press)).items()}
    assert states == {first: "published", second: "selected", third: "published"}
    newsstand.put_out(desk(press))
    assert "Неделя у реки" in (press.feeds / "digests.atom").read_text(), "it stands beside scheduled ones"
    press.store.publications.keep_state(f"digest:{issue.id}", "")
    mailroom.reissue(desk(press))
    assert (press.feeds / "digest" / f"{issue.name}.txt").read_text() == text


def test_nothing_is_sent_twice_in_a_language_and_a_draft_only_once(press):
    first, second, _ = ids(press)
    move(press, [first, second], "selected")
    made, again = draft(press, [first]), draft(press, [first, second])
    editorial.send(desk(press), made, "anna")
    with pytest.raises(NevawireError, match="went out already"):
        editorial.send(desk(press), press.store.drafts.get(made.id), "anna")
    press.go(minutes=1)
    look = editorial.composed(desk(press), again)
    assert (look.left, look.stories) == ({first: "sent"}, (second,))
    assert mailroom.prepared(desk(press), "week", "ru").sections[""][0].title != RU[0], "scheduled ones know it too"


def test_what_cannot_go_out_is_told(press):
    first, second, third = ids(press)
    move(press, [first, third], "selected")
    press.store.removals.withdraw(press.store.removals.find("https://bureau.example.com/news/2"), "asked", press.now)
    look = editorial.composed(desk(press), draft(press, [first, second, third, "urn:uuid:none"]))
    assert look.left == {second: "state", third: "hidden", "urn:uuid:none": "gone"}
    english = press.store.drafts.begin("en", "", [first], "anna", press.now)
    assert editorial.composed(desk(press), english).left == {first: "silent"}
    with pytest.raises(NevawireError, match="nothing in this digest"):
        editorial.send(desk(press), english, "anna")


def test_an_ignored_story_leaves_the_feeds_at_once_and_comes_back(press):
    first, *_ = ids(press)
    feed = press.feeds / "ru.atom"
    assert RU[0] in feed.read_text()
    move(press, [first], "ignored")
    assert f"<title>{RU[0]}</title>" not in feed.read_text()
    press.go(minutes=1)
    move(press, [first], "new")
    assert RU[0] in feed.read_text()


def test_a_draft_too_long_for_mail_is_not_sent_shortened(press, monkeypatch):
    first, *_ = ids(press)
    move(press, [first], "selected")
    monkeypatch.setattr(publish.digests, "BUDGET", 100)
    with pytest.raises(NevawireError, match="longer than mail"):
        editorial.send(desk(press), draft(press, [first]), "anna")


def test_the_order_is_that_of_the_numbers(press):
    assert editorial.arranged(["a", "b", "c"], {"c": 1, "a": 3, "b": 2}) == ("c", "b", "a")
    assert editorial.arranged(["a", "b", "c"], {"c": 1}) == ("c", "a", "b")
