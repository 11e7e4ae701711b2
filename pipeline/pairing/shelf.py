"""What pairing keeps of an article between passes, so that no article is read twice.

The sketch ranks it among tens of thousands; the features (as JSON, read for the few that
come near) tell why. Both are made again when the content, this code or the lexicon changes.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import fields
from typing import Any

from pipeline import address
from pipeline.model import Article, Item, Language, Shelved
from pipeline.pairing import features as reading
from pipeline.pairing.declared import named
from pipeline.pairing.features import Bag, Features
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.pictures import picture_files
from pipeline.pairing.sketch import runs, sketch

#: What of the features is read together, when something of it is first asked for.
_READ = frozenset(one.name for one in fields(Features)) - {"shingles"}


def version(lexicon: str) -> str:
    """Return what a shelved article depends on beside its content, given the digest of the lexicon."""
    return f"{reading.VERSION}.{lexicon}"


def shelved(item: Item, lexicon: Lexicon) -> Shelved:
    """Return what is kept of item."""
    found = reading.features(item)
    return Shelved(
        item.id,
        reading.digest(item),
        version(lexicon.digest),
        item.article.url,
        claims(item),
        picture_files(item),
        sketch(found, item.language.code, lexicon),
        _told(found),
    )


def asked_of(article: Article, language: Language) -> Hashable:
    """Return all that `shelved` looks at: articles alike in this are kept alike."""
    return (
        article.url, article.title, article.text, article.html, article.alternates, article.images, language.code,
    )  # fmt: skip


def features_of(told: str, sketched: bytes) -> Features:
    """Return the features that `shelved` was made of."""
    return _Kept(told, sketched)


class _Kept(Features):
    """Features out of what is kept: all but the runs are read when first asked for, since most articles are near no other."""

    __slots__ = ("_kept",)

    _kept: str

    def __init__(self, told: str, sketched: bytes) -> None:
        object.__setattr__(self, "_kept", told)
        object.__setattr__(self, "shingles", runs(sketched))

    def __getattr__(self, name: str) -> Any:
        """Return what has no value yet, and give it all."""
        if name not in _READ:
            raise AttributeError(name)
        from pydantic_core import from_json  # in half the time of json's; children, which only write, do without

        known = from_json(self._kept)
        told = {one: known[one] for one in ("title", "names", "length")}
        told |= {"whole": Bag(known["keys"], known["stems"], known["numbers"]), "latin": frozenset(known["latin"])}
        for one, value in {**told, "_kept": ""}.items():
            object.__setattr__(self, one, value)
        return told[name]


def _told(found: Features) -> str:
    known = {
        "keys": dict(found.whole.keys),
        "stems": dict(found.whole.stems),
        "numbers": dict(found.whole.numbers),
        "title": dict(found.title),
        "names": dict(found.names),
        "latin": sorted(found.latin),
        "length": found.length,
    }
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))


def claims(item: Item) -> tuple[str, ...]:
    """Return the ids of the articles that item's page declares to be versions of it."""
    urls = [*(alternate.url for alternate in item.article.alternates), *named(item)]
    return tuple(sorted({one for url in urls if (one := _id(url))}))


def _id(url: str) -> str:
    try:
        return address.article_id(url)
    except ValueError:  # a page may declare anything; what is no address declares nothing
        return ""
