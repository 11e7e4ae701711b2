"""Where the jobs of workers wait: tables of Procrastinate in a schema of their own, on the store's PostgreSQL.

They are Procrastinate's: made and upgraded by its own SQL, filled by it alone; here they are only counted. Nothing of the
news stands in them, and an installation whose jobs are lost begins its next pass as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata, resources
from typing import Any

from sqlalchemy import Connection, Engine, text

from pipeline.errors import ConfigError, StoreError
from pipeline.store.engine import newest, reading, seen, writing

SCHEMA = "procrastinate"
#: The queue of what workers do for each other; nobody else's business.
UPKEEP = "upkeep"
#: A worker without a sign of life for so many seconds is dead.
PATIENCE = 25
_ALIVE = f"last_heartbeat > now() - interval '{PATIENCE} seconds'"


class Jobs:
    """The queues of workers as the rest of the program sees them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shared = engine.dialect.name == "postgresql"

    def address(self) -> tuple[str, dict[str, Any]]:
        """Return the database's address and options for Procrastinate. Raises ConfigError where it is no PostgreSQL."""
        if not self._shared:
            raise ConfigError(
                "workers share a PostgreSQL database, and this store is a file: let NEVAWIRE_DATABASE_URL name one, such as "
                "postgresql://nevawire@localhost/nevawire; on one machine `nevawire watch` needs no workers"
            )
        plain = self._engine.url.set(drivername="postgresql")
        return plain.render_as_string(hide_password=False), {"options": f"-c search_path={SCHEMA}"}

    def prepare(self) -> None:
        """Make the tables of jobs, or bring them up to date. Raises StoreError where a newer version made them."""
        ours = metadata.version("procrastinate")
        files = resources.files("procrastinate.sql")
        with writing(self._engine) as connection:
            made_by = self._made_by(connection)
            if made_by is None:
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                _apply(connection, (files / "schema.sql").read_text("utf-8"), ours)
                return
        if _number(made_by) > _number(ours):
            raise StoreError(
                f"the jobs in {self._engine.url!r} were made by Procrastinate {made_by}; here is {ours}: upgrade this one"
            )
        steps = sorted(one.name for one in (files / "migrations").iterdir() if one.name.endswith(".sql"))
        for name in steps:  # each by itself: what one adds to an enumeration the next may use only after it is kept
            step = name.split("_")[0]
            if _number(made_by) < _number(step) <= _number(ours):
                with writing(self._engine) as connection:
                    _apply(connection, (files / "migrations" / name).read_text("utf-8"), step)

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many jobs of each queue stand in each state: `todo`, `doing` or `failed`."""
        with reading(self._engine) as connection:
            return counts(connection)

    def served(self) -> bool:
        """Tell whether any worker is alive."""
        query = f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers WHERE {_ALIVE}"  # noqa: S608
        with reading(self._engine) as connection:
            return bool(connection.scalar(text(query)))

    def idle(self) -> Mapping[str, int]:
        """Return the queues in which jobs could be done and none is → the oldest such job."""
        query = (
            f"SELECT queue_name, min(id) AS oldest FROM {SCHEMA}.procrastinate_jobs AS job "  # noqa: S608
            f"WHERE status = 'todo' AND queue_name <> '{UPKEEP}' AND NOT EXISTS (SELECT 1 FROM {SCHEMA}.procrastinate_jobs "
            "AS other WHERE other.status = 'doing' AND (other.queue_name = job.queue_name OR other.lock = job.lock)) GROUP BY 1"
        )
        with reading(self._engine) as connection:
            return {row.queue_name: row.oldest for row in connection.execute(text(query))}

    def foreign(self) -> str:
        """Return the revision of the database's schema where it is not this version's; "" where it is."""
        revision = seen(self._engine) or "none"
        return "" if revision == newest() else revision

    def _made_by(self, connection: Connection) -> str | None:
        if connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs')")) is None:
            return None
        about = text(f"SELECT obj_description('{SCHEMA}'::regnamespace, 'pg_namespace')")
        return connection.scalar(about) or metadata.version("procrastinate")


def counts(connection: Connection) -> Mapping[tuple[str, str], int]:
    """Return how many jobs of each queue stand in each state; none where there are no workers.

    What a worker that is dead has in hand waits: nobody does it.
    """
    if connection.dialect.name != "postgresql":
        return {}
    if connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs')")) is None:
        return {}
    query = (
        "SELECT queue_name, CASE WHEN status = 'doing' AND NOT EXISTS ("  # noqa: S608
        f"SELECT 1 FROM {SCHEMA}.procrastinate_workers AS worker WHERE worker.id = job.worker_id "
        f"AND {_ALIVE}) THEN 'todo' ELSE status::text END, count(*) "
        f"FROM {SCHEMA}.procrastinate_jobs AS job WHERE queue_name <> '{UPKEEP}' AND status IN ('todo', 'doing', 'failed') "
        "GROUP BY 1, 2"
    )
    return {(queue, state): number for queue, state, number in connection.execute(text(query))}


def _apply(connection: Connection, script: str, version: str) -> None:
    connection.exec_driver_sql(f"SET LOCAL search_path = {SCHEMA}")
    driver: Any = connection.connection.driver_connection  # many statements at once, and percent signs as they are
    driver.execute(script)
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{version}'")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())
