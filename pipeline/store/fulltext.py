"""The database's own way to search text, and to notice what changed: all SQL of search that is one database's only.

On SQLite an FTS5 table indexes the rows of `shadows`, whose words are stemmed and folded already: it
parts them at blanks and does no more; words that begin with one or two given letters are thousands, and indexed as such. On PostgreSQL a table of `tsvector`s under a GIN index does the same, made
word by word, since the parsers there would part words anew; words of titles, and words as they stand, are in it a second
time under a sign of their own, as GIN knows neither weights nor places and would read every row again to tell. Triggers keep it, and `cards_due`, in step with every
other table, in the very transaction that changes those: whoever adds a way to change them need not know.
A migration that makes one of those tables anew must make its triggers anew, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from pipeline.stems import Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The index, a table in both databases.
TABLE = "fulltext"
_SQLITE_INDEX = (
    """CREATE VIRTUAL TABLE fulltext USING fts5(title, text, forms, content='shadows', content_rowid='id', tokenize="ascii tokenchars '_'", prefix='1 2')""",
)
#: Between the last word of one column and the first of the next: no phrase reaches across.
_GAP = 8
#: What a word of a title, and a word as it stands, begin with on PostgreSQL where they are not meant in their place.
_TITLE, _FORM = "+", "="
_POSTGRESQL_INDEX = (
    "CREATE TABLE fulltext (id integer PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX ix_fulltext_words ON fulltext USING gin (words)",
    # Positions end at 16383; words behind that are found, but no more in a row.
    """CREATE FUNCTION nevawire_words(said text, weight text, since integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(quote_literal(word) || ':' || least(place + since, 16383) || weight, ' '), '')
    FROM unnest(string_to_array(said, ' ')) WITH ORDINALITY AS parts (word, place) WHERE word <> '' $$""",
    """CREATE OR REPLACE FUNCTION nevawire_signed(said text, sign text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(quote_literal(sign || word), ' '), '') FROM unnest(string_to_array(said, ' ')) AS parts (word)
    WHERE word <> '' $$""",
    """CREATE FUNCTION nevawire_length(said text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_length(string_to_array(said, ' '), 1), 0) $$""",
)
_SQLITE = {
    "added": "INSERT INTO fulltext (rowid, title, text, forms) VALUES (new.id, new.title, new.text, new.forms)",
    "gone": "INSERT INTO fulltext (fulltext, rowid, title, text, forms) VALUES ('delete', old.id, old.title, old.text, old.forms)",
}
_POSTGRESQL = {
    "added": (
        "INSERT INTO fulltext (id, words) VALUES (new.id, concat_ws(' ', nevawire_words(new.title, 'A', 0), "  # noqa: S608 - names of ours
        f"nevawire_words(new.text, 'B', nevawire_length(new.title) + {_GAP}), nevawire_signed(new.title, '{_TITLE}'), "
        f"nevawire_signed(new.forms, '{_FORM}'))::tsvector)"
    ),
    "gone": "DELETE FROM fulltext WHERE id = old.id",
}
_OF_TEXT = "INSERT INTO cards_due (article) SELECT article FROM text_items WHERE text = new.id"
_OF_STORIES = (
    "INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id WHERE t.story "
)
_OF_STORY = f"{_OF_STORIES} = new.id"
#: What an analyst puts on a story stays under the id of then; a story that comes back takes its own along.
_OF_MARK = f"{_OF_STORIES} = new.story OR t.story IN (SELECT story FROM aliases WHERE id = new.story)"  # noqa: S608 - names of ours
_OF_RETURN = f"{_OF_STORIES} IN (SELECT story FROM aliases WHERE id = new.id)"  # noqa: S608 - names of ours
_OF_ALIAS = f"{_OF_STORIES} = new.story"
_OF_ITEM = "SELECT new.article"
_OF_ARTICLE = ("title", "text", "source", "language", "dated", "machine")


def _due(row: str, key: str = "article") -> str:
    return f"INSERT INTO cards_due (article) VALUES ({row}.{key})"  # noqa: S608 - names of ours


def _anew(due: str) -> str:
    """Return what has the articles that `due` finds labelled anew; nothing where there is no tag anywhere."""
    found = due.removeprefix("INSERT INTO cards_due (article) ")
    return f"DELETE FROM labelled WHERE EXISTS (SELECT 1 FROM tags) AND article IN ({found})"  # noqa: S608 - names of ours


def _differ(names: Sequence[str]) -> str:
    return " OR ".join(f"old.{name} <> new.{name}" for name in names)  # none of them is ever null


_GONE = (
    "DELETE FROM shadows WHERE article = old.id; DELETE FROM cards_due WHERE article = old.id; "
    "UPDATE cards SET article = '', story = 0, source = '', labels = '', names = '', "
    "change = (SELECT max(change) + 1 FROM cards) WHERE article = old.id"
)
#: Name → when it happens, on which table, under which condition, what is done.
_TRIGGERS = {
    "fulltext_added": ("INSERT", "shadows", "", "{added}"),
    "fulltext_gone": ("DELETE", "shadows", "", "{gone}"),
    "fulltext_changed": ("UPDATE OF title, text, forms", "shadows", "", "{gone}; {added}"),
    "cards_article_added": ("INSERT", "articles", "", _due("new", "id")),
    "cards_article_changed": (
        f"UPDATE OF {', '.join(_OF_ARTICLE)}", "articles", _differ(_OF_ARTICLE), _due("new", "id"),
    ),
    "cards_article_gone": ("DELETE", "articles", "", _GONE),
    "cards_text_item_added": ("INSERT", "text_items", "", _due("new")),
    "cards_text_item_changed": ("UPDATE OF text", "text_items", _differ(("text",)), _due("new")),
    "cards_text_item_gone": ("DELETE", "text_items", "", _due("old")),
    "cards_text_changed": ("UPDATE OF story, origin", "texts", _differ(("story", "origin")), _OF_TEXT),
    "cards_text_added": ("INSERT", "texts", "", _OF_TEXT),
    "cards_story_changed": ("UPDATE OF state", "stories", _differ(("state",)), _OF_STORY),
    "cards_story_added": ("INSERT", "stories", "", _OF_STORY),
    "cards_edit_added": ("INSERT", "edits", "", _due("new")),
    "cards_label_added": ("INSERT", "labels", "", _due("new")),
    "cards_label_gone": ("DELETE", "labels", "", _due("old")),
}  # fmt: skip
#: The same for what analysts put on stories: those of before know of no marks.
_OF_MARKS = {
    "cards_tag_added": ("INSERT", "tags", "", _OF_MARK),
    "cards_tag_gone": ("UPDATE OF gone", "tags", "", _OF_MARK),
    "cards_star_added": ("INSERT", "stars", "", _OF_MARK),
    "cards_star_gone": ("UPDATE OF gone", "stars", "", _OF_MARK),
    "cards_story_returned": ("INSERT", "stories", "", _OF_RETURN),
    "cards_alias_added": ("INSERT", "aliases", "", _OF_ALIAS),
    "cards_alias_changed": ("UPDATE OF story", "aliases", "", _OF_ALIAS),
    # Which searches an article belongs to may go by tags: it is looked at anew when its story, or that of its text, is another.
    "labelled_tag_added": ("INSERT", "tags", "", _anew(_OF_MARK)),
    "labelled_tag_gone": ("UPDATE OF gone", "tags", "", _anew(_OF_MARK)),
    "labelled_story_returned": ("INSERT", "stories", "", _anew(_OF_RETURN)),
    "labelled_alias_added": ("INSERT", "aliases", "", _anew(_OF_ALIAS)),
    "labelled_alias_changed": ("UPDATE OF story", "aliases", "", _anew(_OF_ALIAS)),
    "labelled_text_changed": ("UPDATE OF story", "texts", _differ(("story",)), _anew(_OF_TEXT)),
    "labelled_text_added": ("INSERT", "texts", "", _anew(_OF_TEXT)),
    "labelled_text_item_added": ("INSERT", "text_items", "", _anew(_OF_ITEM)),
    "labelled_text_item_changed": ("UPDATE OF text", "text_items", _differ(("text",)), _anew(_OF_ITEM)),
}


def made(dialect: str) -> Iterator[str]:
    """Yield the statements that make the index and its triggers."""
    yield from _POSTGRESQL_INDEX if dialect == "postgresql" else _SQLITE_INDEX
    yield from _watched(dialect, _TRIGGERS)


def made_anew(dialect: str) -> Iterator[str]:
    """Yield the statements that make the index anew of the shadows, under its triggers."""
    if dialect == "sqlite":
        yield "DROP TABLE fulltext"
        yield from _SQLITE_INDEX
        yield "INSERT INTO fulltext (fulltext) VALUES ('rebuild')"


def marks_watched(dialect: str) -> Iterator[str]:
    """Yield the statements that notice what is put on stories."""
    yield from _watched(dialect, _OF_MARKS)


def marks_unwatched(dialect: str) -> Iterator[str]:
    """Yield the statements that stop noticing it."""
    yield from _unwatched(dialect, _OF_MARKS)


def _watched(dialect: str, triggers: Mapping[str, tuple[str, str, str, str]]) -> Iterator[str]:
    own = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    for name, (event, table, condition, what) in triggers.items():
        done = what.format(**own) if "{" in what else what
        when = f" WHEN ({condition})" if condition else ""
        if dialect == "postgresql":
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {done}; RETURN NULL; END $$"
            yield f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {name}()"
        else:
            yield f"CREATE TRIGGER {name} AFTER {event} ON {table}{when} BEGIN {done}; END"


def unmade(dialect: str) -> Iterator[str]:
    """Yield the statements that take them away."""
    yield from _unwatched(dialect, _TRIGGERS)
    yield "DROP TABLE fulltext"
    if dialect == "postgresql":
        yield "DROP FUNCTION nevawire_words(text, text, integer)"
        yield "DROP FUNCTION IF EXISTS nevawire_signed(text, text)"
        yield "DROP FUNCTION nevawire_length(text)"


def _unwatched(dialect: str, triggers: Mapping[str, tuple[str, str, str, str]]) -> Iterator[str]:
    for name, (_, table, _, _) in triggers.items():
        yield f"DROP TRIGGER {name}" + (f" ON {table}" if dialect == "postgresql" else "")
        if dialect == "postgresql":
            yield f"DROP FUNCTION {name}()"


def matching(
    connection: Connection, wanted: Sequence[Sequence[Part]], *, title: bool = False, among: Sequence[int] | None = None
) -> NDArray[np.int64]:  # fmt: skip
    """Return the numbers of the shadows that have one part of each group; title: have it in their titles.

    A part is a word, a phrase or a beginning; among: look at these alone, which should be few.
    """
    # All numbers in one text: of a word that is everywhere there are tens of thousands, and a row each costs more than
    # finding them.
    if connection.dialect.name == "postgresql":
        query, sought, both, key = (
            "SELECT string_agg(id::text, ',') FROM fulltext WHERE words @@ %s::tsquery", _vector, ("&", "|"), "id",
        )  # fmt: skip
        # The planner takes reading every row for cheap: it does not know that their words lie elsewhere, and packed.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    else:
        query, sought, both, key = (
            "SELECT group_concat(rowid) FROM fulltext WHERE fulltext MATCH ?", _sought, ("AND", "OR"), "rowid",
        )  # fmt: skip
    groups = (f" {both[1]} ".join(sought(part, title=title) for part in group) for group in wanted)
    asked = f" {both[0]} ".join(f"({group})" for group in groups)
    if among is not None:
        query += f" AND {key} IN ({', '.join(map(str, among)) or 'NULL'})"  # numbers of ours
    import numpy as np  # where nobody searches, it is not imported

    told: str | None = connection.exec_driver_sql(query, (asked,)).scalar()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
    return np.fromstring(told, np.int64, sep=",") if told else np.zeros(0, np.int64)


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


def _vector(part: Part, *, title: bool) -> str:
    """Return a part as PostgreSQL writes it: a word, or a beginning, by itself; of a row its words first, then their order."""
    if title:
        row = [f"'{stem}':A" for stem in part.stems] + [f"'{part.prefix}':*A"] * bool(part.prefix)
        signed = [f"'{_TITLE}{stem}'" for stem in part.stems] + [f"'{_TITLE}{part.prefix}':*"] * bool(part.prefix)
        return " & ".join(signed if len(row) == 1 else [*signed, f"({' <-> '.join(row)})"])
    if part.prefix and not part.stems:
        return f"'{part.prefix}':* | '{_FORM}{part.prefix}':*"
    return " <-> ".join([f"'{stem}'" for stem in part.stems] + [f"'{part.prefix}':*"] * bool(part.prefix))
