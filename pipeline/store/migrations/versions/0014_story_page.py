"""What analysts write beside stories, and indexes by which all that is known of a story is found."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_INDEXES = (
    ("fetches", "url"), ("captures", "asked"), ("captures", "url"), ("addresses", "article"), ("verdicts", "ru"),
    ("verdicts", "en"), ("publications", "entry"), ("newsletter_items", "entry"), ("digest_items", "entry"),
)  # fmt: skip


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null)


def _table(name: str, *columns: "sa.Column[str]") -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=True),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_strict=True,
    )


def upgrade() -> None:
    _table("edits", *map(_text, ("article", "field", "value", "made_for", "who", "at")))
    for name, own in (("tags", ("story", "tag")), ("stars", ("story",)), ("notes", ("story", "text"))):
        _table(name, *map(_text, (*own, "who", "at")), _text("gone", null=True), _text("gone_by"))
    op.create_index(op.f("ix_edits_article"), "edits", ["article"], unique=False)
    for name in ("tags", "stars", "notes"):
        op.create_index(op.f(f"ix_{name}_story"), name, ["story"], unique=False)
    op.create_index("ix_tags_tag_story", "tags", ["tag", "story"], unique=False)
    op.create_index("ix_stars_who_story", "stars", ["who", "story"], unique=False)
    for name, column in _INDEXES:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)


def downgrade() -> None:
    for name, column in reversed(_INDEXES):
        op.drop_index(op.f(f"ix_{name}_{column}"), name)
    for name in ("notes", "stars", "tags", "edits"):
        op.drop_table(name)
