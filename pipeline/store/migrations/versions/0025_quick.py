"""The queue of a source, counts by day and short beginnings of words by indexes; numbers of waiting changes given once."""

import sqlalchemy as sa
from alembic import op

from pipeline.store import fulltext

revision = "0025"
down_revision = "0024"

_SIDES = ("ru", "en")


def upgrade() -> None:
    for side in _SIDES:
        op.add_column("stories", sa.Column(f"{side}_source", sa.Text(), nullable=False, server_default=""))
        source = f"(SELECT source FROM articles WHERE id = match_{side})"  # noqa: S608 - names of ours
        op.execute(sa.text(f"UPDATE stories SET {side}_source = coalesce({source}, '') WHERE match_{side} <> ''"))  # noqa: S608
        op.create_index(
            f"ix_stories_{side}_source_doubt_id", "stories", [f"{side}_source", "doubt", "id"], unique=False
        )
    op.execute(sa.text("UPDATE stories SET en_source = '' WHERE en_source = ru_source"))
    op.drop_index("ix_stories_updated", table_name="stories")
    op.create_index("ix_stories_updated_id", "stories", ["updated", "id"], unique=False)
    op.drop_index("ix_articles_source", table_name="articles")
    op.create_index("ix_articles_source_dated_id", "articles", ["source", "dated", "id"], unique=False)
    op.create_index(
        "ix_cards_state_dated_source_language", "cards", ["state", "dated", "source", "language"], unique=False
    )
    op.create_index("ix_addresses_state_last_kind", "addresses", ["state", "last_kind"], unique=False)
    for statement in fulltext.made_anew(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    _due_anew(counting=True)


def downgrade() -> None:
    _due_anew(counting=False)
    op.drop_index("ix_addresses_state_last_kind", table_name="addresses")
    op.drop_index("ix_cards_state_dated_source_language", table_name="cards")
    op.drop_index("ix_articles_source_dated_id", table_name="articles")
    op.create_index("ix_articles_source", "articles", ["source"], unique=False)
    op.drop_index("ix_stories_updated_id", table_name="stories")
    op.create_index("ix_stories_updated", "stories", ["updated"], unique=False)
    for side in _SIDES:
        op.drop_index(f"ix_stories_{side}_source_doubt_id", table_name="stories")
        op.drop_column("stories", f"{side}_source")


def _due_anew(*, counting: bool) -> None:
    """Make the table anew under its name: triggers of others write into it, and SQLite follows names."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(sa.text("CREATE TEMPORARY TABLE due AS SELECT id, article FROM cards_due"))
    op.drop_table("cards_due")
    op.create_table(
        "cards_due",
        sa.Column("id", sa.Integer(), primary_key=True), sa.Column("article", sa.Text(), nullable=False),
        sqlite_strict=True, sqlite_autoincrement=counting,
    )  # fmt: skip
    op.execute(sa.text("INSERT INTO cards_due (article) SELECT article FROM due ORDER BY id"))
    op.execute(sa.text("DROP TABLE due"))
    op.create_index(op.f("ix_cards_due_article"), "cards_due", ["article"], unique=False)
