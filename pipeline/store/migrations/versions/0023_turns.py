"""What workers have still to do of each pass, and what they go by."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("run", sa.TEXT(), nullable=False),
        sa.Column("source", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("report", sa.TEXT(), nullable=False),
        sa.Column("lost", sa.INTEGER(), nullable=False),
        sa.PrimaryKeyConstraint("run", "source"),
        sqlite_strict=True,
    )
    op.create_table(
        "standing_orders",
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("value", sa.TEXT(), nullable=False),
        sa.Column("at", sa.TEXT(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("standing_orders")
    op.drop_table("turns")
