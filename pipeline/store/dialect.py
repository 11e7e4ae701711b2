"""What SQLAlchemy is taught where the database is PostgreSQL: the order of text, and inserts as they are written for SQLite."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler
from sqlalchemy.dialects.sqlite.dml import OnConflictClause
from sqlalchemy.engine import Dialect


def teach(dialect: Dialect) -> None:
    """Let a dialect of PostgreSQL write columns and inserts as the store's tables and files have them."""
    dialect.type_compiler_instance = _ByBytes(dialect)
    # The one thing that PostgreSQL is asked here beyond what SQLite took over from it: a constraint by its name. We name none.
    OnConflictClause.constraint_target = None  # type: ignore[attr-defined]


class _ByBytes(PGTypeCompiler):
    """Writes the types of columns: text in the order of its bytes."""

    def visit_TEXT(self, type_: Any, **how: Any) -> str:  # noqa: N802 - SQLAlchemy's name for it
        """Write the type; a cast, which is no column, knows no order."""
        said: str = super().visit_TEXT(type_, **how)
        return f'{said} COLLATE "C"' if isinstance(how.get("type_expression"), Column) else said
