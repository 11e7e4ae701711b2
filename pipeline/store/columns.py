"""How a table is declared: STRICT on SQLite, names of indexes and keys by one rule, the columns that most have."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Table

from pipeline.store.types import Clean, Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One of each type for all columns: SQLAlchemy finds out anew for each of them how a database writes and reads its values.
_TEXT, _INSTANT, _JSON, _WHOLE = Clean(), Instant(), Json(), Integer()


def table(name: str, *columns: Column[object] | Index, counting: bool = False) -> Table:
    """Declare a table; counting: the number of a row that is gone is never given again."""
    return Table(name, metadata, *columns, sqlite_strict=True, sqlite_autoincrement=counting)


def text(name: str, *, null: bool = False, index: bool = False, default: str | None = None) -> Column[object]:
    """Declare a column of text."""
    return Column(name, _TEXT, nullable=null, index=index, server_default=default)


def key(name: str) -> Column[object]:
    """Declare a column of text that is, or belongs to, the primary key."""
    return Column(name, _TEXT, primary_key=True)


def at(name: str, *, null: bool = False, index: bool = False) -> Column[object]:
    """Declare a column of instants."""
    return Column(name, _INSTANT, nullable=null, index=index)


def number() -> Column[object]:
    """Declare a primary key that counts up."""
    return Column("id", _WHOLE, primary_key=True, autoincrement=True)


def count(name: str) -> Column[object]:
    """Declare a column of whole numbers."""
    return Column(name, _WHOLE, nullable=False)


def json(name: str, *, default: str | None = None) -> Column[object]:
    """Declare a column of lists and mappings."""
    return Column(name, _JSON, nullable=False, server_default=default)
