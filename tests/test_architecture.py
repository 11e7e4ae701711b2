"""The shape of the code: its arrows, its sizes, and who may touch what."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest


def test_the_arrows_hold():
    """The contracts in pyproject.toml, the way `make check` runs them."""
    line = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_over_300_lines(root):
    long = {
        path.name: count
        for path in root.glob("pipeline/**/*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


@pytest.fixture(scope="module")
def parsed(root):
    """Every module of the package: path → its syntax nodes."""
    return {path: list(ast.walk(ast.parse(path.read_text("utf-8")))) for path in root.glob("pipeline/**/*.py")}


def test_no_function_is_over_40_lines(root, parsed):
    migrations = root / "pipeline/store/migrations"
    long = {
        f"{path.relative_to(root)}:{node.name}": lines
        for path, nodes in parsed.items()
        if migrations not in path.parents
        for node in nodes
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 40
    }
    assert long == {}


@pytest.mark.parametrize(
    ("package", "homes"),
    [
        ("feedgen", {"pipeline/publish/rss_atom.py"}),
        ("sqlalchemy", {"pipeline/store"}),
        ("httpx", {"pipeline/collect", "pipeline/translate/engines/http.py", "pipeline/translate/packages.py"}),
        ("ctranslate2", {"pipeline/translate/engines/local.py"}),
        ("bs4", {"pipeline/collect", "pipeline/scout"}),
        ("trafilatura", {"pipeline/extract"}),
        ("langdetect", {"pipeline/language"}),
        ("apscheduler", {"pipeline/rota.py"}),
        ("structlog", {"pipeline/log.py"}),
        ("prometheus_client", {"pipeline/metrics.py"}),
    ],
)
def test_each_package_is_used_and_has_one_home(root, parsed, package, homes):
    users = {
        str(path.relative_to(root))
        for path, nodes in parsed.items()
        for node in nodes
        if (isinstance(node, ast.Import) and any(name.name.split(".")[0] == package for name in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package)
    }
    assert users
    assert all(any(user.startswith(home) for home in homes) for user in users), users


def test_the_project_speaks_of_itself_alone(root):
    """No machine's paths and no registry's hosts in anything git keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    own = Path(__file__).name
    hosts = ("files.pythonhosted" + ".org", "pypi" + ".org/simple", "registry.npmjs" + ".org")
    for name in filter(None, listed.stdout.split("\0")):
        path = root / name
        if path.name == own or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        assert str(root.parent) + "/" not in text, name
        assert not [host for host in hosts if host in text], name
