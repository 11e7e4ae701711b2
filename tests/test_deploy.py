"""What stands in deploy/ names what there is; the wheel alone is enough to work with."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from pipeline import sources
from pipeline.cli import app

INSTRUCTIONS = {
    "ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD",
}  # fmt: skip


@pytest.fixture(scope="module")
def dockerfile(root):
    """The instructions of the Dockerfile: (name, rest), continued lines joined."""
    lines = [line for line in (root / "deploy/Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def verbs():
    """Return every verb the command knows."""
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output
    return set(re.findall(r"^[│ ]+([a-z]+) ", shown, re.MULTILINE))


def test_the_dockerfile_holds_known_instructions_and_fixed_bases(dockerfile):
    assert {name for name, _ in dockerfile} <= INSTRUCTIONS
    bases = [rest.split()[0] for name, rest in dockerfile if name == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
    assert len(bases) == 2


def test_what_the_dockerfile_copies_is_there_and_not_ignored(root, dockerfile):
    kept = {line[1:] for line in (root / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = [shlex.split(rest)[:-1] for name, rest in dockerfile if name == "COPY" and not rest.startswith("--from")]
    names = {name for words in copied for name in words}
    assert names == kept
    assert all((root / name).exists() for name in names)


def test_the_container_is_nobody_and_runs_a_verb_there_is(dockerfile):
    last = [rest for name, rest in dockerfile if name == "USER"][-1]
    assert int(last) > 0
    said = {name: rest for name, rest in dockerfile if name in {"ENTRYPOINT", "CMD"}}
    assert json.loads(said["ENTRYPOINT"]) == ["nevawire"]
    assert json.loads(said["CMD"])[0] in verbs()
    check = next(rest for name, rest in dockerfile if name == "HEALTHCHECK").split("CMD ")[1]
    assert json.loads(check)[1] in verbs()


def test_the_compose_file_shuts_its_service_in(root):
    file = YAML(typ="safe").load((root / "deploy/compose.yaml").read_text("utf-8"))
    assert set(file) <= {"name", "services", "volumes", "networks", "configs", "secrets"}
    for service in file["services"].values():
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["mem_limit"]
        assert "ports" not in service, "nobody outside reaches it"
    ours = file["services"]["collector"]
    assert ours["read_only"] is True
    assert (root / "deploy" / ours["build"]["context"] / ours["build"]["dockerfile"]).exists()
    named = {volume.split(":")[0] for service in file["services"].values() for volume in service["volumes"]}
    assert named - {"./config"} == set(file["volumes"])


def test_the_compose_file_has_a_translating_server_for_who_asks_for_it(root, tmp_path):
    text = (root / "deploy/compose.yaml").read_text("utf-8")
    server = YAML(typ="safe").load(text)["services"]["libretranslate"]
    assert server["profiles"] == ["translation"], "it is not started unless it is asked for"
    assert re.fullmatch(r"libretranslate/libretranslate:v\d+\.\d+\.\d+", server["image"])
    assert server["environment"]["LT_LOAD_ONLY"] == "ru,en"
    said = re.search(r"#\s+(translation: .*)", text)[1]
    file = tmp_path / "sources.yaml"
    file.write_text(
        f"{said}\nsources:\n  a: {{name: {{en: A}}, kind: bureau, listings: [{{url: https://site.test/}}]}}\n", "utf-8"
    )
    (engine,) = sources.load(file).translation.engines
    assert (engine.url, engine.own) == ("http://libretranslate:5000/", True)


def test_units_run_verbs_there_are(root):
    units = sorted((root / "deploy/systemd").glob("*.service"))
    assert len(units) == 3
    for unit in units:
        [line] = re.findall(r"^ExecStart=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
        assert line.split()[1] in verbs()


def test_workers_are_shut_in_as_the_scheduler_is(root):
    def told(name):
        lines = (root / "deploy/systemd" / name).read_text("utf-8").splitlines()
        return {
            line
            for line in lines
            if "=" in line and not line.startswith(("#", "Type=", "Exec", "Description", "After"))
        }

    assert told("nevawire-worker@.service") == told("nevawire.service")


def test_the_cluster_of_containers_is_shut_in_and_runs_verbs_there_are(root):
    file = YAML(typ="safe").load((root / "deploy/compose.workers.yaml").read_text("utf-8"))
    base = YAML(typ="safe").load((root / "deploy/compose.yaml").read_text("utf-8"))
    assert file["services"]["collector"]["command"][0] in verbs()
    assert file["services"]["worker"]["command"][0] in verbs()
    for name, service in file["services"].items():
        whole = base["services"].get(name, {}) | service
        assert whole["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in whole["security_opt"]
        assert whole["mem_limit"]
        assert "ports" not in whole, "nobody outside reaches it"
    urls = {file["services"][name]["environment"]["NEVAWIRE_DATABASE_URL"] for name in ("collector", "worker")}
    assert len(urls) == 1
    assert urls.pop().split("@")[1].startswith("postgresql/")
    arguments = file["services"]["worker"]["build"]["args"]
    assert f"[{arguments['EXTRAS']}]" == "[workers]"
    assert "ARG EXTRAS" in (root / "deploy/Dockerfile").read_text("utf-8")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell):
    done = CliRunner().invoke(app, [], prog_name="nevawire", env={"_NEVAWIRE_COMPLETE": f"source_{shell}"})
    assert "nevawire" in done.output
    assert "_NEVAWIRE_COMPLETE" in done.output


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """The wheel, unpacked: what `pip install` would put on the path."""
    pytest.importorskip("hatchling", reason="needs hatchling, which builds the wheel; `make` installs it")
    tmp_path = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(line, cwd=root, check=True, capture_output=True)
    [file] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(file) as packed:
        packed.extractall(tmp_path / "site")
    return tmp_path / "site"


def test_the_wheel_holds_everything_of_the_package(root, wheel):
    def held(folder):
        files = (path.relative_to(folder) for path in (folder / "pipeline").rglob("*") if path.is_file())
        return {str(path) for path in files if "__pycache__" not in path.parts}

    assert held(wheel) == held(root)


#: Verbs in one process, as starting it takes longer than they do; the store is made by its migrations.
PROGRAM = """
import pathlib, pipeline, sys
from pipeline.cli import app
from pipeline.store import open_store

print(pipeline.__file__)
for words in (["init", ".", "--title", "Нева", "--home", "https://neva-news.info/", "--contact", "a@neva-news.info"], ["check"]):
    app(words, standalone_mode=False)
open_store(pathlib.Path("store")).close()
"""


def test_the_wheel_alone_founds_and_checks(wheel, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    line, env = [sys.executable, "-c", PROGRAM], os.environ | {"PYTHONPATH": str(wheel)}
    done = subprocess.run(line, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(wheel))
    assert "no error" in done.stdout
    assert {path.name for path in folder.iterdir()} >= {"sources.yaml", "store", "feeds", "systemd"}
