"""Documents that articles hand out."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("articles", sa.Column("attachments", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("articles", "attachments")
