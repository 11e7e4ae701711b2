"""The tables of who may come into the desk, and of who did what there."""

from __future__ import annotations

from pipeline.store.columns import at, json, key, number, table, text

users = table(
    "users", key("name"), text("password"), text("role"), text("language"), at("since"), at("changed"),
)  # fmt: skip

# Who is logged in: of the token in the browser only its digest is kept.
logins = table("logins", key("digest"), text("user", index=True), at("since"), at("until"))

# Who may use the API without a browser; the same.
api_tokens = table(
    "api_tokens", key("digest"), text("user", index=True), text("name"), at("since"), at("until", null=True),
)  # fmt: skip

# Every change that was made at the desk; only ever added to.
audit = table(
    "audit", number(), at("at", index=True), text("who", index=True), text("what"), text("about"), json("facts")
)
