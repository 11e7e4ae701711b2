"""What a year of measures reads of pairs stands in indexes, so that it reads no article."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_index(
        "ix_articles_stated", "articles", ["id", "dated", "published", "published_evidence", "precision"], unique=False
    )
    op.create_index("ix_stories_state_matched", "stories", ["state", "match_ru", "match_en"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stories_state_matched", table_name="stories")
    op.drop_index("ix_articles_stated", table_name="articles")
