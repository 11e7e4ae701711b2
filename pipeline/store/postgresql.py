"""PostgreSQL: how it is connected to, what its transactions begin with, how it orders text, which of its errors an operator can mend.

Text columns are compared by their bytes (COLLATE "C") whatever the database's own order is: SQLite does so, and feeds must
not depend on where they were made. Nothing else of Nevawire knows the driver.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import DBAPIError

from pipeline.errors import ConfigError, StoreError

#: A server that is gone for less than this, as while it restarts, is waited for, seconds.
PATIENCE = 15.0
_PAUSE = 0.25
_OLDEST = 160000
#: What writers wait for each other at, and how long at most: whoever holds it longer hangs.
_WRITER = 0x4E65_7661_7769_7265
_BEGIN_WRITING = "SELECT set_config('lock_timeout', '60s', true), pg_advisory_xact_lock(%s)"
#: A line that is cut in silence is noticed within a minute.
_LINE = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
#: Errors by SQLSTATE that a change of the server mends: rights that are missing, a server that only reads.
_OPERATORS = frozenset({"25006", "42501"})


def engine_for(url: URL) -> Engine:
    """Return an engine for a PostgreSQL database. Raises ConfigError where the driver is not installed."""
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={**_LINE, "application_name": "nevawire"})
    except ModuleNotFoundError as error:
        raise ConfigError("PostgreSQL needs its driver: pip install 'nevawire[postgresql]'") from error
    from pipeline.store import dialect  # with all that SQLAlchemy knows of PostgreSQL, which SQLite can do without

    dialect.teach(engine.dialect)
    event.listen(engine, "do_connect", _Line())
    event.listen(engine, "begin", _begin)
    return engine


def mendable(error: DBAPIError) -> bool:
    """Return whether an operator could mend an error that SQLAlchemy takes for a bug of ours."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _OPERATORS


def along_indexes(connection: Connection) -> None:
    """Let a transaction be answered along indexes. Where joins leave more rows than guessed, the planner would sort all."""
    settings = (*(f"enable_{way}" for way in ("sort", "hashjoin", "mergejoin", "seqscan")), "jit")
    asked = ", ".join(f"set_config('{name}', 'off', true)" for name in settings)
    connection.exec_driver_sql(f"SELECT {asked}, set_config('max_parallel_workers_per_gather', '0', true)")


def vacuum(engine: Engine, tables: Sequence[str]) -> tuple[int, int]:
    """Write tables anew without their gaps; return the database's size before and after, in bytes.

    Raises StoreError where they are in use, or the disk has no room for a second copy.
    """
    size = text("SELECT pg_database_size(current_database())")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = connection.scalar(size)
        try:
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {', '.join(tables)}")
        except DBAPIError as error:
            why = " ".join(str(error.orig).split())
            raise StoreError(
                f"the database cannot be written anew: {why}; stop `watch` and look at the disk"
            ) from error
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
        return before, connection.scalar(size)


def faults(connection: Connection) -> Iterator[str]:
    """Yield what the server has found wrong with its own pages, where it looks at their checksums."""
    query = text(
        "SELECT checksum_failures, checksum_last_failure FROM pg_stat_database WHERE datname = current_database()"
    )
    for failures, last in connection.execute(query):
        if failures:
            yield f"{failures} pages failed their checksums, the last one {last.isoformat()}; see the server's log"


class _Line:
    """Connects; once that has succeeded, with patience: a server that restarts comes back."""

    def __init__(self) -> None:
        self._known = False

    def __call__(self, dialect: Dialect, _record: Any, args: Any, params: Any) -> Any:
        until = time.monotonic() + (PATIENCE if self._known else 0)
        while True:
            try:
                made: Any = dialect.connect(*args, **params)
            except dialect.loaded_dbapi.OperationalError:
                if time.monotonic() >= until:
                    raise
                time.sleep(_PAUSE)
                continue
            _suits(made)
            self._known = True
            return made


def _suits(made: Any) -> None:
    """Raise StoreError where a server is too old, or a database holds other characters than Unicode's."""
    encoding, version = made.info.parameter_status("server_encoding"), made.info.server_version
    if encoding == "UTF8" and version >= _OLDEST:
        return
    made.close()
    if version < _OLDEST:
        raise StoreError(f"the server is PostgreSQL {version // 10000}; {_OLDEST // 10000} or newer is needed")
    raise StoreError(f"the database is in {encoding}; it needs ENCODING 'UTF8', which is said when it is created")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    if options.get("nevawire_write"):
        connection.exec_driver_sql(_BEGIN_WRITING, (_WRITER,))
    else:  # as SQLite has it: all that one reading asks is answered from one state
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
