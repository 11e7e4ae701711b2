"""By which way a source's hosts are reached: through a proxy or not, trusting whom.

The proxy's address comes from the environment, never from sources.yaml, because there is usually
a password in it. Whatever is missing for a source is told before anything is fetched.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import field
from urllib.parse import urlsplit

import httpx

from pipeline.collect import browser
from pipeline.errors import ConfigError
from pipeline.model import Source
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a host; sources with the same one share connections' settings."""

    proxy: str = field(default="", repr=False)  #: address of a proxy, with its user name and password
    ca: str = ""  #: file of further certificate authorities


def route_of(source: Source, environment: Mapping[str, str]) -> Route:
    """Return the way to a source's hosts; raises ConfigError where its proxy is not told."""
    return Route(_proxy(source, environment) if source.proxy else "", source.ca)


def trust(route: Route) -> ssl.SSLContext:
    """Return whom to trust: the usual authorities, and those the route adds.

    Raises ConfigError where their file cannot be read.
    """
    context = httpx.create_ssl_context(trust_env=False)
    if route.ca:
        try:
            context.load_verify_locations(cafile=route.ca)
        except (OSError, ssl.SSLError) as error:
            why = error.strerror or str(error)
            raise ConfigError(f"tls.ca: {route.ca} cannot be read as certificates in PEM form: {why}") from error
    return context


def ready(sources: Iterable[Source], environment: Mapping[str, str]) -> None:
    """Raise ConfigError where a source needs what is not there: its proxy's address, its authorities, a browser."""
    for source in sources:
        try:
            route = route_of(source, environment)
            if route.ca:
                trust(route)
            if source.render == "browser":
                browser.find(environment)
        except ConfigError as error:
            raise ConfigError(f"sources.{source.id}.{error}") from error


def _proxy(source: Source, environment: Mapping[str, str]) -> str:
    url = environment.get(source.proxy, "").strip()
    right = f"set {source.proxy} to its address, such as http://user:password@proxy.site.ru:3128"
    if not url:
        raise ConfigError(f"proxy: the environment variable {source.proxy} is not set; {right}")
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0 and parts.scheme in ("http", "https")
    except ValueError:
        whole = False
    if not whole:  # the address itself is not shown: there may be a password in it
        raise ConfigError(f"proxy: {source.proxy} holds no http(s) address of a proxy; {right}")
    return url
