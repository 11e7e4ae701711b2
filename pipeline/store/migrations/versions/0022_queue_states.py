"""The review queue by state and by source, found by indexes."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.drop_index("ix_stories_state", table_name="stories")
    op.create_index("ix_stories_state_doubt_id", "stories", ["state", "doubt", "id"], unique=False)
    op.create_index("ix_stories_match_ru", "stories", ["match_ru"], unique=False)
    op.create_index("ix_stories_match_en", "stories", ["match_en"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stories_match_en", table_name="stories")
    op.drop_index("ix_stories_match_ru", table_name="stories")
    op.drop_index("ix_stories_state_doubt_id", table_name="stories")
    op.create_index("ix_stories_state", "stories", ["state"], unique=False)
