"""Missing sides are filled, marked, bounded by rights and budgets, and give way to the publisher: through a real store and feeds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from types import SimpleNamespace

import pytest

from pipeline import pairs, translators
from pipeline.model import EngineRules, Rights, TranslationRules
from pipeline.store import open_store
from pipeline.translate.engines.opened import opened
from tests import databases
from tests.publish.press import Press, configured, said, source
from tests.translate.service import latin, served

pytestmark = pytest.mark.long

ALL = Rights("full", translate="full")
KEYS = {"DEEPL": "key:fx"}
RU = ("https://bureau.example.com/ru/1", "Порт открыл причал", f"Порт открыл причал для 48 судов.\n{said(1)} Адрес: https://port.example/a.\n{said(2)}")  # fmt: skip
EN = ("https://bureau.example.com/en/1", "The port opened a pier", "The port opened a pier for 48 ships. See https://port.example/a.")  # fmt: skip


@pytest.fixture
def services():
    with served("libretranslate") as libre, served("deepl") as deepl:
        libre.voice = deepl.voice = latin
        yield {"libretranslate": libre, "deepl": deepl}


@pytest.fixture
def press(tmp_path, services):
    made = []

    def make(*engines, rights=ALL, glossary=(), budgets=None, **rules):
        own = {"libretranslate": {"own": True}, "deepl": {"key_env": "DEEPL"}}
        named = tuple(
            EngineRules(name, url=services[name].url, timeout=timedelta(seconds=2), characters_per_day=(budgets or {}).get(name), **own[name])
            for name in engines or ("libretranslate",)
        )  # fmt: skip
        config = configured(
            source(rights=rights), translation=TranslationRules(named, **{"what": "full"} | rules), glossary=glossary
        )
        paper = Press(tmp_path, config)
        made.append(paper)
        return paper

    yield make
    for paper in made:
        paper.close()


def pair(press, **later):
    """Pair, a while later, without publishing."""
    press.now += timedelta(**later or {"minutes": 5})
    pairs.pair_up(press.store, press.config, press.now)


def translate(press):
    """Make a run of the translators as a pass does."""
    engines = opened(press.config.translation.engines, KEYS, {})
    for engine in engines:
        engine.caller.sleep = lambda _: None
    report = translators.run(translators.Room(press.config, press.store, engines, lambda: press.now))
    for engine in engines:
        engine.close()
    return report


def translate_apart(folder, named, config, now):
    """Make the same run in a process of its own, over the store in folder; named: what its environment says of it."""
    os.environ.update(named)
    translate(SimpleNamespace(config=config, store=open_store(folder), now=now))


def sides(press):
    (story,) = press.store.stories.each()
    return story.texts


def test_a_missing_side_is_filled_and_marked(press, services):
    paper = press(glossary=[("Порт", "The Port")])
    paper.arrive(*RU)
    pair(paper)
    made = paper.now
    assert translate(paper).made == 1
    paper.go()
    text = sides(paper)["en"]
    assert (text.origin, text.lead.article.url) == ("machine", RU[0])
    assert (text.translated.engine, text.translated.version, text.translated.scope) == (
        "libretranslate",
        "1.9.6",
        "full",
    )
    assert (text.translated.at, text.translated.failed) == (made, 0)
    assert text.lead.article.title == "The Port otkryl prichal"
    assert "href" not in text.lead.article.html
    assert "https://port.example/a" in text.lead.article.text
    (entry,) = paper.items("en-mt")
    assert entry["language"] == "en-t-ru-t0-und"
    assert paper.items("en") == []
    sent = len(services["libretranslate"].texts)
    assert translate(paper).made == 0
    assert len(services["libretranslate"].texts) == sent, "what is done is not done again"
    assert paper.go().written == ()


def test_the_publisher_s_text_takes_the_machine_s_place_and_id(press):
    paper = press()
    paper.go()
    paper.arrive(*RU)
    pair(paper)
    translate(paper)
    paper.go()
    (machine,), (story,) = paper.ids("en-mt"), paper.ids("all")
    sent = paper.ids("newsletter-en-mt")
    assert sent == [machine]

    paper.arrive(*EN, other=RU[0])
    paper.go(hours=1)

    assert sides(paper)["en"].origin == "publisher"
    assert paper.ids("en") == paper.ids("en-mt") == paper.ids("newsletter-en") == [machine]
    assert paper.ids("all") == paper.ids("all-mt") == [story]
    assert paper.ids("newsletter-en-mt") == [machine], "not sent again"
    assert translate(paper).made == 0
    assert paper.store.machine.states() == [("replaced", "the publisher's own text came", 1)]
    assert {one.article.url for one in paper.store.articles.each()} == {RU[0], EN[0]}


def test_where_both_stood_apart_the_machine_s_id_becomes_an_alias(press):
    paper = press(into=("en",))
    paper.arrive(*RU)
    paper.arrive(
        "https://bureau.example.com/en/7",
        "Something quite different",
        f"Nothing of this is like it. {'Boats sail. ' * 9}",
    )
    pair(paper)
    translate(paper)
    ru, en = sorted(paper.store.stories.each(), key=lambda one: "ru" not in one.texts)
    machine, theirs = ru.texts["en"].id, en.texts["en"].id
    paper.verdict("confirm", ru.texts["ru"].lead.id, en.texts["en"].lead.id)
    pair(paper, hours=1)

    (story,) = paper.store.stories.each()
    assert story.texts["en"].id == theirs
    assert machine in story.aliases


def test_a_publisher_s_text_that_is_parted_from_the_story_keeps_the_id_it_took(press):
    paper = press(into=("en",))
    paper.arrive(*RU)
    pair(paper)
    translate(paper)
    first = sides(paper)["en"].id
    paper.arrive(*EN, other=RU[0])
    pair(paper)
    (story,) = paper.store.stories.each()
    assert story.texts["en"].id == first
    paper.verdict("reject", story.texts["ru"].lead.id, story.texts["en"].lead.id)
    pair(paper)
    assert translate(paper).made == 1
    theirs, ours = sorted(
        (one.texts["en"] for one in paper.store.stories.each()), key=lambda one: one.origin, reverse=True
    )
    assert (theirs.id, theirs.origin, ours.origin) == (first, "publisher", "machine")
    assert ours.id != first


def test_a_corrected_original_is_translated_anew_under_the_same_id(press):
    paper = press()
    paper.arrive(*RU)
    pair(paper)
    translate(paper)
    paper.go()
    (before,) = paper.items("en-mt")
    paper.arrive(RU[0], RU[1], RU[2].replace("48", "52"))
    pair(paper, hours=1)
    assert translate(paper).made == 1
    paper.go()
    (after,) = paper.items("en-mt")
    assert after["id"] == before["id"]
    assert "52" in sides(paper)["en"].lead.article.text
    assert after["date_modified"] > before["date_modified"]


@pytest.mark.parametrize(
    ("rights", "robots", "engine", "sent"),
    [
        (Rights("full", translate="none"), (), "deepl", "nothing"),
        (Rights("full", translate="none"), (), "libretranslate", "nothing"),
        (Rights("full", translate="titles"), (), "deepl", "title"),
        (Rights("full", translate="excerpt", excerpt_chars=60), (), "deepl", "beginning"),
        (Rights("full", translate="full"), (), "deepl", "all"),
        (Rights("full", translate="titles"), (), "libretranslate", "all"),
        (Rights("full", translate="full"), ("tdm-reservation:1",), "deepl", "nothing"),
        (Rights("full", translate="full"), ("tdm-reservation:0",), "deepl", "all"),
    ],
)  # fmt: skip
def test_rights_bound_what_another_s_engine_sees(rights, robots, engine, sent, press, services):
    paper = press(engine, rights=rights)
    paper.arrive(*RU, robots=robots)
    pair(paper)
    report = translate(paper)
    seen = " ".join(services[engine].texts)
    found = {"title": RU[1] in seen, "beginning": "для 48 судов" in seen, "all": said(2)[:30] in seen}
    order = ("title", "beginning", "all")
    assert found == {one: sent != "nothing" and order.index(one) <= order.index(sent) for one in order}
    assert report.refused == (sent == "nothing")
    assert ("en" in sides(paper)) == (sent != "nothing")


def test_a_story_with_too_many_failed_segments_stays_in_one_language_and_says_why(press, services):
    paper = press(failures=0.3)
    services["libretranslate"].voice = lambda text: latin(text) if text == RU[1] else "♪"
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper).failed == 1
    assert set(sides(paper)) == {"ru"}
    ((state, reason, _),) = paper.store.machine.states()
    assert state == "failed"
    assert "4 of 5 segments failed" in reason
    assert "song 4" in reason
    asked = len(services["libretranslate"].texts)
    assert translate(paper).failed == 0
    assert len(services["libretranslate"].texts) == asked, "and is not sent again and again"


def test_a_failed_segment_stands_as_it_was_marked(press, services):
    paper = press(failures=0.5)
    services["libretranslate"].voice = lambda text: text if said(2)[:20] in text else latin(text)
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper).made == 1
    text = sides(paper)["en"]
    assert text.translated.failed == 1
    assert f"<em>[ru]</em> {said(2)}" in text.lead.article.html
    assert paper.store.machine.faults() == {"script": 1, "identity": 1}
    services["libretranslate"].voice = latin
    paper.store.memory.retry()
    paper.store.machine.retry()
    assert translate(paper).made == 1
    assert sides(paper)["en"].translated.failed == 0


def test_the_next_engine_takes_over_where_a_quota_is_spent(press, services):
    paper = press("deepl", "libretranslate")
    services["deepl"].then(456, {"message": "Quota exceeded"})
    paper.arrive(*RU)
    pair(paper)
    report = translate(paper)
    assert (report.made, list(report.off)) == (1, ["deepl"])
    assert sides(paper)["en"].translated.engine == "libretranslate"
    assert len([path for path, _, body in services["deepl"].seen if body]) == 1, "a spent quota is not asked again"
    assert paper.store.spending.of_day(paper.now)[0].characters == 0, "and what it refused is not counted"


def test_what_is_too_much_at_once_is_sent_in_parts(press, services):
    paper = press()
    for _ in range(2):
        services["libretranslate"].then(400, {"error": "Invalid request: request (600) exceeds text limit (500)"})
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper).made == 1
    sizes = [len(body["q"]) for _, _, body in services["libretranslate"].seen if body]
    assert sizes == [5, 2, 1, 1, 3]
    assert paper.store.spending.of_day(paper.now)[0].requests == 3, "what was refused is not counted"


def test_a_failed_check_goes_to_the_next_engine(press, services):
    paper = press("deepl", "libretranslate")
    services["deepl"].voice = lambda text: "♪"
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper).made == 1
    assert sides(paper)["en"].translated.engine == "libretranslate"


def test_an_answer_that_was_lost_is_not_paid_twice(press, services):
    paper = press("deepl")
    services["deepl"].then(504, {})
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper).waiting == 1
    sent = list(services["deepl"].texts)
    assert translate(paper).waiting == 1
    assert services["deepl"].texts == sent
    ((state, why, _),) = paper.store.machine.states()
    assert (state, "may have been billed" in why) == ("waiting", True)
    paper.store.memory.retry()
    assert translate(paper).made == 1


def test_killed_in_the_middle_of_a_request_nothing_is_paid_twice_and_nothing_lost(press, services):
    paper = press("deepl")
    for n in range(5):
        paper.arrive(
            f"https://bureau.example.com/ru/{n}", f"Новость о причале {'абвгд'[n]}", f"{said(60 + n)}\n{said(70 + n)}"
        )
    pair(paper)
    folder = paper.feeds.parent / "store"
    named = databases.variables(folder)
    worker = get_context("spawn").Process(target=translate_apart, args=(folder, named, paper.config, paper.now))
    asked = []

    def voice(text):
        asked.append(text)
        if len(asked) == 5:  # in the middle of its second request
            os.kill(worker.pid, signal.SIGKILL)
            with suppress(ChildProcessError):  # it is dead before we answer, and the main thread's to join
                os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT)
        return latin(text)

    services["deepl"].voice = voice
    paper.store._engine.dispose()
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    paper.now += timedelta(hours=1)  # the dead one's claims run out
    report = translate(paper)
    sent = services["deepl"].texts
    assert len(sent) == len(set(sent)), "nothing was sent twice"
    assert (report.made, report.waiting, report.failed) == (4, 1, 0)
    ((done, _, four), (waiting, why, one)) = paper.store.machine.states()
    assert (done, four, waiting, one) == ("done", 4, "waiting", 1)
    assert "may have been billed" in why
    paper.store.memory.retry()
    assert translate(paper).made == 1


def test_titles_go_first_newest_first_and_a_budget_lasts_a_day(press, services):
    paper = press("deepl", budgets={"deepl": 250})
    for n in range(4):
        paper.now += timedelta(minutes=1)
        paper.arrive(f"https://bureau.example.com/ru/{n}", f"Новость о причале {'абвг'[n]}", f"{said(10 + n)}\n{said(20 + n)}\n{said(30 + n)}\n{said(40 + n)}")  # fmt: skip
    pair(paper)
    report = translate(paper)
    assert (report.made, report.waiting) == (0, 4)
    assert services["deepl"].texts[0] == "Новость о причале г", "the newest first"
    assert 150 < len("".join(services["deepl"].texts)) <= 250
    before = len(services["deepl"].texts)
    assert translate(paper).made == 0
    assert len(services["deepl"].texts) == before
    ((_, why, _), *_) = paper.store.machine.states()
    assert "characters of deepl or of bureau are spent" in why
    paper.now += timedelta(days=1)
    paper.config = replace(paper.config, translation=replace(paper.config.translation, engines=(replace(paper.config.translation.engines[0], characters_per_day=None),)))  # fmt: skip
    assert translate(paper).made == 4
    assert len(set(services["deepl"].texts)) == len(services["deepl"].texts), "nothing was sent twice"


def test_a_publisher_s_version_is_waited_for(press):
    paper = press(wait=timedelta(hours=2))
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper) == translators.Report()
    paper.now += timedelta(hours=2)
    assert translate(paper).made == 1


def test_old_news_and_other_languages_are_left_alone(press):
    paper = press(into=("ru",))
    paper.arrive(*RU)
    paper.history("bureau", 3)
    pair(paper)
    assert translate(paper) == translators.Report()


def test_what_a_person_wrote_goes_before_any_engine(press, services, tmp_path):
    from pipeline.store import Entry
    from pipeline.translate import tmx

    paper = press()
    unit = f'<tmx version="1.4"><header/><body><tu><tuv xml:lang="ru"><seg>{RU[1]}</seg></tuv><tuv xml:lang="en"><seg>A pier for the port</seg></tuv></tu></body></tmx>'
    units = tmx.read(unit.encode(), "x.tmx")
    rows = tmx.entries(units, tmx.names_of(()))
    assert paper.store.memory.put(((Entry(*row, paper.now), "person") for row in rows), paper.now) == 2
    paper.arrive(*RU)
    pair(paper)
    assert translate(paper).made == 1
    assert sides(paper)["en"].lead.article.title == "A pier for the port"
    assert RU[1] not in services["libretranslate"].texts


def test_another_number_is_a_hit(press, services):
    paper = press()
    for n, number in enumerate(("1 250", "7 300")):
        paper.now += timedelta(minutes=1)
        paper.arrive(
            f"https://bureau.example.com/ru/{n}",
            f"Новость номер {'аб'[n]}",
            f"{said(50 + n)} Порт принял {number} судов.",
        )
        pair(paper)
        translate(paper)
    assert [text for text in services["libretranslate"].texts if "Порт принял" in text] == [
        'Порт принял <x id="0"></x> судов.'
    ]
    texts = [one.texts["en"].lead.article.text for one in paper.store.stories.each()]
    assert sorted(any(number in text for text in texts) for number in ("1,250", "7,300")) == [True, True]


def test_what_is_withdrawn_is_so_in_every_language(press):
    paper = press()
    paper.arrive(*RU)
    pair(paper)
    translate(paper)
    paper.now += timedelta(minutes=1)
    paper.store.removals.withdraw(paper.store.removals.find(RU[0]), "asked for", paper.now)
    paper.go()
    assert paper.items("en-mt") == paper.items("all-mt") == paper.items("all") == []
    paper.store.removals.purge(paper.store.removals.find(RU[0]), "asked for", paper.now)
    assert paper.store.memory.states() == {}


def test_what_is_switched_off_is_not_imported():
    """The whole command line, as it is loaded for any verb, and the modules a pass is made of."""
    line = [sys.executable, "-X", "importtime", "-c", "import pipeline.cli, pipeline.cycle, pipeline.newsstand"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    loaded = {row.rsplit("|", 1)[-1].strip() for row in done.stderr.splitlines()}
    assert "pipeline.cycle" in loaded
    wanted = (
        "pipeline.translate",
        "pipeline.translators",
        "pipeline.interpreter",
        "ctranslate2",
        "sentencepiece",
        "fsspec",
        "fastapi",
    )
    assert [one for one in loaded if one.startswith(wanted)] == []
