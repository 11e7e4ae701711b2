"""The ledgers of publication: newsletters, labels, archives, withdrawals, purges, tombstones, digests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "newsletter_items",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "entry", name=op.f("pk_newsletter_items")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_newsletter_items_at"), "newsletter_items", ["at"], unique=False)
    op.create_table(
        "labels",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", "label", name=op.f("pk_labels")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_labels_label"), "labels", ["label"], unique=False)
    op.create_table(
        "labelled",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_labelled")),
        sqlite_strict=True,
    )
    op.create_table(
        "archive_items",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "entry", "page", name=op.f("pk_archive_items")),
        sqlite_strict=True,
    )
    op.create_table(
        "archive_pages",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "page", name=op.f("pk_archive_pages")),
        sqlite_strict=True,
    )
    op.create_table(
        "withdrawals",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_withdrawals")),
        sqlite_strict=True,
    )
    op.create_table(
        "purges",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_purges")),
        sqlite_strict=True,
    )
    op.create_table(
        "tombstones",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_tombstones")),
        sqlite_strict=True,
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sqlite_strict=True,
    )
    op.create_table(
        "digest_items",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("language", "entry", name=op.f("pk_digest_items")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_digest_items_digest"), "digest_items", ["digest"], unique=False)
    op.create_table(
        "published_states",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_published_states")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in (
        "published_states", "digest_items", "digests", "tombstones", "purges", "withdrawals", "archive_pages",
        "archive_items", "labelled", "labels", "newsletter_items",
    ):  # fmt: skip
        op.drop_table(name)
