"""Pages that are gone at their source; documents that are served and no files; secrets of the installation."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "missing",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("sure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_missing")),
        sqlite_strict=True,
    )
    op.create_table(
        "private_documents",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_private_documents")),
        sqlite_strict=True,
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("secrets")
    op.drop_table("private_documents")
    op.drop_table("missing")
