"""The verbs `nevawire translate …`, through the real command line."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.end_to_end.conftest import Installation
from tests.translate.service import latin, served

pytest.importorskip("ctranslate2", reason="needs nevawire[argos]")
pytest.importorskip("sentencepiece", reason="needs nevawire[argos]")


@dataclass
class Translating(Installation):
    """An installation that has one source and a section `translation`."""

    section: str = ""

    def write(self, section):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.yaml").write_text(self.sites.sources_yaml() + section, encoding="utf-8")


@pytest.fixture
def newsroom(tmp_path, sites):
    return Translating(tmp_path, sites)


def test_a_pass_translates_publishes_and_tells(newsroom, tmp_path):
    with served("libretranslate") as service:
        service.voice = latin
        newsroom.write(
            f"\ntranslation:\n  engines: [libretranslate]\n  into: [en]\n  max_age: 999999d\n"
            f"  libretranslate: {{url: {service.url}, characters_per_day: 4000}}\n"
            "glossary:\n  - {ru: Невский кластер, en: Neva Cluster}\n"
        )
        newsroom.run("--source", "bureau")
        told = json.loads(newsroom.call("translate", "status", "--json").stdout)
        done = sum(one["count"] for one in told["texts"] if one["state"] == "done")
        assert done >= 1
        assert told["today"][0]["characters"] <= 4000
        assert (newsroom.feeds / "en-mt.atom").exists()
        assert b"en-t-ru-t0-und" in (newsroom.feeds / "en-mt.atom").read_bytes()
        shown = newsroom.call("translate", "status").stdout
        assert "engines: libretranslate" in shown
        assert "titles first, then bodies, newest first" in shown
        assert newsroom.call("translate", "run", expect=None).returncode in (0, 3)
        assert "will be tried again" in newsroom.call("translate", "retry").stdout
        memory = tmp_path / "memory.tmx"
        assert "segments written" in newsroom.call("translate", "export", str(memory)).stdout
        assert "segments taken from" in newsroom.call("translate", "import", str(memory)).stdout
        assert newsroom.call("translate", "terms").stdout.strip()
        tried = newsroom.call("translate", "test", "Порт открыл причал")
        assert tried.stdout == "libretranslate: port otkryl prichal\n"


def test_a_package_is_installed_and_tried(newsroom, tmp_path):
    from tests.translate import tiny

    newsroom.write("\ntranslation: {engines: [argos]}\n")
    package = tiny.argos_package(tmp_path / "made")
    told = newsroom.call("translate", "install", str(package)).stdout
    assert told.startswith("ru-en 1.9 installed from translate-ru_en-1_9.argosmodel (SHA-256 ")
    assert (tmp_path / "models/ru-en/model/model.bin").exists()
    tried = newsroom.call("translate", "test", "Порт открыл новый причал.", expect=None)
    assert tried.stdout.startswith("argos: ")
    assert "no model from en to ru is installed" in newsroom.call("translate", "test", "A port", expect=1).stdout
    wrong = newsroom.call("translate", "install", str(tmp_path / "none.argosmodel"), expect=1)
    assert "cannot be read" in wrong.stderr


def test_translation_that_is_off_says_so(newsroom):
    newsroom.write("")
    assert "translation is off" in newsroom.call("translate", "run", expect=2).stderr
    assert "translation is off" in newsroom.call("translate", "status").stdout


def test_a_missing_key_is_told_and_a_pass_goes_on(newsroom):
    newsroom.write("\ntranslation: {engines: [deepl]}\n")
    assert "NEVAWIRE_DEEPL_KEY is not set" in newsroom.call("translate", "run", expect=2).stderr
    assert newsroom.run("--source", "instruments")["exit_code"] == 0
