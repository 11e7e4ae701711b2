"""The tables of the store; store/README.md explains them to people. Those of translating are in tables_translate.py.

Facts, only ever added to: runs, fetches, captures, revisions, verdicts, publications,
events. Everything else can be made again from them.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary

from pipeline.store import desk_tables, search_tables, tables_users  # noqa: F401 - whoever asks for all tables asks here
from pipeline.store.columns import at as _at
from pipeline.store.columns import json as _json
from pipeline.store.columns import key as _key
from pipeline.store.columns import metadata
from pipeline.store.columns import number as _number
from pipeline.store.columns import table as _table
from pipeline.store.columns import text as _text
from pipeline.store.tables_translate import declined_terms, quotas, rewordings, segments, spending, translations
from pipeline.store.types import Clean, Flag, Json, Real

__all__ = ["declined_terms", "metadata", "quotas", "rewordings", "segments", "spending", "translations"]

runs = _table(
    "runs",
    _key("id"), _text("verb"), _at("started"), _at("finished", null=True),
    Column("exit_code", Integer), _json("summary"),
)  # fmt: skip

fetches = _table(
    "fetches",
    _number(), _text("run"), _text("source"), _text("role"), _text("url", index=True), _text("kind"), _at("at", index=True),
    Column("seconds", Real, nullable=False), Column("size", Integer, nullable=False), _text("detail"),
    Column("conditional", Flag, nullable=False),
    Index("ix_fetches_source_at", "source", "at"),
)  # fmt: skip

captures = _table(
    "captures",
    _number(), _text("source"), _text("asked", index=True), _text("url", index=True),
    Column("status", Integer, nullable=False),
    _json("headers"), _text("digest", index=True), _at("fetched_at"),
)  # fmt: skip

listings = _table(
    "listings",
    _key("url"), _text("source"), _text("etag"), _text("last_modified"), _text("digest"), _at("last_ok"),
    Column("complete", Flag, nullable=False),
)  # fmt: skip

# One row for each address ever seen, under its folded form; what is known of it and what to do next.
addresses = _table(
    "addresses",
    _key("key"), _text("url"), _text("source"), _text("state"), _json("link"), _at("first_seen"),
    Column("history", Flag, nullable=False), Column("attempts", Integer, nullable=False),
    Column("checks", Integer, nullable=False), _at("due", null=True), _text("last_kind"),
    _text("etag"), _text("last_modified"), _text("digest"),
    Column("capture", Integer, ForeignKey("captures.id")), _text("article", null=True, index=True), _text("by"),
    Column("read_by", Clean, nullable=False, server_default=""),
    Index("ix_addresses_source_state", "source", "state"),
    Index("ix_addresses_state_last_kind", "state", "last_kind"),
)  # fmt: skip

articles = _table(
    "articles",
    _key("id"), _text("source"), _text("url"), _text("title"), _text("text"), _text("html"),
    _text("language"), Column("confidence", Real, nullable=False), _json("language_evidence"),
    _at("published", null=True), _text("zone"), _text("precision"), _text("published_evidence"),
    _json("images"), _json("alternates"), _json("declared"), _json("authors"), _text("digest"), _text("made_by"),
    _json("dropped"), _json("robots"), _text("version"),
    _at("first_seen", index=True), _at("updated", index=True), _at("dated", index=True),
    Column("place", Integer, nullable=False), Column("history", Flag, nullable=False),
    Column("paired", Flag, nullable=False, index=True),
    Column("event_date", Clean, nullable=False, server_default=""), _at("modified", null=True),
    Column("sections", Json, nullable=False, server_default="[]"),
    Column("attachments", Json, nullable=False, server_default="[]"),
    Column("machine", Flag, nullable=False, server_default="0"),
    # All that pairing asks of an article of its window, so that it need not read past the article's text.
    Index(
        "ix_articles_window", "dated", "machine", "paired", "language", "source", "published", "published_evidence", "id"
    ),
    Index("ix_articles_source_dated_id", "source", "dated", "id"),
    # All that is counted by day: whole, so that counting reads no article.
    Index("ix_articles_counted", "dated", "machine", "source", "language", "id"),
    # When the sides of pairs came out, likewise.
    Index("ix_articles_stated", "id", "dated", "published", "published_evidence", "precision"),
)  # fmt: skip

revisions = _table(
    "revisions",
    _number(), _text("article", index=True), _at("at"), _text("digest"), _text("title"), _text("text"), _text("html"),
    _text("version"), _at("published", null=True),
    Column("published_evidence", Clean, nullable=False, server_default=""),
    Column("language", Clean, nullable=False, server_default=""),
)  # fmt: skip

stories = _table(
    "stories",
    _key("id"), _text("state"), _at("first_seen"), _at("updated"),
    _text("match_ru", index=True), _text("match_en", index=True), Column("probability", Real), _json("reasons"),
    Column("doubt", Real),  # how far the probability is from one half: the queue's order
    Index("ix_stories_updated_id", "updated", "id"),
    Index("ix_stories_doubt_id", "doubt", "id"),
    Index("ix_stories_state_doubt_id", "state", "doubt", "id"),
    Index("ix_stories_state_matched", "state", "match_ru", "match_en"),
    # The sources of its pair, the second where it is another, so that the queue of one is read in its order, too.
    _text("ru_source", default=""), _text("en_source", default=""),
    Index("ix_stories_ru_source_doubt_id", "ru_source", "doubt", "id"),
    Index("ix_stories_en_source_doubt_id", "en_source", "doubt", "id"),
)  # fmt: skip

texts = _table("texts", _key("id"), _text("story", index=True), _text("language"), _text("origin"))

text_items = _table(
    "text_items",
    _key("article"), _text("text", index=True), Column("rank", Integer, nullable=False),
)  # fmt: skip

# What pairing looks at in an article, made once; `told` comes last, since most passes read past it.
features = _table(
    "features",
    _key("article"), _text("made_of"), _text("version"), _text("url"), Column("hub", Real), _text("claims"), _text("pictures"),
    Column("sketch", LargeBinary, nullable=False), _text("told"),
    Column("stamp", Integer, nullable=False, server_default="0", index=True),  # rises with every change of any row
)  # fmt: skip

# Numbers that only rise, under the name of what they count.
counters = _table("counters", _key("name"), Column("value", Integer, nullable=False))

aliases = _table("aliases", _key("id"), _text("story", index=True), _at("at"))

verdicts = _table(
    "verdicts",
    _number(), _text("kind"), _text("ru", index=True), _text("en", index=True), _text("who"), _at("at"), _json("digests"),
    Column("probability", Real),  # what the matcher thought of the pair just before
)  # fmt: skip

# Articles that tell of the same event without being one story: the Russian one first, of one language by id.
relations = _table(
    "relations", _key("one"), Column("other", Clean, primary_key=True, index=True),
    Column("probability", Real, nullable=False), _json("reasons"),
)  # fmt: skip

# Stories that are related through one another, within a fortnight each, under the id of the oldest.
threads = _table("threads", _key("story"), _text("thread", index=True))

# What pairing would change in what was published, were it asked.
proposals = _table(
    "proposals", _key("ru"), _key("en"), _text("kind"), _at("at"), Column("probability", Real, nullable=False),
    _json("reasons"),
)  # fmt: skip

# What was learned from verdicts and certain pairs, under a name.
learned = _table("learned", _key("name"), _at("at"), _json("value"))

# What an article's title and lead mean, as numbers, where `pairing.semantic` is set.
meanings = _table(
    "meanings", _key("article"), _text("made_of"), _text("version"), Column("vectors", LargeBinary, nullable=False)
)  # fmt: skip

publications = _table(
    "publications", _key("feed"), _key("entry"), _at("at"), Index("ix_publications_entry", "entry")
)  # fmt: skip

# One row for each text a newsletter feed has offered, or passed over for good.
newsletter_items = _table(
    "newsletter_items", _key("feed"), _key("entry"), _text("state"), _at("at", index=True),
    Index("ix_newsletter_items_entry", "entry"),
)  # fmt: skip

# Which topics and searches an article belongs to, and by which rules that was found.
labels = _table("labels", _key("article"), _key("label"), Index("ix_labels_label", "label"))
labelled = _table("labelled", _key("article"), _text("rules"), _at("updated"))

archive_items = _table(
    "archive_items",
    _key("feed"), _key("entry"), Column("page", Integer, primary_key=True), _at("updated"),
)  # fmt: skip
archive_pages = _table(
    "archive_pages", _key("feed"), Column("page", Integer, primary_key=True), _text("made_of")
)  # fmt: skip

# Pages of articles that were found gone (404, 410) and have not come back; `sure` since when there is no doubt.
missing = _table(
    "missing",
    _key("key"), _text("kind"), _at("since"), Column("days", Integer, nullable=False), _at("last"), _at("sure", null=True),
)  # fmt: skip

withdrawals = _table("withdrawals", _key("article"), _at("at"), _text("reason"))

purges = _table("purges", _key("article"), _text("digest"), _at("at"), _text("reason"))

tombstones = _table("tombstones", _key("entry"), _at("at"))

digests = _table(
    "digests",
    _key("id"), _text("language"), _text("period"), _text("name"), _text("title"), _at("at"),
    Column("entries", Integer, nullable=False), Column("intro", Json, nullable=False, server_default="{}"),
)  # fmt: skip
digest_items = _table(
    "digest_items", _key("language"), _key("entry"), _text("digest", index=True),
    Column("place", Integer, nullable=False, server_default="0"),
    Index("ix_digest_items_entry", "entry"),
)  # fmt: skip

# What was last published of what: a fingerprint under a name.
published_states = _table("published_states", _key("name"), _text("made_of"), _json("about"))

# Feeds that are served behind a token, and therefore are no files.
private_documents = _table(
    "private_documents", _key("name"), Column("body", LargeBinary, nullable=False), _at("changed")
)  # fmt: skip
secrets = _table("secrets", _key("name"), _text("value"), _at("at"))

sources = _table(
    "sources",
    _key("id"), _at("last_pass", null=True), _at("last_success", null=True), _at("last_new", null=True),
    Column("failures", Integer, nullable=False), _text("kind"), _text("detail"), Column("trouble", Real, nullable=False),
    _at("quiet_until", null=True),
)  # fmt: skip

holds = _table("holds", _key("host"), _at("until"))

profiles = _table("profiles", _key("source"), _json("profile"))

robots = _table("robots", _key("origin"), Column("status", Integer, nullable=False), _text("text"), _at("fetched_at"))

events = _table("events", _number(), _at("at"), _text("kind"), _text("source"), _text("detail"))

alarms = _table(
    "alarms",
    _number(), _text("source"), _text("kind"), _at("since"), _at("closed", null=True, index=True), _json("facts"),
)  # fmt: skip

# What of an alarm (open, closed) was told through which channel.
told = _table(
    "told",
    Column("alarm", Integer, ForeignKey("alarms.id"), primary_key=True), _key("state"), _key("channel"), _at("at"),
)  # fmt: skip

# One row for each walk over a listing that was read.
visits = _table(
    "visits",
    _number(), _text("source"), _text("listing"), _at("at"), Column("pages", Integer, nullable=False),
    Column("links", Integer, nullable=False),
    Index("ix_visits_source_at", "source", "at"),
)  # fmt: skip

# Who does what only one may do; the holder counts `beat` on while it lives.
leases = _table("leases", _key("name"), _text("holder"), Column("beat", Integer, nullable=False), _at("since"))

# What workers have still to do of each pass that was left to them; gone when the pass is over.
turns = _table(
    "turns", _key("run"), _key("source"), _text("state"), _json("report"), Column("lost", Integer, nullable=False)
)  # fmt: skip

# What workers go by: the digest of the sources file of whoever leaves passes to them.
standing_orders = _table("standing_orders", _key("name"), _text("value"), _at("at"))

# Pages whose captures are kept while their bytes are not: pruned, or no room for them.
absent_pages = _table("absent_pages", _key("digest"), _at("at"), _text("why"))

# One row for each time that anything under feeds/ was made anew.
editions = _table("editions", _number(), _at("at", index=True), _text("renderer"))

# What a document, or the documents of one feed, were made of then; what has no row stayed as it was.
edition_parts = _table(
    "edition_parts",
    _key("name"), Column("edition", Integer, ForeignKey("editions.id"), primary_key=True),
    Column("frame", Integer, nullable=False), _json("rows"), _json("refused"),
)  # fmt: skip

# An entry, or the frame of a feed, as it was put into documents.
proofs = _table(
    "proofs",
    _number(), Column("digest", Clean, nullable=False, index=True, unique=True), _text("entry", index=True),
    Column("body", LargeBinary, nullable=False),
)  # fmt: skip
