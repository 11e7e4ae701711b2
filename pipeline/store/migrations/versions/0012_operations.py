"""Who schedules; what every edition of the feeds was made of; which pages the archive does not hold, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        sqlite_strict=True,
    )
    op.create_table(
        "absent_pages",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_absent_pages")),
        sqlite_strict=True,
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_editions_at"), "editions", ["at"], unique=False)
    op.create_table(
        "edition_parts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "edition", name=op.f("pk_edition_parts")),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_edition_parts_edition")),
        sqlite_strict=True,
    )
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proofs_digest"), "proofs", ["digest"], unique=True)
    op.create_index(op.f("ix_proofs_entry"), "proofs", ["entry"], unique=False)


def downgrade() -> None:
    for name in ("proofs", "edition_parts", "editions", "absent_pages", "leases"):
        op.drop_table(name)
