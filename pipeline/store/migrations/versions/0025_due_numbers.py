"""Numbers of changes that wait to be searchable are given once, also on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    _made_anew(counting=True)


def downgrade() -> None:
    _made_anew(counting=False)


def _made_anew(*, counting: bool) -> None:
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
