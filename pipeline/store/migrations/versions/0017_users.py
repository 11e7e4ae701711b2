"""Who may come into the desk, and who did what there."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "users",
        *map(_text, ("name", "password", "role", "language", "since", "changed")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
        sqlite_strict=True,
    )
    op.create_table(
        "logins",
        *map(_text, ("digest", "user", "since", "until")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_logins")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_logins_user"), "logins", ["user"], unique=False)
    op.create_table(
        "api_tokens",
        *map(_text, ("digest", "user", "name", "since")), _text("until", null=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_api_tokens")),
        sqlite_strict=True,
    )  # fmt: skip
    op.create_index(op.f("ix_api_tokens_user"), "api_tokens", ["user"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        *map(_text, ("at", "who", "what", "about", "facts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_who"), "audit", ["who"], unique=False)


def downgrade() -> None:
    for name in ("audit", "api_tokens", "logins", "users"):
        op.drop_table(name)
