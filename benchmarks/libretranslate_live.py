"""A real LibreTranslate server, in an environment of its own, with the tiny package of the tests, used through `libretranslate`.

    python benchmarks/libretranslate_live.py SERVER_VENV [--record FILE]

SERVER_VENV is a virtual environment of its own, since the server pins old versions of packages that we use:

    python -m venv SERVER_VENV && SERVER_VENV/bin/pip install libretranslate spacy

The server gets the package that tests/translate/tiny.py builds, in a folder of its own, and no other: nothing is downloaded.
Left to itself it would fetch a model that finds the ends of sentences with its first translation (and answer 500 where it cannot);
a blank spaCy pipeline, which goes by rules, is put into the package instead.
What came back is compared with what the same package answers through `argos`.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.model import EngineRules
from pipeline.translate import packages
from pipeline.translate.engines import EngineFailed
from pipeline.translate.engines.opened import opened
from tests.translate import tiny

TEXTS = ["Порт открыл новый причал", "Музей ждёт школьников каждую субботу", "Договор подписан"]
MARKED = 'Порт открыл <g id="0">новый</g> причал'
PATIENCE = 180.0
#: Run by the server's own Python: rules that end sentences, where it would look for a model.
SENTENCES = """
import spacy
from argostranslate import settings
for package in settings.package_data_dir.iterdir():
    if package.is_dir():
        spacy.blank(package.name.split("-")[1][:2]).to_disk(package / "spacy")
known = settings.cache_dir / "spacy" / "senter" / "model"
known.parent.mkdir(parents=True, exist_ok=True)
known.touch()
"""


def main() -> int:
    """Start the server, translate through it, and print what happened."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("venv", type=Path)
    options.add_argument("--record", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = tried(asked.venv, Path(folder))
    print(json.dumps(outcome, ensure_ascii=False, indent=2))
    if asked.record:
        asked.record.write_text(json.dumps(outcome, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if outcome["works"] else 1


def tried(venv: Path, folder: Path) -> dict[str, object]:
    """Return what came of it."""
    made = [tiny.argos_package(folder / pair, pair) for pair in ("ru-en", "en-ru")]
    home = folder / "home"
    for package in made:
        target = home / ".local/share/argos-translate/packages"
        target.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(target)
        packages.install(package, folder / "models", datetime.now(UTC))
    port = free_port()
    line = [str(venv.absolute() / "bin/libretranslate"), "--host", "127.0.0.1", "--port", str(port), "--load-only", "ru,en", "--disable-web-ui", "--threads", "2"]  # fmt: skip
    environment = {**os.environ, "HOME": str(home), "ARGOS_DEVICE_TYPE": "cpu", "ARGOS_CHUNK_TYPE": "SPACY"}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    prepared = subprocess.run(
        [str(venv.absolute() / "bin/python"), "-W", "ignore", "-c", SENTENCES], env=environment, check=False, capture_output=True, text=True
    )  # fmt: skip
    if prepared.returncode:
        return {"works": False, "why": prepared.stderr[-3_000:]}
    log = folder / "server.log"
    began = time.monotonic()
    with log.open("wb") as out:
        server = subprocess.Popen(line, env=environment, stdout=out, stderr=out, cwd=folder)
    try:
        url = f"http://127.0.0.1:{port}"
        ready = answers(url, server)
        seconds = time.monotonic() - began
        if not ready:
            return {"works": False, "why": log.read_text("utf-8", "replace")[-3_000:], "seconds": round(seconds, 1)}
        try:
            return asked_through(url, folder, seconds)
        except EngineFailed as failed:
            return {"works": False, "why": f"{failed}\n{log.read_text('utf-8', 'replace')[-3_000:]}"}
    finally:
        server.terminate()
        server.wait(20)


def asked_through(url: str, folder: Path, seconds: float) -> dict[str, object]:
    """Translate through the server and through the package itself."""
    rules = [EngineRules("libretranslate", url=url, own=True, timeout=timedelta(seconds=60)), EngineRules("argos")]
    server, own = opened(rules, {}, packages.models_of(folder / "models"))
    said = server.translate([*TEXTS, MARKED], "ru", "en")
    back = server.translate(["The port opened a pier"], "en", "ru")
    outcome = {
        "version": server.about("ru", "en")[1], "started_in_seconds": round(seconds, 1),
        "answers": dict(zip([*TEXTS, MARKED], said, strict=True)), "back": back,
        "same_package_through_argos": own.translate(TEXTS, "ru", "en"),
    }  # fmt: skip
    return {"works": all(said) and all(back) and said[0] != TEXTS[0], **outcome}


def answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; false where it ends, or patience does."""
    until = time.monotonic() + PATIENCE
    with httpx.Client(trust_env=False) as client:
        while time.monotonic() < until and server.poll() is None:
            try:
                if client.get(f"{url}/languages").status_code == 200:
                    return True
            except httpx.HTTPError:
                pass  # not yet
            time.sleep(1)
    return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main())
