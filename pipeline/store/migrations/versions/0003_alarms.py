"""What the operator should know of each source, what was told of it, and how many links listings show."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("closed", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_alarms_closed"), "alarms", ["closed"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sqlite_strict=True,
    )
    op.create_index("ix_visits_source_at", "visits", ["source", "at"], unique=False)
    op.create_table(
        "told",
        sa.Column("alarm", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alarm"], ["alarms.id"], name=op.f("fk_told_alarm")),
        sa.PrimaryKeyConstraint("alarm", "state", "channel", name=op.f("pk_told")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("told")
    op.drop_index("ix_visits_source_at", table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("ix_alarms_closed"), table_name="alarms")
    op.drop_table("alarms")
