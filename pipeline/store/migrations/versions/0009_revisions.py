"""What date and language a revision had, besides its words."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("revisions", sa.Column("published", sa.Text(), nullable=True))
    op.add_column("revisions", sa.Column("published_evidence", sa.Text(), nullable=False, server_default=""))
    op.add_column("revisions", sa.Column("language", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("revisions", "language")
    op.drop_column("revisions", "published_evidence")
    op.drop_column("revisions", "published")
