"""The way of stories into newsletters, digests that are composed, pauses and errands of the desk, and what is counted."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")

revision = "0016"
down_revision = "0015"


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null)


def _number(table: str) -> tuple["sa.Column[int]", sa.PrimaryKeyConstraint]:
    column = sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)
    return column, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_index("ix_articles_counted", "articles", ["dated", "machine", "source", "language", "id"], unique=False)
    op.add_column("verdicts", sa.Column("probability", REAL, nullable=True))
    op.add_column("digests", sa.Column("intro", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("digest_items", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "selections",
        *map(_text, ("story", "state", "who", "at")),
        sa.PrimaryKeyConstraint("story", name=op.f("pk_selections")),
        sqlite_strict=True,
    )
    op.create_index("ix_selections_state_at", "selections", ["state", "at", "story"], unique=False)
    op.create_table(
        "selection_moves",
        *map(_text, ("story", "before", "after", "who", "at", "reason")),
        *_number("selection_moves"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_selection_moves_story"), "selection_moves", ["story"], unique=False)
    op.create_table(
        "ignored",
        *map(_text, ("article", "story")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_ignored")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_ignored_story"), "ignored", ["story"], unique=False)
    op.create_table(
        "drafts",
        *map(_text, ("language", "title", "intro", "stories", "who", "changed", "issue")),
        sa.Column("version", sa.Integer(), nullable=False),
        *_number("drafts"),
        sqlite_strict=True,
    )
    op.create_table(
        "pauses",
        *map(_text, ("source", "who", "at", "reason")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_pauses")),
        sqlite_strict=True,
    )
    op.create_table(
        "errands",
        *map(_text, ("kind", "source", "target", "who", "asked", "state", "holder", "outcome")),
        _text("began", null=True),
        _text("ended", null=True),
        *_number("errands"),
        sqlite_strict=True,
    )
    op.create_index("ix_errands_source", "errands", ["source", "id"], unique=False)
    op.create_index(op.f("ix_errands_state"), "errands", ["state"], unique=False)


def downgrade() -> None:
    for table in ("errands", "pauses", "drafts", "ignored", "selection_moves", "selections"):
        op.drop_table(table)
    op.drop_column("digest_items", "place")
    op.drop_column("digests", "intro")
    op.drop_column("verdicts", "probability")
    op.drop_index("ix_articles_counted", table_name="articles")
