"""Where there is no store, that is said of the place where it was looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import store
from pipeline.errors import ConfigError
from pipeline.store import engine, presence


@pytest.mark.parametrize(
    ("database", "said"),
    [("sqlite:////srv/news/store/nevawire.sqlite", "/srv/news/store: there is no store here; `nevawire run` makes one, --store"),
     ("postgresql+psycopg://desk:secret@db.example/news",
      "postgresql://desk:***@db.example/news: there is no store here; `nevawire run` makes one, NEVAWIRE_DATABASE_URL")],
)  # fmt: skip
def test_a_store_that_is_not_there_is_missed_where_it_would_be(monkeypatch, database, said):
    monkeypatch.setattr(presence, "there", lambda url: False)
    monkeypatch.setattr(engine, "database_of", lambda folder: database)
    with pytest.raises(ConfigError) as raised:
        store.require(Path("/srv/news/store"))
    assert str(raised.value) == f"{said} says where it is"
