"""The order of the review queue, found by an index."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("stories", sa.Column("doubt", REAL, nullable=True))
    op.execute(
        "UPDATE stories SET doubt = CAST(round(CAST(abs(probability - 0.5) AS numeric), 6) AS double precision) WHERE probability IS NOT NULL"
    )
    op.create_index("ix_stories_doubt_id", "stories", ["doubt", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stories_doubt_id", table_name="stories")
    op.drop_column("stories", "doubt")
