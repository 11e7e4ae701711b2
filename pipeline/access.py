"""Who may read what is not public: whoever has the address, which ends in a token made from a secret.

The same secret and name always give the same token, so addresses need not be kept anywhere.
"""

from __future__ import annotations

import hmac
import secrets


def token(secret: str, name: str) -> str:
    """Return the token of a feed: 32 hex digits."""
    return hmac.digest(secret.encode(), name.encode(), "sha256").hex()[:32]


def same(given: str, token: str) -> bool:
    """Return whether a token is the right one, in a time that does not tell how much of it is."""
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())


def new_secret() -> str:
    """Return a secret nobody can guess."""
    return secrets.token_hex(32)
