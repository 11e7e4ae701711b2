"""What an address in sources.yaml must be: a page to fetch, the feeds' home, a contact.

Addresses come back cleaned. Nothing is looked up on a network: whether a host exists,
and whether it may be connected to, is found out when it is asked.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from pipeline import address
from pipeline.sources.wording import show

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@([^@\s]+)")
#: What no address in the file may hold; `address.clean` would cut a path at a quote.
UNFIT = re.compile(r"""[\s"'<>{}\\]""")


def web_address(value: str) -> str:
    """Return value as an absolute http(s) address, cleaned."""
    right = "write it whole, for example https://site.ru/news/"
    unfit = UNFIT.search(value)
    if unfit:
        raise ValueError(f"{show(value)} has {_name(unfit[0])} in it, which no address has; {right}")
    try:
        parts = urlsplit(value)
        host, credentials = parts.hostname or "", "@" in parts.netloc
        tidy = address.clean(value) if parts.scheme.lower() in ("http", "https") and host else ""
    except ValueError:
        raise ValueError(f"{show(value)} is no address; {right}") from None
    if not tidy:
        raise ValueError(f"{show(value)} is no absolute http(s) address; {right}")
    if credentials:
        raise ValueError("carries a user name, which would end up in logs and feeds; leave all before the @ out")
    if not _is_host(urlsplit(tidy).hostname or ""):
        raise ValueError(f"{show(value)} has no usable host name; {right}")
    return tidy


def home(value: str) -> str:
    """Return the public address of the feeds' folder, with "/" at its end; "" stays."""
    if not value:
        return ""
    tidy = web_address(value)
    if "?" in tidy or "#" in value:
        raise ValueError(f"{show(value)} has ? or # in it; file names are added to it, so write a folder's address")
    return tidy if tidy.endswith("/") else tidy + "/"


def contact(value: str) -> str:
    """Return a mail address, or the http(s) address of a contact page; "" stays."""
    if not value or value.lower().startswith(("http://", "https://")):
        return web_address(value) if value else ""
    found = _MAIL.fullmatch(value)
    try:
        host = found[1].lower().encode("idna").decode() if found else ""
    except UnicodeError:
        host = ""
    if not _is_host(host) or "." not in host:
        raise ValueError(f"{show(value)} is no mail address or http(s) address; write for example news@site.ru")
    return value[: value.rindex("@") + 1] + host


def _is_host(name: str) -> bool:
    labels = name.split(".")
    if ":" in name or labels[-1].isdigit():
        try:
            return bool(ipaddress.ip_address(name))
        except ValueError:
            return False
    return len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _name(character: str) -> str:
    return "a space" if character.isspace() else f"a {character}"
