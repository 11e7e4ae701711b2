"""What people made of machines' wording, names they declined, and engines whose quota is spent."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.add_column("translations", sa.Column("said", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("translations", sa.Column("edited", sa.Text(), nullable=True))
    op.create_table(
        "rewordings",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        *map(_text, ("text", "segment", "source", "machine", "answer", "who", "at", "article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rewordings")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_rewordings_text"), "rewordings", ["text"], unique=False)
    op.create_index(op.f("ix_rewordings_article"), "rewordings", ["article"], unique=False)
    op.create_table(
        "declined_terms",
        *map(_text, ("ru", "en", "who", "at")),
        sa.PrimaryKeyConstraint("ru", "en", name=op.f("pk_declined_terms")),
        sqlite_strict=True,
    )
    op.create_table(
        "quotas",
        *map(_text, ("engine", "until", "detail", "at")),
        sa.PrimaryKeyConstraint("engine", name=op.f("pk_quotas")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("quotas", "declined_terms"):
        op.drop_table(name)
    op.drop_index(op.f("ix_rewordings_article"), table_name="rewordings")
    op.drop_index(op.f("ix_rewordings_text"), table_name="rewordings")
    op.drop_table("rewordings")
    op.drop_column("translations", "edited")
    op.drop_column("translations", "said")
