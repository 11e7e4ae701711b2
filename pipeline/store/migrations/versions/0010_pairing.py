"""What pairing keeps beside pairs: threads, proposals, what titles mean; a window read from an index."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
WINDOW = ["dated", "paired", "language", "source", "published", "published_evidence", "id"]

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_table("features")  # made again by the next pass
    _features(sa.Column("url", sa.Text(), nullable=False))
    op.create_index("ix_articles_window", "articles", WINDOW, unique=False)
    op.drop_index(op.f("ix_relations_en"), table_name="relations")
    op.execute("ALTER TABLE relations RENAME COLUMN ru TO one")
    op.execute("ALTER TABLE relations RENAME COLUMN en TO other")
    op.create_index(op.f("ix_relations_other"), "relations", ["other"], unique=False)
    _table("threads", ("story",), sa.Column("thread", sa.Text(), nullable=False))
    op.create_index(op.f("ix_threads_thread"), "threads", ["thread"], unique=False)
    _table(
        "proposals",
        ("ru", "en"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("probability", REAL, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
    )
    _table(
        "meanings",
        ("article",),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    for name in ("meanings", "proposals", "threads"):
        op.drop_table(name)
    op.drop_index(op.f("ix_relations_other"), table_name="relations")
    op.execute("ALTER TABLE relations RENAME COLUMN one TO ru")
    op.execute("ALTER TABLE relations RENAME COLUMN other TO en")
    op.create_index(op.f("ix_relations_en"), "relations", ["en"], unique=False)
    op.drop_index("ix_articles_window", table_name="articles")
    op.drop_table("features")
    _features()


def _features(*more: sa.Column[str]) -> None:
    op.create_table(
        "features",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        *more,
        sa.Column("hub", REAL, nullable=True),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_features")),
        sqlite_strict=True,
    )


def _table(name: str, keys: tuple[str, ...], *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        *(sa.Column(key, sa.Text(), nullable=False) for key in keys),
        *columns,
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")),
        sqlite_strict=True,
    )
