"""The verbs `users …`: who may come into the analysts' desk from beyond its own machine."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.errors import NevawireError
from pipeline.options import JsonOption, StoreOption
from pipeline.review import passwords
from pipeline.settings import settle
from pipeline.store import Store, User, open_store

desk = typer.Typer(no_args_is_help=True, help="Who may come into the analysts' desk, and what they may do there.")
_NAME = re.compile(r"[\w.@-]{1,64}")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user's name: letters, digits, . _ @ -")]


class Role(StrEnum):
    """What a user may do."""

    reader = "reader"
    analyst = "analyst"
    operator = "operator"


RoleOption = Annotated[
    Role, typer.Option("--role", help="reader looks; analyst also judges and edits; operator also runs sources.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(desk, name="users")


@desk.command("add")
def add(name: NameArgument, role: RoleOption = Role.analyst, store: StoreOption = None) -> None:
    """Add a user. The password is asked for, or read from standard input."""
    if not _NAME.fullmatch(name):
        raise NevawireError(f"{name!r} is no name for a user; take letters, digits and . _ @ - (64 at most)")
    with _opened(store) as (kept, now):
        if kept.users.get(name):
            raise NevawireError(f"{name}: there is such a user already; `users password` and `users role` change it")
        kept.users.add(User(name, role.value, passwords.hashed(_password())), now)
        kept.audit.note(_operator(), "user", name, now, role=role.value)
    typer.echo(f"{name}: added as {role.value}")


@desk.command("list")
def list_(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the users with their roles and tokens."""
    import json

    with _opened(store) as (kept, _):
        rows = [
            {"name": one.name, "role": one.role, "since": one.since and one.since.isoformat(),
             "tokens": [token.name for token in kept.users.tokens(one.name)]}
            for one in kept.users.every()
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"users": rows}, ensure_ascii=False))
        return
    for row in rows:
        tokens = f"  tokens: {', '.join(row['tokens'])}" if row["tokens"] else ""
        typer.echo(f"{row['name']:20} {row['role']:10}{tokens}")
    if not rows:
        typer.echo("no users; the desk is open at this machine only. `nevawire users add NAME` makes one")


@desk.command("remove")
def remove(name: NameArgument, store: StoreOption = None) -> None:
    """Remove a user, with all logins and tokens. What the user did stays told."""
    with _opened(store) as (kept, now):
        _known(name, there=kept.users.remove(name))
        kept.audit.note(_operator(), "user", name, now, removed=True)
    typer.echo(f"{name}: removed")


@desk.command("password")
def password(name: NameArgument, store: StoreOption = None) -> None:
    """Give a user another password; logins and tokens end. It is asked for, or read from standard input."""
    with _opened(store) as (kept, now):
        _known(name, there=kept.users.get(name) is not None)
        kept.users.set_password(name, passwords.hashed(_password()), now)
        kept.audit.note(_operator(), "password", name, now)
    typer.echo(f"{name}: the password is changed")


@desk.command("role")
def role_(
    name: NameArgument, role: Annotated[Role, typer.Argument(metavar="ROLE", help="reader, analyst or operator.")],
    store: StoreOption = None,
) -> None:  # fmt: skip
    """Give a user another role."""
    with _opened(store) as (kept, now):
        _known(name, there=kept.users.set_role(name, role.value, now))
        kept.audit.note(_operator(), "role", name, now, role=role.value)
    typer.echo(f"{name}: is {role.value} from now on")


@desk.command("token")
def token(
    name: NameArgument, label: Annotated[str, typer.Option("--name", help="What the token is for.")] = "api",
    days: Annotated[int, typer.Option("--days", min=0, help="How long it holds; 0: until it is dropped.")] = 0,
    drop: Annotated[bool, typer.Option("--drop", help="End the tokens of this name instead.")] = False,
    store: StoreOption = None,
) -> None:  # fmt: skip
    """Make a token for the API with a user's rights, and print it once."""
    with _opened(store) as (kept, now):
        _known(name, there=kept.users.get(name) is not None)
        if drop:
            if not kept.users.drop_token(name, label):
                raise NevawireError(f"{name} has no token called {label}; `users list` shows them")
            kept.audit.note(_operator(), "token", name, now, name=label, dropped=True)
            typer.echo(f"{name}: {label} is dropped")
            return
        made = passwords.new_token()
        kept.users.add_token(name, label, passwords.digest(made), now, now + timedelta(days=days) if days else None)
        kept.audit.note(_operator(), "token", name, now, name=label)
    typer.echo(made)


@contextmanager
def _opened(store: StoreOption) -> Iterator[tuple[Store, datetime]]:
    settings = settle(os.environ, store=store)
    kept = open_store(settings.store)
    try:
        yield kept, settings.clock.now()
    finally:
        kept.close()


def _known(name: str, *, there: bool) -> None:
    if not there:
        raise NevawireError(f"{name}: no such user; `nevawire users list` shows them")


def _password() -> str:
    """Return a password as it was typed twice, or the line that was piped in. Raises NevawireError on a short one."""
    if sys.stdin.isatty():
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not passwords.SHORTEST <= len(given) <= passwords.LONGEST:
        raise NevawireError(f"a password has {passwords.SHORTEST} to {passwords.LONGEST} characters")
    return str(given)


def _operator() -> str:
    """Return who gives the command."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "operator"
