"""The wheel as `pipx` puts it somewhere: in an environment of its own, far from the checkout, in an empty folder."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv

import pytest

pytestmark = pytest.mark.long


@pytest.fixture
def nevawire(root, tmp_path):
    """The command, installed from the built wheel; its dependencies are those of this environment."""
    pytest.importorskip("hatchling", reason="needs hatchling, which builds the wheel; `make` installs it")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    install = [binaries / "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel]
    subprocess.run(install, check=True)
    [packages] = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    # A line in a .pth file leads to the packages there, not to what their own .pth files (of this checkout) lead to.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return str(binaries / "nevawire")


def test_an_empty_folder_becomes_an_installation(nevawire, processes, sites, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    env = {"NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*", "NEVAWIRE_NOW": "2026-11-20T12:00:00+03:00"}

    def call(*words, cwd):
        line = [nevawire, *words]
        done = subprocess.run(line, cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    call(
        "init",
        "news",
        "--title",
        "Нева",
        "--home",
        "https://neva-news.info/",
        "--contact",
        "a@neva-news.info",
        cwd=home,
    )
    news = home / "news"
    assert "no error; 0 sources" in call("check", cwd=news)
    (news / "sources.yaml").write_text(sites.sources_yaml(), encoding="utf-8")
    assert "4 sources, 4 enabled" in call("check", cwd=news)
    report = json.loads(call("run", "--json", cwd=news))
    assert report["articles"] >= 60
    assert report["pairs"] >= 15
    serving = processes.start(nevawire, "serve", "--port", "0", env=env | {"PYTHONUNBUFFERED": "1"}, cwd=news)
    port = int(re.search(r":(\d+)/; stop", serving.says("; stop with Ctrl-C"))[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for path, within in (("/all.rss", b"<rss"), ("/healthz", b'"ok":true'), ("/metrics", b"nevawire_articles ")):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, within in answer.read()) == (200, True), path
    connection.close()
    assert serving.end() == 0
    call("verify", cwd=news)
    assert (news / "feeds/all.rss").exists()
