"""`nevawire users`: as the how-to says it, and what it refuses."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import NevawireError
from pipeline.review import passwords
from pipeline.store import open_store
from tests import databases


@pytest.fixture
def users(tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_STORE", str(tmp_path / "store"))

    def call(*words, given="a long enough password\n"):
        return CliRunner().invoke(app, ["users", *words], input=given, catch_exceptions=False).output

    call.store = lambda: open_store(tmp_path / "store")
    return call


def test_the_how_to_works_in_its_order(users, root):
    text = (root / "docs/how-to-desk.md").read_text("utf-8")
    lines = re.findall(r"^nevawire users (.*)$", text, re.MULTILINE)
    outputs = [users(*shlex.split(line)) for line in lines]
    assert outputs[0] == "olga: added as analyst\n"
    assert outputs[1].split() == ["olga", "analyst"]
    assert outputs[2] == "olga: is operator from now on\n"
    assert outputs[3] == "olga: the password is changed\n"
    assert re.fullmatch(r"[\w-]{43}\n", outputs[4])
    assert outputs[5] == "olga: removed\n"
    assert "no users" in users("list")
    kept = users.store()
    assert [one.what for one in reversed(kept.audit.latest(9))] == ["user", "role", "password", "token", "user"]
    kept.close()


def test_passwords_are_kept_as_argon2id_and_tokens_as_digests(users, tmp_path):
    users("add", "olga", "--role", "reader")
    token = users("token", "olga", "--name", "notebook").strip()
    kept = users.store()
    assert kept.users.get("olga").password.startswith("$argon2id$")
    assert kept.users.of_token(passwords.digest(token), kept.users.get("olga").since).name == "olga"
    kept.close()
    held = databases.held(tmp_path / "store")
    assert b"olga" in held
    assert token.encode() not in held
    assert b"a long enough password" not in held
    assert "tokens: notebook" in users("list")
    users("token", "olga", "--name", "notebook", "--drop")
    assert "tokens" not in users("list")


@pytest.mark.parametrize(
    ("words", "given", "why"),
    [
        (["add", "o l g a"], "a long enough password\n", "is no name for a user"),
        (["add", "olga"], "short\n", "a password has 10 to 512 characters"),
        (["add", "olga"], "", "a password has 10 to 512 characters"),
        (["role", "nobody", "reader"], "", "nobody: no such user"),
        (["remove", "nobody"], "", "nobody: no such user"),
        (["password", "nobody"], "a long enough password\n", "nobody: no such user"),
        (["token", "nobody"], "", "nobody: no such user"),
    ],
)
def test_what_cannot_be_done_is_told(users, words, given, why):
    with pytest.raises(NevawireError, match=why):
        users(*words, given=given)


def test_a_name_is_taken_once(users):
    users("add", "olga")
    with pytest.raises(NevawireError, match="there is such a user already"):
        users("add", "olga")
