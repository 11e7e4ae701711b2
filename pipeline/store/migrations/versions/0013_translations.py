"""The translation memory, what was spent on it, and the texts that machines wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.add_column("articles", sa.Column("machine", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "segments",
        *map(_text, ("key", "engine", "model", "source", "target", "glossary", "text", "answer", "state", "owner")),
        sa.Column("lease", sa.Text(), nullable=True),
        _text("at"), _count("size"), _text("faults"), _text("article"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_segments")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_segments_article"), "segments", ["article"], unique=False)
    op.create_index("ix_segments_state_engine", "segments", ["state", "engine"], unique=False)
    op.create_table(
        "spending",
        *map(_text, ("day", "engine", "source")),
        *map(_count, ("characters", "segments", "requests", "hits", "faults")),
        sa.PrimaryKeyConstraint("day", "engine", "source", name=op.f("pk_spending")),
        sqlite_strict=True,
    )
    op.create_table(
        "translations",
        *map(_text, ("text", "original", "language", "article", "state", "reason", "engine", "model", "version", "at")),
        *map(_text, ("made_of", "scope")), _count("segments"), _count("failed"), _text("faults"), _text("credit"),
        sa.PrimaryKeyConstraint("text", name=op.f("pk_translations")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_translations_original"), "translations", ["original"], unique=False)
    op.create_index(op.f("ix_translations_state"), "translations", ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("translations")
    op.drop_table("spending")
    op.drop_index(op.f("ix_segments_article"), table_name="segments")
    op.drop_index("ix_segments_state_engine", table_name="segments")
    op.drop_table("segments")
    op.drop_column("articles", "machine")
