"""Whom this installation may ask: everybody once it says who is asking, this machine alone until then."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from pipeline import collect, sources
from pipeline.errors import ConfigError
from pipeline.model import Config
from pipeline.settings import Settings


def guard(settings: Settings, config: Config, urls: Iterable[str]) -> collect.Guard:
    """Return the guard of addresses for a verb that will ask for these.

    Raises ConfigError where an allowance cannot be read, or an address lies beyond this
    machine while nobody could tell who is asking.
    """
    missing = sources.publisher_missing(config)
    beyond = [url for url in urls if not is_loopback(url)]
    if missing and beyond:
        raise ConfigError(
            f"{settings.sources}: {' and '.join(missing)} must be filled in before {beyond[0]} may be asked: "
            "site owners have a right to know who reads them"
        )
    try:
        allowed = [collect.parse_allowance(text) for text in settings.allow]
    except ValueError as error:
        raise ConfigError(f"--allow-address: {error}") from error
    return collect.Guard(allowed, loopback_only=bool(missing))


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine by its very spelling; no name is looked up."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
