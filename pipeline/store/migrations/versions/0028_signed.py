"""On PostgreSQL words of titles, and words as they stand, are found by an index alone; the words there are go along."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

_SIGNED = """CREATE OR REPLACE FUNCTION nevawire_signed(said text, sign text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(quote_literal(sign || word), ' '), '') FROM unnest(string_to_array(said, ' ')) AS parts (word)
    WHERE word <> '' $$"""
_PLACED = "nevawire_words(new.title, 'A', 0), nevawire_words(new.text, 'B', nevawire_length(new.title) + 8)"
_NOW = f"{_PLACED}, nevawire_signed(new.title, '+'), nevawire_signed(new.forms, '=')"
_BEFORE = f"{_PLACED}, nevawire_words(new.forms, 'C', nevawire_length(new.title) + nevawire_length(new.text) + 16)"
#: Of rows as they were: nobody's words are parted anew.
_TURNED = """ts_filter(words, '{a,b}')
    || array_to_tsvector(ARRAY(SELECT '+' || one FROM unnest(tsvector_to_array(ts_filter(words, '{a}'))) AS own (one)))
    || array_to_tsvector(ARRAY(SELECT '=' || one FROM unnest(tsvector_to_array(ts_filter(words, '{c}'))) AS own (one)))"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(_SIGNED)
        _watch(_NOW)
        _make_anew(f"SELECT id, {_TURNED} AS words FROM fulltext")  # noqa: S608 - words of ours


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _watch(_BEFORE)
        said = _BEFORE.replace("new.", "shadows.")
        _make_anew(f"SELECT id, concat_ws(' ', {said})::tsvector AS words FROM shadows")  # noqa: S608 - words of ours
        _run("DROP FUNCTION nevawire_signed(text, text)")


def _watch(words: str) -> None:
    added = f"INSERT INTO fulltext (id, words) VALUES (new.id, concat_ws(' ', {words})::tsvector)"  # noqa: S608 - words of ours
    for name, done in (("added", added), ("changed", f"DELETE FROM fulltext WHERE id = old.id; {added}")):  # noqa: S608
        _run(
            f"CREATE OR REPLACE FUNCTION fulltext_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {done}; RETURN NULL; END $$"
        )


def _make_anew(rows: str) -> None:
    _run(f"CREATE TABLE fulltext_anew AS {rows}")
    _run("DROP TABLE fulltext")
    _run("ALTER TABLE fulltext_anew RENAME TO fulltext")
    _run("ALTER TABLE fulltext ALTER id SET NOT NULL, ALTER words SET NOT NULL, ADD PRIMARY KEY (id)")
    _run("CREATE INDEX ix_fulltext_words ON fulltext USING gin (words)")


def _run(statement: str) -> None:
    op.execute(sa.text(statement.replace(":", "\\:")))
