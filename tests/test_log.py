"""Lines of the log: whole JSON, with the run's id, and without a secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import log


@pytest.fixture
def lines():
    """A log that goes into memory, and what stands in it."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers, root.level
    log.configure(stream, {"NEVAWIRE_SMTP_PASSWORD": "hunter2hunter2", "HOME": "/home/anna", "API_TOKEN": "short"})
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = before


def test_a_line_is_json_with_time_level_and_facts(lines):
    log.say("pass ended", new=3, names=("Бюро",))
    [line] = lines()
    assert line | {"time": "", "run": ""} == {
        "event": "pass ended", "new": 3, "names": ["Бюро"], "level": "info", "logger": "nevawire", "time": "", "run": "",
    }  # fmt: skip
    assert line["time"].endswith("Z")


def test_a_runs_id_goes_through_all_its_tasks_and_no_further(lines):
    async def part(name):
        await asyncio.sleep(0)
        log.say(name)

    async def work(name):
        with log.run(name):
            await asyncio.gather(part(f"{name}-one"), part(f"{name}-two"))

    async def both():
        log.say("before")
        await asyncio.gather(work("a"), work("b"))
        log.say("after")

    asyncio.run(both())
    before, *between, after = lines()
    assert {(line["event"], line["run"]) for line in between} == {
        ("a-one", "a"), ("a-two", "a"), ("b-one", "b"), ("b-two", "b"),
    }  # fmt: skip
    assert before["run"] == after["run"]  # the process's own
    assert len(before["run"]) == 12


def test_packages_speak_the_same_way(lines):
    with log.run("r1"):
        logging.getLogger("apscheduler").warning("job %s missed", "bureau")
    logging.getLogger("httpx").info("chatter")
    [line] = lines()
    assert (line["event"], line["level"], line["run"], line["logger"]) == (
        "job bureau missed",
        "warning",
        "r1",
        "apscheduler",
    )


SECRETS = [
    "http://anna:sesame@proxy.example:3128/", "https://api.example/?token=sesame&page=2", "sent with Bearer sesame.sesame",
    "https://x.example/?a=1&api_key=sesame", "login failed for hunter2hunter2 at smtp",
]  # fmt: skip


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_masked_wherever_they_stand(lines, text):
    log.warn(text, url=text, deep={"list": [text]})
    logging.getLogger("apscheduler").error("job failed", exc_info=ValueError(text))
    told = json.dumps(lines())
    assert "sesame" not in told
    assert "hunter2" not in told
    assert told.count("***") >= 4


@given(st.text(alphabet="abcdef:/@?&= ", max_size=40))
def test_masking_leaves_text_without_secrets_alone(text):
    masked = log.masked(text, [])
    assert masked == text or "@" in text


def test_harmless_lines_stay(lines):
    log.say("https://site.example/news/?ELEMENT_ID=12&page=3 mail desk@example.org short")
    assert lines()[0]["event"] == "https://site.example/news/?ELEMENT_ID=12&page=3 mail desk@example.org short"


def test_people_on_a_terminal_get_no_json():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream, root = Terminal(), logging.getLogger()
    before = root.handlers, root.level
    log.configure(stream, {})
    log.say("pass ended", new=3)
    root.handlers, root.level = before
    assert "pass ended" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
