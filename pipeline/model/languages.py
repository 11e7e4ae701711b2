"""The two languages."""

from __future__ import annotations

#: The languages a story is told in; order is the default order of titles.
LANGUAGES = ("ru", "en")
