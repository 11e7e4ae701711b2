"""Tags and stars are known to lists and facets."""

import sqlalchemy as sa
from alembic import op

from pipeline.store import fulltext

revision = "0024"
down_revision = "0023"

_DUE = (
    "INSERT INTO cards_due (article) SELECT i.article FROM texts t JOIN text_items i ON i.text = t.id "
    "WHERE t.story IN (SELECT story FROM tags UNION SELECT story FROM stars) OR t.story IN (SELECT a.story FROM aliases a "
    "JOIN tags ON tags.story = a.id UNION SELECT a.story FROM aliases a JOIN stars ON stars.story = a.id)"
)


def upgrade() -> None:
    for statement in fulltext.marks_watched(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    op.execute(sa.text(_DUE))


def downgrade() -> None:
    for statement in fulltext.marks_unwatched(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
