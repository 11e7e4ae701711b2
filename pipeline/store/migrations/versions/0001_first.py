"""The first schema. Plain column types: a migration must not change when the code does."""

import sqlalchemy as sa
from alembic import op

REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_aliases_story"), "aliases", ["story"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("confidence", REAL, nullable=False),
        sa.Column("language_evidence", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("published_evidence", sa.Text(), nullable=False),
        sa.Column("images", sa.Text(), nullable=False),
        sa.Column("alternates", sa.Text(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("dropped", sa.Text(), nullable=False),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.Column("dated", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("history", sa.Integer(), nullable=False),
        sa.Column("paired", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_articles_dated"), "articles", ["dated"], unique=False)
    op.create_index(op.f("ix_articles_first_seen"), "articles", ["first_seen"], unique=False)
    op.create_index(op.f("ix_articles_paired"), "articles", ["paired"], unique=False)
    op.create_index(op.f("ix_articles_source"), "articles", ["source"], unique=False)
    op.create_index(op.f("ix_articles_updated"), "articles", ["updated"], unique=False)
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_captures_digest"), "captures", ["digest"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_strict=True,
    )
    op.create_table(
        "fetches",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("seconds", REAL, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("conditional", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_fetches_at"), "fetches", ["at"], unique=False)
    op.create_index("ix_fetches_source_at", "fetches", ["source", "at"], unique=False)
    op.create_table(
        "listings",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("last_ok", sa.Text(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_listings")),
        sqlite_strict=True,
    )
    op.create_table(
        "profiles",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_profiles")),
        sqlite_strict=True,
    )
    op.create_table(
        "publications",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "entry", name=op.f("pk_publications")),
        sqlite_strict=True,
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_revisions_article"), "revisions", ["article"], unique=False)
    op.create_table(
        "robots",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_robots")),
        sqlite_strict=True,
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("finished", sa.Text(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sqlite_strict=True,
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("last_pass", sa.Text(), nullable=True),
        sa.Column("last_success", sa.Text(), nullable=True),
        sa.Column("last_new", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sqlite_strict=True,
    )
    op.create_table(
        "stories",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.Column("match_ru", sa.Text(), nullable=False),
        sa.Column("match_en", sa.Text(), nullable=False),
        sa.Column("probability", REAL, nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stories_state"), "stories", ["state"], unique=False)
    op.create_index(op.f("ix_stories_updated"), "stories", ["updated"], unique=False)
    op.create_table(
        "text_items",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_text_items")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_text_items_text"), "text_items", ["text"], unique=False)
    op.create_table(
        "texts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_texts_story"), "texts", ["story"], unique=False)
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ru", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sqlite_strict=True,
    )
    op.create_table(
        "addresses",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("history", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("last_kind", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("capture", sa.Integer(), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_addresses_capture")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_addresses")),
        sqlite_strict=True,
    )
    op.create_index("ix_addresses_source_state", "addresses", ["source", "state"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_addresses_source_state", table_name="addresses")
    op.drop_table("addresses")
    op.drop_table("verdicts")
    op.drop_index(op.f("ix_texts_story"), table_name="texts")
    op.drop_table("texts")
    op.drop_index(op.f("ix_text_items_text"), table_name="text_items")
    op.drop_table("text_items")
    op.drop_index(op.f("ix_stories_updated"), table_name="stories")
    op.drop_index(op.f("ix_stories_state"), table_name="stories")
    op.drop_table("stories")
    op.drop_table("sources")
    op.drop_table("runs")
    op.drop_table("robots")
    op.drop_index(op.f("ix_revisions_article"), table_name="revisions")
    op.drop_table("revisions")
    op.drop_table("publications")
    op.drop_table("profiles")
    op.drop_table("listings")
    op.drop_index("ix_fetches_source_at", table_name="fetches")
    op.drop_index(op.f("ix_fetches_at"), table_name="fetches")
    op.drop_table("fetches")
    op.drop_table("events")
    op.drop_index(op.f("ix_captures_digest"), table_name="captures")
    op.drop_table("captures")
    op.drop_index(op.f("ix_articles_updated"), table_name="articles")
    op.drop_index(op.f("ix_articles_source"), table_name="articles")
    op.drop_index(op.f("ix_articles_paired"), table_name="articles")
    op.drop_index(op.f("ix_articles_first_seen"), table_name="articles")
    op.drop_index(op.f("ix_articles_dated"), table_name="articles")
    op.drop_table("articles")
    op.drop_index(op.f("ix_aliases_story"), table_name="aliases")
    op.drop_table("aliases")
