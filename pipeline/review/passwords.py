"""Passwords, kept as argon2id; and tokens nobody can guess, kept as digests."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: A password is at least so long; what it is made of is its owner's business (NIST SP 800-63B, 5.1.1).
SHORTEST = 10
#: And at most so long, as hashing takes time.
LONGEST = 512


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return PasswordHasher().hash(password)


def right(kept: str | None, password: str) -> bool:
    """Return whether a password is the one kept; None takes as long as a wrong one, so that names stay secret."""
    try:
        return PasswordHasher().verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is kept of a token: it is long and random, so a plain digest is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@cache
def _nobodys() -> str:
    return hashed(secrets.token_hex())
