"""What pairing keeps of an article bears a stamp that rises with every change: a process that goes on reads what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        sqlite_strict=True,
    )
    op.add_column("features", sa.Column("stamp", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_features_stamp", "features", ["stamp"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_features_stamp", table_name="features")
    op.drop_column("features", "stamp")
    op.drop_table("counters")
