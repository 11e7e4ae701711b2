"""The order of the review queue, found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("stories", sa.Column("doubt", sa.REAL(), nullable=True))
    op.execute("UPDATE stories SET doubt = round(abs(probability - 0.5), 6) WHERE probability IS NOT NULL")
    op.create_index("ix_stories_doubt_id", "stories", ["doubt", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stories_doubt_id", table_name="stories")
    op.drop_column("stories", "doubt")
