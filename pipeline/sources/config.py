"""The file's shape into the values that flow through the program, defaults applied.

What a source leaves out comes from the file's `defaults`, key by key within `rights`
and `expect`, and from `pipeline.model` where these are silent, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline import query
from pipeline.model import (
    LANGUAGES,
    Api,
    Config,
    DigestPlan,
    Expect,
    Feed,
    Listing,
    Notify,
    PairingRules,
    Publisher,
    PublishRules,
    Rights,
    Rule,
    Search,
    Smtp,
    Source,
    Topic,
    VersionRule,
    Webhook,
)
from pipeline.sources import schema
from pipeline.sources.checks import to_timedelta
from pipeline.sources.pairs import to_window
from pipeline.sources.pictures import picture
from pipeline.sources.translating import to_rules

RECHECK = (timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TITLE = {"ru": "Nevawire", "en": "Nevawire"}


def build(file: schema.Sources, folder: Path = Path()) -> Config:
    """Return the configuration that a checked file in folder stands for; sources in the file's order."""
    given = _given(file)
    defaults = _given(given["defaults"]) if "defaults" in given else {}
    return Config(
        publisher=_publisher(given.get("publisher"), folder),
        publish=_publish(given.get("publish")),
        sources=tuple(_source(id_, source, defaults, folder) for id_, source in file.sources.items()),
        topics=tuple(Topic(id_, **_tuples(topic)) for id_, topic in given.get("topics", {}).items()),
        feeds=tuple(Feed(id_, **_tuples(feed)) for id_, feed in given.get("feeds", {}).items()),
        searches=tuple(_search(id_, search) for id_, search in given.get("searches", {}).items()),
        digests=tuple(_digest(id_, digest, defaults) for id_, digest in given.get("digests", {}).items()),
        notify=_notify(given.get("notify")),
        pairing=_pairing(given.get("pairing")),
        translation=to_rules(given.get("translation"), folder),
        glossary=tuple((term.ru, term.en) for term in given.get("glossary", ())),
    )


def _pairing(pairing: schema.Pairing | None) -> PairingRules:
    given: dict[str, Any] = _given(pairing)
    return PairingRules(**given | ({"window": to_window(given["window"])} if "window" in given else {}))


def _notify(notify: schema.Notify | None) -> Notify:
    given = _given(notify)
    if "webhook" in given:
        given["webhook"] = Webhook(**_given(given["webhook"]))
    if "smtp" in given:
        given["smtp"] = Smtp(**_tuples(given["smtp"]))
    return Notify(**given)


def _publish(publish: schema.Publish | None) -> PublishRules:
    given: dict[str, Any] = _given(publish)
    return PublishRules(**given | {key: to_timedelta(value) for key, value in given.items() if key != "hub"})


def _search(id_: str, search: schema.Search) -> Search:
    return Search(id_, **_tuples(search) | {"query": query.parse(search.query)})


def _digest(id_: str, digest: schema.Digest, defaults: Mapping[str, Any]) -> DigestPlan:
    given = _given(digest)
    entries, period = given.pop("entries", None), given.pop("period", "week")
    usual = ["mon"] if period == "week" and entries is None else list(_WEEKDAYS)
    on = tuple(sorted(_WEEKDAYS.index(day) for day in given.pop("on", usual)))
    zone = {"timezone": defaults["timezone"]} if "timezone" in defaults else {}
    return DigestPlan(id_, str(entries or period), on=on, **zone | given)


def _tuples(model: schema.Keys) -> dict[str, Any]:
    """Return the keys that the file gives, names as mappings, lists as tuples."""
    values = {key: _names(value) if isinstance(value, schema.Names) else value for key, value in _given(model).items()}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _publisher(publisher: schema.Publisher | None, folder: Path) -> Publisher:
    given = _given(publisher)
    given["title"] = _names(given["title"]) if "title" in given else dict(_TITLE)
    given |= {key: picture(key, given[key], folder) for key in ("icon", "logo") if key in given}
    return Publisher(**{"home": "", "contact": "", **given})


def _source(id_: str, source: schema.Source, defaults: Mapping[str, Any], folder: Path) -> Source:
    own = _given(source)
    plain: dict[str, Any] = {
        key: own[key] for key in ("kind", "enabled", "reason", "encoding", "render", "proxy") if key in own
    }
    if "date_window" in own:
        plain["date_window"] = to_window(own["date_window"])
    if "tls" in own:
        plain["ca"] = str(folder / own["tls"].ca)
    return Source(
        id=id_,
        name=_names(source.name),
        listings=tuple(_listing(listing, source) for listing in source.listings),
        versions=tuple(_version(version) for version in own.get("versions", ())),
        rules=tuple(_rule(rule) for rule in own.get("rules", ())),
        **plain,
        **_habits(own, defaults),
    )


def _listing(listing: schema.Listing, source: schema.Source) -> Listing:
    given = _given(listing)
    api = {"api": Api(**_given(given["api"])), "kind": "api"} if "api" in given else {}
    return Listing(**given | api, encoding=source.encoding)


def _habits(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return what both a source and `defaults` may say; the source's word goes first."""
    said = {**defaults, **own}
    habits: dict[str, Any] = {
        key: to_timedelta(said[key]) for key in ("every", "at_most", "pause", "timeout") if key in said
    }
    habits |= {key: said[key] for key in ("timezone", "window", "on_gone") if key in said}
    habits["recheck"] = tuple(map(to_timedelta, said["recheck"])) if "recheck" in said else RECHECK
    habits["rights"] = Rights(**_given(defaults.get("rights")) | _given(own.get("rights")))
    habits["expect"] = Expect(**_given(defaults.get("expect")) | _given(own.get("expect")))
    return habits


def _version(version: schema.Version) -> VersionRule:
    given = _given(version)
    values = {language: given[language] for language in LANGUAGES if language in given}
    swap = tuple(given["swap"]) if "swap" in given else None
    return VersionRule(swap=swap, same_id=given.get("same_id"), query=given.get("query"), values=values)


def _rule(rule: schema.Rule) -> Rule:
    given = _given(rule)
    lists = {"drop": tuple(given.get("drop", ())), "rewrite": tuple(map(tuple, given.get("rewrite", ())))}
    return Rule(**given | lists)


def _names(names: schema.Names) -> dict[str, str]:
    given = _given(names)
    return {language: given[language] for language in LANGUAGES if language in given}


def _given(model: schema.Keys | None) -> dict[str, Any]:
    """Return the keys that the file gives, in the models' order."""
    if model is None:
        return {}
    return {key: getattr(model, key) for key in type(model).model_fields if key in model.model_fields_set}
