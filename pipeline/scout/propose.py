"""Findings into a source as sources.yaml writes it: its id, names, listings, versions, rules and what to expect; pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline import charset
from pipeline.model import LANGUAGES, Listing, VersionRule
from pipeline.scout.findings import Findings, Trial
from pipeline.sources import edit

#: Shorter articles than this are believed to be articles all the same.
_TEXT_CHARS = 200
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
#: Zones of Russia by the offset that pages state; +00:00 tells no place.
_ZONES = {
    "+02:00": "Europe/Kaliningrad", "+03:00": "Europe/Moscow", "+04:00": "Europe/Samara", "+05:00": "Asia/Yekaterinburg",
    "+06:00": "Asia/Omsk", "+07:00": "Asia/Krasnoyarsk", "+08:00": "Asia/Irkutsk", "+09:00": "Asia/Yakutsk",
    "+10:00": "Asia/Vladivostok", "+11:00": "Asia/Magadan", "+12:00": "Asia/Kamchatka",
}  # fmt: skip
_GENERIC = frozenset(
    {"www", "ru", "com", "org", "net", "info", "su", "eu", "rf", "fi", "en", "nethouse", "tilda", "site"}
)


def proposal(
    findings: Findings, rules: Mapping[str, str], *, kind: str, taken: Collection[str], id_: str, clock: datetime,
    zone: str,
) -> Findings:  # fmt: skip
    """Return findings with the source they are proposed to become."""
    kept = sorted(findings.proposed, key=_turn)
    names = _names([*kept, *findings.trials], findings.url)
    block: dict[str, Any] = {"name": names, "kind": kind, "listings": [_listing(one.listing) for one in kept]}
    if findings.version is not None:
        block["versions"] = [_version(findings.version)]
    if rules:
        block["rules"] = [dict(rules)]
    block |= habits(kept, render=findings.render, clock=clock, zone=zone)
    block["expect"] = _expect(kept)
    chosen = id_ or free(id_of(findings.url, names), taken)
    note = f"Looked at on {clock:%Y-%m-%d}: {_counted(kept)}."
    if findings.pair is not None:
        note += " One pair of versions was asked for and found."
    return replace(findings, id=chosen, block=block, text=edit.rendered(chosen, block), note=note)


def _turn(one: Trial) -> tuple[bool, int]:
    """Return where a listing stands in the proposal: feeds first, since they date what they list; then by language."""
    return one.kind != "feed", LANGUAGES.index(one.listing.language) if one.listing.language else len(LANGUAGES)


def _counted(kept: Sequence[Trial]) -> str:
    articles = {sample.article.url: sample.article for one in kept for sample in one.samples if sample.article}
    links = len({link.url for one in kept for link in one.links})
    dated = sum(article.published is not None for article in articles.values())
    return f"{links} links seen, {len(articles)} articles read, {dated} of them with a date"


def _listing(listing: Listing) -> dict[str, Any]:
    kind = None if listing.api else listing.kind
    values: dict[str, Any] = {"url": listing.url, "language": listing.language, "kind": kind, "links": listing.links}
    if listing.api:
        values["api"] = {key: value for key, value in asdict(listing.api).items() if value}
    if listing.next:
        values |= {"next": listing.next, "pages": listing.pages}
    return {key: value for key, value in values.items() if value is not None}


def _version(rule: VersionRule) -> dict[str, Any]:
    if rule.swap:
        return {"swap": list(rule.swap)}
    return {"same_id": rule.same_id} if rule.same_id else {"query": rule.query, **rule.values}


def habits(kept: Sequence[Trial], *, render: bool, clock: datetime, zone: str) -> dict[str, str]:
    """Return what all pages seen say of the site's ways: their true charset, what shows them, the zone of their dates.

    zone: the one that holds where nothing is said.
    """
    found: dict[str, str] = {"render": "browser"} if render else {}
    samples = [sample for one in kept for sample in one.samples]
    pages = {page.url: page for page in (*(one.fetch.page for one in kept), *(one.page for one in samples)) if page}
    wrong = {charset.undeclared(page.body, page.headers.get("content-type", "")) for page in pages.values()}
    if len(wrong) == 1 and wrong != {""} and not render:
        found["encoding"] = next(iter(wrong))
    offsets = {sample.article.published.zone for sample in samples if sample.article and sample.article.published}
    stated = next(iter(offsets)) if len(offsets) == 1 else ""
    usual = clock.astimezone(ZoneInfo(zone)).strftime("%z")
    if stated in _ZONES and stated.replace(":", "") != usual:
        found["timezone"] = _ZONES[stated]
    return found


def _expect(kept: Sequence[Trial]) -> dict[str, int]:
    """Return half of what was seen: fewer is worth a word."""
    sizes = [len(sample.article.text) for one in kept for sample in one.samples if sample.article]
    return {"links": max(1, min(one.first for one in kept) // 2), "text_chars": min(_TEXT_CHARS, min(sizes) // 2)}


# ── names and ids ───────────────────────────────────────────────────────────────────────────
def _names(trials: Sequence[Trial], url: str) -> dict[str, str]:
    """Return what the site calls itself on the pages of each language; its host's name where it does not."""
    found: dict[str, str] = {}
    for one in trials:
        name = one.survey.site_name if one.survey else ""
        if name:
            found.setdefault(one.listing.language or _language_of(name), name)
    if len(set(found.values())) == 1:  # one name for both: it is in the language of its letters
        name = next(iter(found.values()))
        found = {_language_of(name): name}
    names = {language: found[language] for language in LANGUAGES if language in found}
    return names or {"en": urlsplit(url).hostname or "site"}


def _language_of(name: str) -> str:
    return "ru" if re.search("[а-яё]", name, re.IGNORECASE) else "en"


def id_of(url: str, names: Mapping[str, str]) -> str:
    """Return a word for the source: from its host; from its name where that is only a number."""
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = [label for label in host.lower().split(".") if label not in _GENERIC and not label.startswith("xn--")]
        if labels and host != "localhost":
            return _word(max(labels, key=len))
    return _word(names.get("en") or names.get("ru") or host)


def _word(text: str) -> str:
    latin = "".join(_LATIN.get(letter, letter) for letter in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:40].rstrip("-") or "site"


def free(word: str, taken: Collection[str]) -> str:
    """Return word, with a number behind it where it is taken."""
    return next(one for one in (word, *(f"{word}-{n}" for n in range(2, 1000))) if one not in taken)
