"""Which stage versions read an address's page; what a page says of its event, its changes and its sections."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("addresses", sa.Column("read_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("articles", sa.Column("event_date", sa.Text(), nullable=False, server_default=""))
    op.add_column("articles", sa.Column("modified", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("sections", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("articles", "sections")
    op.drop_column("articles", "modified")
    op.drop_column("articles", "event_date")
    op.drop_column("addresses", "read_by")
