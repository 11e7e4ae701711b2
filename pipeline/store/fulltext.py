"""The database's own way to search text, and to notice what changed: all SQL of search that is one database's only.

On SQLite an FTS5 table indexes the rows of `shadows`, whose words are stemmed and folded already: it
parts them at blanks and does no more. Triggers keep it, and `cards_due`, in step with every other
table, in the very transaction that changes those: whoever adds a way to change them need not know.
A migration that makes one of those tables anew must make its triggers anew, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.stems import Part

_INDEX = (
    "CREATE VIRTUAL TABLE fulltext USING fts5(title, text, forms, content='shadows', content_rowid='id', "
    "tokenize=\"ascii tokenchars '_'\")"
)
_OLD = "INSERT INTO fulltext (fulltext, rowid, title, text, forms) VALUES ('delete', old.id, old.title, old.text, old.forms)"
_NEW = "INSERT INTO fulltext (rowid, title, text, forms) VALUES (new.id, new.title, new.text, new.forms)"
_OF_TEXT = "INSERT INTO cards_due (article) SELECT article FROM text_items WHERE text = new.id"
_OF_STORY = "INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story = new.id"
_OF_ARTICLE = ("title", "text", "source", "language", "dated", "machine")


def _due(row: str, key: str = "article") -> str:
    return f"INSERT INTO cards_due (article) VALUES ({row}.{key})"  # noqa: S608 - names of ours


def _differ(names: Sequence[str]) -> str:
    return " OR ".join(f"old.{name} IS NOT new.{name}" for name in names)


_GONE = (
    "DELETE FROM shadows WHERE article = old.id; DELETE FROM cards_due WHERE article = old.id; "
    "UPDATE cards SET article = '', story = 0, source = '', labels = '', names = '', "
    "change = (SELECT max(change) + 1 FROM cards) WHERE article = old.id"
)
#: Name → when it happens, what is done.
_TRIGGERS = {
    "fulltext_added": ("AFTER INSERT ON shadows", _NEW),
    "fulltext_gone": ("AFTER DELETE ON shadows", _OLD),
    "fulltext_changed": ("AFTER UPDATE OF title, text, forms ON shadows", f"{_OLD}; {_NEW}"),
    "cards_article_added": ("AFTER INSERT ON articles", _due("new", "id")),
    "cards_article_changed": (
        f"AFTER UPDATE OF {', '.join(_OF_ARTICLE)} ON articles WHEN {_differ(_OF_ARTICLE)}",
        _due("new", "id"),
    ),
    "cards_article_gone": ("AFTER DELETE ON articles", _GONE),
    "cards_text_item_added": ("AFTER INSERT ON text_items", _due("new")),
    "cards_text_item_changed": (
        "AFTER UPDATE OF text ON text_items WHEN old.text IS NOT new.text",
        _due("new"),
    ),
    "cards_text_item_gone": ("AFTER DELETE ON text_items", _due("old")),
    "cards_text_changed": (
        f"AFTER UPDATE OF story, origin ON texts WHEN {_differ(('story', 'origin'))}",
        _OF_TEXT,
    ),
    "cards_text_added": ("AFTER INSERT ON texts", _OF_TEXT),
    "cards_story_changed": ("AFTER UPDATE OF state ON stories WHEN old.state IS NOT new.state", _OF_STORY),
    "cards_story_added": ("AFTER INSERT ON stories", _OF_STORY),
    "cards_edit_added": ("AFTER INSERT ON edits", _due("new")),
    "cards_label_added": ("AFTER INSERT ON labels", _due("new")),
    "cards_label_gone": ("AFTER DELETE ON labels", _due("old")),
}


def made(dialect: str) -> Iterator[str]:
    """Yield the statements that make the index and its triggers. Raises NotImplementedError for another database."""
    _only_sqlite(dialect)
    yield _INDEX
    for name, (when, what) in _TRIGGERS.items():
        yield f"CREATE TRIGGER {name} {when} BEGIN {what}; END"


def unmade(dialect: str) -> Iterator[str]:
    """Yield the statements that take them away."""
    _only_sqlite(dialect)
    for name in _TRIGGERS:
        yield f"DROP TRIGGER {name}"
    yield "DROP TABLE fulltext"


def matching(connection: Connection, asked: Sequence[Sequence[Part]], *, title: bool = False) -> list[int]:
    """Return the numbers of the shadows that have one of each group of parts; title: have them in their titles."""
    _only_sqlite(connection.dialect.name)
    groups = [" OR ".join(_sought(part, title=title) for part in group) for group in asked]
    wanted = " AND ".join(f"({group})" for group in groups)
    # Straight from the driver: of a word that is everywhere there are more rows than SQLAlchemy wraps in time.
    driver: Any = connection.connection.driver_connection
    return [number for (number,) in driver.execute("SELECT rowid FROM fulltext WHERE fulltext MATCH ?", (wanted,))]


def settle(connection: Connection) -> None:
    """Write the index anew without what was deleted: until then its files still hold words of purged articles."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO fulltext (fulltext) VALUES ('optimize')")


def _sought(part: Part, *, title: bool) -> str:
    """Return a part as FTS5 writes it: words and phrases by stems, a lone beginning by words as they stand, too.

    Stems and words are letters, digits and "_" alone, so that nothing in them needs escaping.
    """
    columns = "title" if title else "{title text}"
    row = f'"{" ".join(part.stems)}"'
    if not part.prefix:
        return f"{columns} : {row}"
    if part.stems:
        return f'{columns} : {row} + "{part.prefix}" *'
    return f'{"title" if title else "{title text forms}"} : "{part.prefix}" *'


def _only_sqlite(dialect: str) -> None:
    if dialect != "sqlite":
        raise NotImplementedError(f"search is not written for {dialect} yet")
