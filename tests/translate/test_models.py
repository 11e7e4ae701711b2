"""Models on this machine: a tiny genuine one is packed, installed from a file and from an index, and translates."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import zipfile
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from pipeline.errors import TranslateError
from pipeline.model import EngineRules
from pipeline.translate import packages
from pipeline.translate.engines import EngineFailed
from pipeline.translate.engines.local import Local
from pipeline.translate.engines.opened import opened

pytest.importorskip("ctranslate2", reason="needs nevawire[argos]")
pytest.importorskip("sentencepiece", reason="needs nevawire[argos]")

from tests.translate import tiny

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return tiny.argos_package(tmp_path_factory.mktemp("package"))


@pytest.fixture
def models(tmp_path, package):
    packages.install(package, tmp_path / "models", NOW)
    return tmp_path / "models"


@pytest.fixture
def broken(tmp_path, package):
    """Make a copy of the package with one of its files changed, or without it."""

    def make(name, data=None):
        path = tmp_path / "broken.argosmodel"
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(path, "w") as new:
            for row in old.infolist():
                if not row.filename.endswith(name):
                    new.writestr(row, old.read(row))
                elif data is not None:
                    new.writestr(row.filename, data)
        return path

    return make


def test_argos_translates_with_an_installed_package(models):
    (engine,) = opened([EngineRules("argos")], {}, packages.models_of(models))
    first = engine.translate(["Порт открыл новый причал.", "Музей ждёт [0] школьников [1]."], "ru", "en")
    assert len(first) == 2
    assert all(first)
    assert first == engine.translate(["Порт открыл новый причал.", "Музей ждёт [0] школьников [1]."], "ru", "en")
    assert [sign for sign in ("[0]", "[1]") if sign in first[1]] == ["[0]", "[1]"], "stretches one by one where signs were lost"  # fmt: skip
    assert engine.about("ru", "en") == ("argos-ru-en", "1.9", "Argos Translate ru-en 1.9 (CC-BY-4.0, made of sentences of our own)")  # fmt: skip
    assert (engine.traits.outside, engine.traits.bills) == (False, False)
    with pytest.raises(EngineFailed, match="no model from en to ru is installed"):
        engine.translate(["Port"], "en", "ru")
    engine.close()


def test_ctranslate2_translates_with_an_opus_mt_folder(tmp_path):
    folder = tiny.opus_folder(tmp_path / "opus-mt-ru-en")
    (engine,) = opened([EngineRules("ctranslate2", folders={"ru-en": str(folder)})], {}, {})
    (said,) = engine.translate(["Порт открыл новый причал."], "ru", "en")
    assert said
    assert engine.about("ru", "en") == ("opus-mt-ru-en", "", "OPUS-MT opus-mt-ru-en (Helsinki-NLP), cc-by-4.0")
    # Longer than a model reads at once: in parts, none cut off.
    assert engine.translate(["причал " * 600], "ru", "en")[0].count(" ") > 0
    (folder / "source.spm").unlink()
    with pytest.raises(EngineFailed, match=r"source\.spm is missing"):
        opened([EngineRules("ctranslate2", folders={"ru-en": str(folder)})], {}, {})


def test_the_model_is_the_same_every_time(tmp_path):
    for name in ("one", "two"):
        tiny.save(tmp_path / name, ["<unk>", "<s>", "</s>", "▁a"])
    assert (tmp_path / "one/model.bin").read_bytes() == (tmp_path / "two/model.bin").read_bytes()


def test_what_is_installed_is_written_down(models, package):
    (one,) = packages.installed(models).values()
    assert (one.pair, one.version, one.file) == ("ru-en", "1.9", package.name)
    assert one.sha256 == hashlib.sha256(package.read_bytes()).hexdigest()
    assert one.licence.startswith("CC-BY-4.0")
    assert sorted(path.name for path in models.iterdir()) == ["installed.json", "ru-en"]
    again = packages.install(package, models, NOW)
    assert again == one, "a second time is no harm"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("metadata.json", None, "there is no metadata.json"),
        ("metadata.json", b"{", "metadata.json cannot be read"),
        ("metadata.json", json.dumps({"from_code": "../..", "to_code": "en"}).encode(), "names no pair"),
        ("metadata.json", json.dumps({"type": "sbd"}).encode(), "another kind"),
        ("model.bin", None, "no model/model.bin"),
        ("sentencepiece.model", None, "no sentencepiece.model"),
    ],
)  # fmt: skip
def test_a_bad_package_is_refused_and_nothing_lost(name, data, why, broken, models):
    before = (models / packages.LIST).read_text()
    with pytest.raises(TranslateError, match=why):
        packages.install(broken(name, data), models, NOW)
    assert (models / packages.LIST).read_text() == before


def test_files_that_are_no_package_are_refused(tmp_path):
    (tmp_path / "x.argosmodel").write_text("no zip")
    with pytest.raises(TranslateError, match="no Argos package"):
        packages.install(tmp_path / "x.argosmodel", tmp_path / "models", NOW)
    with pytest.raises(TranslateError, match="cannot be read"):
        packages.install(tmp_path / "nowhere.argosmodel", tmp_path / "models", NOW)


def test_a_broken_model_is_told_when_it_is_used(broken, tmp_path):
    packages.install(broken("model.bin", b"nonsense"), tmp_path / "m", NOW)
    engine = Local("argos", packages.models_of(tmp_path / "m"))
    with pytest.raises(EngineFailed, match="cannot be read"):
        engine.translate(["Порт"], "ru", "en")


@pytest.fixture
def index(tmp_path, package):
    """An index of packages, and the packages, served on loopback."""
    folder = tmp_path / "served"
    folder.mkdir()
    shutil.copy(package, folder / "new.argosmodel")
    handler = partial(
        type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=str(folder)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    rows = [
        {"from_code": "ru", "to_code": "en", "package_version": "1.7", "links": [f"{base}/old.argosmodel"]},
        {"from_code": "ru", "to_code": "en", "package_version": "1.10", "links": ["ipfs://Qm", f"{base}/gone.argosmodel", f"{base}/new.argosmodel"]},
        {"type": "sbd", "from_code": "en", "to_code": "ru", "package_version": "9", "links": []},
    ]  # fmt: skip
    (folder / "index.json").write_text(json.dumps(rows))
    yield f"{base}/index.json"
    server.shutdown()
    server.server_close()


def test_the_newest_package_of_an_index_is_fetched(index, tmp_path):
    with httpx.Client(trust_env=False) as client:
        one = packages.fetch(index, "ru-en", tmp_path / "m", NOW, client)
        assert (one.pair, one.file) == ("ru-en", "ru-en.argosmodel")
        with pytest.raises(TranslateError, match="lists no package for en-ru"):
            packages.fetch(index, "en-ru", tmp_path / "m", NOW, client)
        with pytest.raises(TranslateError, match="is no pair of languages"):
            packages.fetch(index, "russian", tmp_path / "m", NOW, client)
        with pytest.raises(TranslateError, match="install from a file"):
            packages.fetch(index + "x", "ru-en", tmp_path / "m", NOW, client)


def test_a_checksum_that_differs_is_refused(package, tmp_path):
    with pytest.raises(TranslateError, match=r"SHA-256 is .*, not 00"):
        packages.install(package, tmp_path / "m", NOW, "00")
    assert not (tmp_path / "m").exists()
