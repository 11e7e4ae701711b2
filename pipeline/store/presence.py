"""Whether there is a store: a file, or on a server tables of ours with something in them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, exists, inspect, literal, make_url, select
from sqlalchemy import table as named

from pipeline.store import engine as engines
from pipeline.store.engine import connect, reading
from pipeline.store.place import VARIABLE
from pipeline.store.tables import metadata


def there(url: str) -> bool:
    """Return whether there is a store's database at an address. Raises StoreError where the server does not answer."""
    engine = connect(url)
    try:
        if engine.dialect.name == "sqlite":
            return Path(engine.url.database or "").is_file()
        with reading(engine) as connection:
            return bool(filled(connection))
    finally:
        engine.dispose()


def in_folder(folder: Path) -> bool:
    """Return whether a store's folder has its database."""
    return there(engines.database_of(folder))


def missing(folder: Path) -> str:
    """Say that there is no store where one of this folder would be, without its address' secrets."""
    url = make_url(engines.database_of(folder))
    where, by = (folder, "--store") if url.get_backend_name() == "sqlite" else (engines.shown(url), VARIABLE)
    return f"{where}: there is no store here; `nevawire run` makes one, {by} says where it is"


def filled(connection: Connection) -> list[str]:
    """Return the tables of ours that have rows; there may be fewer than this version knows, and others beside them."""
    names = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
    if not names:
        return []
    asked = connection.execute(select(*(exists(select(literal(1)).select_from(named(one))) for one in names))).one()
    return [name for name, has in zip(names, asked, strict=True) if has]
