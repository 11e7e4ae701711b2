"""Where a store's database is: a file in its folder, or wherever an environment variable says."""

from __future__ import annotations

#: The database of a store that has no other.
FILE = "nevawire.sqlite"
#: The environment variable that names another.
VARIABLE = "NEVAWIRE_DATABASE_URL"
