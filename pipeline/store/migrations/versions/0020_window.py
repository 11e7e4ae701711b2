"""The index of the pairing's window knows which articles are machines', so that it is whole again."""

from alembic import op

revision = "0020"
down_revision = "0019"

_BEFORE = ["dated", "paired", "language", "source", "published", "published_evidence", "id"]
_NOW = ["dated", "machine", *_BEFORE[1:]]


def upgrade() -> None:
    op.drop_index("ix_articles_window", table_name="articles")
    op.create_index("ix_articles_window", "articles", _NOW, unique=False)


def downgrade() -> None:
    op.drop_index("ix_articles_window", table_name="articles")
    op.create_index("ix_articles_window", "articles", _BEFORE, unique=False)
