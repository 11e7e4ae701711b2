"""The desk in a real Chromium: by keys alone, and with neither keys nor scripts."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest

from pipeline.review import app
from pipeline.store import Wish
from tests.review import building
from tests.review.building import PASSWORD
from tests.web.servers import ask, serving

pytestmark = pytest.mark.long
WORDS = ["c", "r", "s", "x"]
KEPT = {"c": "confirm", "r": "reject", "s": "same-event", "x": "split"}


@contextmanager
def page_at(browser, address, **options):
    """Yield a page at an address; nothing it does is an error, and it asks nobody else."""
    context = browser.new_context(**options)
    page = context.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda one: wrong.append(one.url) if not one.url.startswith(address.split("/desk")[0]) else None)
    page.goto(address)
    yield page
    context.close()
    assert wrong == []


def follow(page, what):
    """Click what leads to another page, and be there: the next act must not meet a page that is leaving."""
    with page.expect_navigation():
        page.click(what)


def waiting(live):
    return [(row.ru.id, row.en.id) for row in live.store.queue.page(Wish(), 100)]


def said(live, pair):
    return [one.kind for one in live.store.verdicts.of_pair(*pair)]


def test_the_whole_queue_is_reviewed_by_keys_alone(live, browser):
    pairs = waiting(live)
    assert len(pairs) == 30
    with page_at(browser, f"{live.url}/desk/") as page:
        page.keyboard.press("Enter")
        for number, pair in enumerate(pairs):
            page.wait_for_url(f"**/desk/pair/{pair[0]}/{pair[1]}**")
            page.wait_for_selector("button[data-key=c]:not(:disabled)")
            page.keyboard.press(WORDS[number % 4])
            if number == 5:  # one word is taken back, and said anew
                page.wait_for_url(f"**/desk/pair/{pairs[6][0]}/**")
                page.keyboard.press("u")
                page.wait_for_url(f"**/desk/pair/{pair[0]}/**")
                page.wait_for_selector("button[data-key=c]:not(:disabled)")
                page.keyboard.press("c")
        page.wait_for_url(re.compile(r"/desk/(\?.*)?$"))
        assert page.locator("main").inner_text().count("Nothing waits for a word.") == 1
    for number, pair in enumerate(pairs):
        word = [KEPT[WORDS[number % 4]]]
        assert said(live, pair) == (word if number != 5 else [*word, "undo", "confirm"])


def test_keys_move_open_and_explain(live, browser):
    pairs = waiting(live)
    with page_at(browser, f"{live.url}/desk/pair/{pairs[0][0]}/{pairs[0][1]}") as page:
        for key, at in (("j", 1), ("j", 2), ("k", 1)):
            page.keyboard.press(key)
            page.wait_for_url(f"**/pair/{pairs[at][0]}/**")
            page.wait_for_load_state()
        page.keyboard.press("?")
        assert page.locator("dialog#keys").is_visible()
        assert page.locator("dialog#keys kbd").all_inner_texts()[:4] == ["c", "r", "s", "x"]
        page.keyboard.press("Escape")
        page.keyboard.press("w")
        page.wait_for_selector("table.weights")
        page.keyboard.press("/")
        page.wait_for_url("**/partner?side=en")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.type("crc")  # typed, not taken for words
        assert page.input_value("input[name=q]") == "crc"
    assert [said(live, pair) for pair in pairs] == [[]] * 30


def test_a_russian_keyboard_has_the_same_keys(live, browser):
    pair = waiting(live)[0]
    with page_at(browser, f"{live.url}/desk/pair/{pair[0]}/{pair[1]}", locale="ru-RU") as page:
        page.evaluate(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'с', code: 'KeyC', bubbles: true}))"
        )  # the Cyrillic letter
        page.wait_for_selector(".said")
        assert "Подтверждено: один сюжет" in page.inner_text(".said")
    assert said(live, pair) == ["confirm"]


def test_what_a_word_changed_is_shown_by_itself(live, browser):
    pair = waiting(live)[0]
    with page_at(browser, f"{live.url}/desk/pair/{pair[0]}/{pair[1]}") as page:
        page.keyboard.press("r")
        page.wait_for_selector(".effects .gained", timeout=30_000)
        assert "new in" in page.inner_text(".effects")


def test_the_same_without_scripts(live, browser):
    pairs = waiting(live)
    with page_at(browser, f"{live.url}/desk/", java_script_enabled=False) as page:
        follow(page, "text=Begin")
        for number in range(len(pairs)):
            button = ("confirm", "reject", "related", "split")[number % 4]
            follow(page, f"button[value={button}]")
        assert "Nothing waits for a word." in page.inner_text("main")
        page.goto(f"{live.url}/desk/pair/{pairs[-1][0]}/{pairs[-1][1]}")
        follow(page, "text=Undo")
    kinds = ["confirm", "reject", "same-event", "split"]
    assert [said(live, pair)[0] for pair in pairs] == [kinds[number % 4] for number in range(len(pairs))]
    assert said(live, pairs[-1])[-1] == "undo"


def test_logging_in_through_a_proxy(live, browser):
    proxied = {"X-Forwarded-For": "192.0.2.1"}
    assert ask(int(live.url.rpartition(":")[2]), "GET", "/desk/", proxied).status == 303
    with page_at(browser, f"{live.url}/desk/", extra_http_headers=proxied) as page:
        assert page.url.endswith("/desk/login?next=%2Fdesk%2F")
        page.fill("[name=name]", "reader")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("text=30 pairs wait")
        page.wait_for_load_state()  # keys are listened to from then on
        page.keyboard.press("Enter")
        page.wait_for_url("**/pair/**")
        assert page.locator("button[value=confirm]").count() == 0
        page.click("button:has-text('reader')")
        page.wait_for_url("**/login")


def test_a_form_on_a_page_of_somebody_else_changes_nothing(live, browser):
    pair = waiting(live)[0]
    form = f'<form method="post" action="{live.url}/desk/pair/{pair[0]}/{pair[1]}/verdict"><button name="kind" value="confirm">Win</button></form>'
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live.url}/desk/")
    assert {one["sameSite"] for one in context.cookies()} == {"Lax"}
    assert all(one["httpOnly"] for one in context.cookies())
    page.route("http://127.0.0.1:8009/prize", lambda asked: asked.fulfill(content_type="text/html", body=form))
    page.goto("http://127.0.0.1:8009/prize")
    with page.expect_navigation() as answer:
        page.click("button")
    assert answer.value.status == 403
    context.close()
    assert said(live, pair) == []


def test_a_closed_desk_tells_the_remedy(folder, browser):
    room = building.opened(folder, loopback=False)
    for user in room.store.users.every():
        room.store.users.remove(user.name)
    with serving(folder / "feeds", [app.part(room)]) as port:
        context = browser.new_context()
        page = context.new_page()
        assert page.goto(f"http://127.0.0.1:{port}/desk/").status == 403
        assert "nevawire users add" in page.inner_text("main")
        context.close()
    room.store.close()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_whatever_the_screen(live, browser, language, width, scheme):
    pair = waiting(live)[0]
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "locale": language}
    with page_at(browser, f"{live.url}/desk/", **options) as page:
        for path in ("/", f"/pair/{pair[0]}/{pair[1]}", f"/pair/{pair[0]}/{pair[1]}/partner", "/audit"):
            page.goto(f"{live.url}/desk{path}")
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 300) == (scheme == "dark")


def test_the_language_is_chosen_by_a_button(live, browser):
    with page_at(browser, f"{live.url}/desk/?state=linked", locale="en") as page:
        follow(page, "text=Русский")
        assert page.inner_text("h1") == "Очередь"
        assert page.url.endswith("/desk/?state=linked")
        page.reload()
        assert page.inner_text("h1") == "Очередь"
