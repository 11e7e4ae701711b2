"""The newest schema of an SQLite database in one script: what all migrations come to, for a database that is new.

`make schema` writes it anew, which is to be done after each migration. To go through them all takes a quarter of a
second, and Alembic with them; where the script is behind, the migrations it lacks are applied as to any other database.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import Connection

SCRIPT = Path(__file__).parent / "migrations" / "fresh.sql"
_BETWEEN = "\n;\n"
#: SQLite makes its own tables itself, and those of a full-text index with the index.
_OURS = """
SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fulltext\\__%' ESCAPE '\\'
OR type = 'trigger' ORDER BY rowid
"""
_STANDS_AT = (
    "SELECT 'INSERT INTO alembic_version (version_num) VALUES (' || quote(version_num) || ')' FROM alembic_version"
)


def lay(connection: Connection) -> None:
    """Make the tables of a new SQLite database, in a writing transaction."""
    for statement in SCRIPT.read_text("utf-8").split(_BETWEEN):
        connection.exec_driver_sql(statement)


def described(connection: Connection) -> str:
    """Return the script that makes the tables a database has."""
    statements = connection.exec_driver_sql(_OURS).scalars().all()
    stands_at = connection.exec_driver_sql(_STANDS_AT).scalar()
    return _BETWEEN.join([*statements, f"{stands_at}\n"])


def write() -> None:
    """Write the script anew."""
    from pipeline.store import engine

    with tempfile.TemporaryDirectory() as folder:
        made = engine.connect(engine.file_in(Path(folder)))
        with engine.writing(made) as connection:
            engine.migrate(connection)
            script = described(connection)
        made.dispose()
    SCRIPT.write_text(script, "utf-8")
