"""Which articles tell of the same event without being one story; what was learned from the analysts."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "relations",
        sa.Column("ru", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("probability", REAL, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ru", "en", name=op.f("pk_relations")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_relations_en"), "relations", ["en"], unique=False)
    op.create_table(
        "learned",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_learned")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("learned")
    op.drop_index(op.f("ix_relations_en"), table_name="relations")
    op.drop_table("relations")
