"""What pairing keeps of each article, so that none is read twice."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "features",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("hub", REAL, nullable=True),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_features")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("features")
