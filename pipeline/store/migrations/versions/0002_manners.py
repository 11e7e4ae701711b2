"""How much trouble a source's listings make, who announced an address, hosts that asked to be left alone."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_holds")),
        sqlite_strict=True,
    )
    op.add_column("addresses", sa.Column("by", sa.Text(), nullable=False, server_default="listing"))
    op.add_column("sources", sa.Column("trouble", REAL, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("sources", "trouble")
    op.drop_column("addresses", "by")
    op.drop_table("holds")
