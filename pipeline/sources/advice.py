"""What is allowed in sources.yaml but probably not meant; and what still has to be filled in.

A warning never stops the program. Pure: looks at a configuration that was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline import address
from pipeline.model import Config, Publisher, Source

# RFC 2606: names that belong to nobody, so that no site owner could reach us there.
_RESERVED = ("example.com", "example.net", "example.org", "example", "invalid", "localhost", "test")


def publisher_missing(config: Config) -> tuple[str, ...]:
    """Return which of publisher.home and publisher.contact are missing or a reserved example name."""
    values = {"publisher.home": config.publisher.home, "publisher.contact": config.publisher.contact}
    return tuple(key for key, value in values.items() if not value or _reserved(value))


def warnings(config: Config) -> tuple[str, ...]:
    """Return what the operator should know, one thing a line."""
    return (*_about_publisher(config), *_about_all(config), *(w for source in config.sources for w in _about(source)))


def _about_publisher(config: Config) -> Iterator[str]:
    publisher: Publisher = config.publisher
    for key, value in (("publisher.home", publisher.home), ("publisher.contact", publisher.contact)):
        if key in publisher_missing(config):
            state = f"is the example {value}" if value else "is missing"
            yield f"{key}: {state}; until a real one stands there, `run` and `watch` collect from this machine only"


def _about_all(config: Config) -> Iterator[str]:
    if not config.sources:
        yield "sources: there are none; nothing will be collected"
    elif not any(source.enabled for source in config.sources):
        yield "sources: every one is disabled; nothing will be collected"
    places: dict[str, list[str]] = defaultdict(list)
    for source in config.sources:
        for number, listing in enumerate(source.listings):
            places[address.key(listing.url)].append(f"sources.{source.id}.listings[{number}]")
    for first, *others in places.values():
        for other in others:
            yield f"{other}: is the same listing as {first}; its articles would be collected twice"


def _about(source: Source) -> Iterator[str]:
    key = f"sources.{source.id}"
    if not source.enabled and not source.reason:
        yield f"{key}: is disabled without a `reason`; say why, for whoever comes next"
    if source.at_most is not None and source.at_most < source.every:
        yield f"{key}.at_most: is shorter than `every`, so it does nothing; it is the longest wait, `every` the shortest"
    for number, listing in enumerate(source.listings):
        if listing.pages > 1 and listing.next is None:
            yield f"{key}.listings[{number}].pages: does nothing without `next`; say where the second page is"
        of_html = listing.links and not (listing.api and listing.api.html and not listing.api.url)
        if listing.kind in ("feed", "sitemap", "api") and (of_html or (listing.next and listing.kind != "api")):
            yield f"{key}.listings[{number}]: `links` and `next` are for html; a listing of kind {listing.kind} has none"
    for number, rule in enumerate(source.rules):
        if rule.date_format and not rule.date:
            yield f"{key}.rules[{number}].date_format: does nothing without `date`; say where the date stands"
        if rule.until is None and number + 1 < len(source.rules):
            yield f"{key}.rules[{number}]: has no `until`, so the rules after it are never used"


def _reserved(value: str) -> bool:
    host = urlsplit(value).hostname if "://" in value else value.rpartition("@")[2]
    return any(host == name or (host or "").endswith(f".{name}") for name in _RESERVED)
