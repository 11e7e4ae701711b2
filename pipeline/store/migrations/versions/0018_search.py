"""What is searched of articles, what lists know of them, and what keeps both current."""

import sqlalchemy as sa
from alembic import op

from pipeline.store import fulltext

revision = "0018"
down_revision = "0017"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False)


def _large(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "shadows",
        _count("id"), *map(_text, ("article", "made_of", "version", "title", "text", "forms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadows")),
        sa.UniqueConstraint("article"),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_shadows_version"), "shadows", ["version"], unique=False)
    op.create_table(
        "cards",
        _count("id"), _text("article"), _large("story"), *map(_text, ("source", "language", "origin", "state")),
        _large("dated"), _text("labels"), _text("names"), _count("change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_cards_article"), "cards", ["article"], unique=False)
    op.create_index(op.f("ix_cards_change"), "cards", ["change"], unique=False)
    op.create_table(
        "cards_due",
        _count("id"), _text("article"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards_due")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_cards_due_article"), "cards_due", ["article"], unique=False)
    for statement in fulltext.made(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    op.execute(sa.text("INSERT INTO cards_due (article) SELECT id FROM articles ORDER BY dated DESC, id"))


def downgrade() -> None:
    for statement in fulltext.unmade(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    op.drop_table("cards_due")
    op.drop_table("cards")
    op.drop_table("shadows")
