"""Who somebody is, what each role may do, and who needs no login. No request is known here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.record import dataclass
from pipeline.store import ROLES

_HERE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks."""

    name: str  #: "" for a stranger
    role: str  #: one of ROLES; "" for a stranger
    local: bool = False  #: at this very machine, without a login
    language: str = ""  #: of the pages, as this user once chose

    def may(self, role: str) -> bool:
        """Return whether this person may do what asks for a role; "" asks for none."""
        return not role or (bool(self.role) and ROLES.index(self.role) >= ROLES.index(role))


STRANGER = Person("", "")


#: Headers by which a proxy says that it is one, and how those begin by which it says for whom.
_PROXY, _FORWARDED = frozenset({"forwarded", "via", "x-real-ip"}), "x-forwarded-"


def needs_no_login(*, loopback: bool, hosts: Iterable[str], names: Iterable[str], version: str = "1.1") -> bool:
    """Return whether a request surely comes from this machine, by nobody's hand.

    loopback: whether the server listens at loopback only; hosts: every Host header; names: of all headers; version:
    of HTTP. A proxy on the same machine connects from loopback too, but sends the Host it was asked by, or says that
    it forwards; nginx, where it is told neither, speaks HTTP/1.0, which no browser does. A page elsewhere whose name
    was pointed at this machine sends its own Host.
    """
    told = list(hosts)
    forwarded = any(name.lower() in _PROXY or name.lower().startswith(_FORWARDED) for name in names)
    return loopback and len(told) == 1 and bool(_HERE.fullmatch(told[0])) and not forwarded and version != "1.0"
