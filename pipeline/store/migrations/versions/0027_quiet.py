"""Until when a source whose pages are as they were gives no reason for an alarm: until then nobody need look."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("sources", sa.Column("quiet_until", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sources", "quiet_until")
