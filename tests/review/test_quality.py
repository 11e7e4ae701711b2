"""Every page of the desk: shuts nobody out, is right HTML, is small, asks nobody else, and runs nothing it was told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from pipeline.review import app
from tests.publish import newsroom
from tests.publish.browser import _TRAP
from tests.review import everything

pytestmark = pytest.mark.long

#: Bytes of a first page with its style and scripts, without pictures.
BUDGET = 60 * 1024


def test_no_page_is_left_out(office):
    routes = [path for path, item in app.desk(office).openapi()["paths"].items() if "get" in item]
    assert len(routes) > 15
    assert list(everything.left_out(routes, [*everything.paths(office), "/login"])) == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")])
def test_no_page_shuts_anybody_out(live, office, browser, width, scheme):
    everything.fill(office, ["что-то случилось"])
    language = "ru-RU" if scheme == "dark" else "en-US"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language)
    page, found = context.new_page(), {}
    for path in everything.paths(office):
        page.goto(f"{live.url}/desk{path}")
        broken = [(one["id"], one["nodes"][0]["html"][:200]) for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            broken.append(("wider than the screen", ""))
        if broken:
            found[path] = broken
    context.close()
    assert found == {}


def test_every_page_is_html_as_the_checker_of_the_w3c_reads_it(desk, outside, office, tmp_path):
    jar, java = os.environ.get("VNU_JAR", "/usr/share/java/vnu.jar"), shutil.which("java")
    if java is None or not Path(jar).is_file():
        pytest.skip("needs Java and the Nu Html Checker (npm: vnu-jar), its vnu.jar named by VNU_JAR")
    everything.fill(office, ["что-то случилось"])
    pages = [desk.get(f"/desk{path}") for path in everything.paths(office)]
    pages += [desk.get("/desk/", accept_language="ru"), outside.get("/desk/login")]
    folder = tmp_path / "checked"
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number:02d}.html").write_text(page.text, encoding="utf-8")
    line = [java, "-Xss4m", "-jar", jar, "--format", "gnu", "--stdout", *sorted(map(str, folder.glob("*.html")))]
    said = subprocess.run(line, capture_output=True, text=True, timeout=240, check=False).stdout
    assert [one for one in said.splitlines() if ": error" in one] == []


def test_a_first_page_is_small_and_nobody_else_is_asked(live, office, browser):
    everything.fill(office, ["что-то случилось"])
    large, outside = {}, []
    for path in everything.paths(office):
        context = browser.new_context()
        page, sizes = context.new_page(), Counter()

        def weigh(answer, sizes=sizes):
            if not answer.request.url.startswith(live.url):
                outside.append(answer.request.url)
            elif answer.request.resource_type != "image" and "/preview" not in answer.url and answer.status < 300:
                sizes[answer.url] += len(answer.body())

        page.on("response", weigh)
        page.on("requestfailed", lambda asked: outside.append(asked.url))
        page.goto(f"{live.url}/desk{path}", wait_until="networkidle")
        if sum(sizes.values()) > BUDGET:
            large[path] = dict(sizes)
        context.close()
    assert outside == []
    assert "/" not in large
    assert large == {}


def test_none_of_the_payloads_runs(live, office, browser, shared):
    payloads = [one["html"] for one in json.loads((shared / "corpora" / "xss_payloads.json").read_text())["payloads"]]
    assert len(payloads) == 390
    run(live, office, browser, [*payloads, *newsroom.cases("payloads.json")])


def test_none_of_our_own_runs(live, office, browser):
    run(live, office, browser, newsroom.cases("payloads.json"))


def run(live, office, browser, payloads):
    """Show every page while it says all of these; the policy that would hold a browser back is switched off."""
    everything.fill(office, payloads)
    ran, before = [], everything.paths(office)
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(_TRAP)
    page = context.new_page()
    page.on("dialog", lambda dialog: (ran.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda other: ran.append(f"popup {other.url}"))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((live.url, "data:")) or asked.resource_type == "image"
            else ran.append(asked.url)
        ),
    )
    for start in range(0, len(payloads), 70):
        some = payloads[start : start + 70]
        everything.say(office, some)
        for path in (
            before
            if start == 0
            else [
                one
                for one in before
                if one.startswith(("/sources", "/selection", "/items", "/story", "/measures", "/marked?", "/edits"))
            ]
            + ["/"]
        ):
            page.goto(f"{live.url}/desk{path}", wait_until="load")
            page.evaluate("() => new Promise(done => setTimeout(done, 40))")
            ran += [
                f"{path}: {one}"
                for frame in page.frames
                for one in frame.evaluate("window.__ran || []")
                if "fetch" not in one
            ]
            assert page.url == f"{live.url}/desk{path}"
    context.close()
    assert ran == []
