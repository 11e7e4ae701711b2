"""Who may come into the desk: users, their logins and tokens. Passwords come in hashed; of tokens only digests are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, func, or_, select, update

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables_users import api_tokens, logins, users

#: From the one who may least to the one who may most.
ROLES = ("reader", "analyst", "operator")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may come in."""

    name: str
    role: str  #: one of ROLES
    password: str  #: as argon2 writes it
    language: str = ""  #: of the pages; "" where none was chosen
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a user's for the API, without what makes it one."""

    user: str
    name: str  #: what its owner calls it
    since: datetime
    until: datetime | None


class Users:
    """Reads and writes of users."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def any(self) -> bool:
        """Return whether there is a user."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(users)) != 0

    def every(self) -> tuple[User, ...]:
        """Return all users by name."""
        with reading(self._engine) as connection:
            return tuple(_user(row) for row in connection.execute(select(users).order_by(users.c.name)))

    def get(self, name: str) -> User | None:
        """Return a user, None where there is none of this name."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
        return _user(row) if row else None

    def add(self, user: User, now: datetime) -> bool:
        """Keep a new user; return False where there is one of this name already."""
        with writing(self._engine) as connection:
            if connection.scalar(select(users.c.name).where(users.c.name == user.name)):
                return False
            row = {"name": user.name, "password": user.password, "role": user.role, "language": user.language}
            connection.execute(users.insert().values(**row, since=now, changed=now))
        return True

    def remove(self, name: str) -> bool:
        """Forget a user with all logins and tokens; return whether there was one."""
        with writing(self._engine) as connection:
            _out(connection, name)
            return connection.execute(delete(users).where(users.c.name == name)).rowcount > 0

    def set_password(self, name: str, password: str, now: datetime) -> bool:
        """Give a user another password, and end all logins and tokens; return whether there is such a user."""
        with writing(self._engine) as connection:
            _out(connection, name)
            return _change(connection, name, now, password=password)

    def set_role(self, name: str, role: str, now: datetime) -> bool:
        """Give a user another role, which holds from the next request on; return whether there is such a user."""
        with writing(self._engine) as connection:
            return _change(connection, name, now, role=role)

    def set_language(self, name: str, language: str, now: datetime) -> bool:
        """Keep the language a user reads the desk in; return whether there is such a user."""
        with writing(self._engine) as connection:
            return _change(connection, name, now, language=language)

    def log_in(self, name: str, digest: str, now: datetime, until: datetime) -> None:
        """Keep a login, and forget those that have run out."""
        with writing(self._engine) as connection:
            connection.execute(delete(logins).where(logins.c.until <= now))
            connection.execute(upsert(logins, {"digest": digest, "user": name, "since": now, "until": until}))

    def log_out(self, digest: str) -> None:
        """End a login."""
        with writing(self._engine) as connection:
            connection.execute(delete(logins).where(logins.c.digest == digest))

    def logged_in(self, digest: str, now: datetime) -> User | None:
        """Return whose login this is; None where there is none, or it has run out."""
        query = select(users).join(logins, logins.c.user == users.c.name)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(logins.c.digest == digest, logins.c.until > now)).first()
        return _user(row) if row else None

    def add_token(self, user: str, name: str, digest: str, now: datetime, until: datetime | None = None) -> None:
        """Keep a token for the API."""
        row = {"digest": digest, "user": user, "name": name, "since": now, "until": until}
        with writing(self._engine) as connection:
            connection.execute(upsert(api_tokens, row))

    def drop_token(self, user: str, name: str) -> bool:
        """Forget a user's tokens of this name; return whether there was one."""
        wanted = delete(api_tokens).where(api_tokens.c.user == user, api_tokens.c.name == name)
        with writing(self._engine) as connection:
            return connection.execute(wanted).rowcount > 0

    def tokens(self, user: str) -> tuple[Token, ...]:
        """Return a user's tokens, oldest first."""
        query = select(api_tokens).where(api_tokens.c.user == user).order_by(api_tokens.c.since, api_tokens.c.digest)
        with reading(self._engine) as connection:
            return tuple(Token(row.user, row.name, row.since, row.until) for row in connection.execute(query))

    def of_token(self, digest: str, now: datetime) -> User | None:
        """Return whose token this is; None where there is none, or it has run out."""
        query = select(users).join(api_tokens, api_tokens.c.user == users.c.name)
        alive = or_(api_tokens.c.until.is_(None), api_tokens.c.until > now)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(api_tokens.c.digest == digest, alive)).first()
        return _user(row) if row else None


def _out(connection: Connection, name: str) -> None:
    for table in (logins, api_tokens):
        connection.execute(delete(table).where(table.c.user == name))


def _change(connection: Connection, name: str, now: datetime, **values: str) -> bool:
    return connection.execute(update(users).where(users.c.name == name).values(changed=now, **values)).rowcount > 0


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(row.name, row.role, row.password, row.language, row.since)
