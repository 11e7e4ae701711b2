"""What pairing keeps of an article between passes, so that no article is read twice.

The sketch ranks it among tens of thousands; the features (as JSON, read for the few that
come near) tell why. Both are made again when the content, this code or the lexicon changes.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Hashable

from pipeline import address
from pipeline.model import Article, Item, Language, Shelved
from pipeline.pairing import features as reading
from pipeline.pairing import score
from pipeline.pairing.declared import named
from pipeline.pairing.evidence import picture_files
from pipeline.pairing.features import Bag, Features
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.score import Weights
from pipeline.pairing.sketch import runs, sketch


def version(lexicon: str) -> str:
    """Return what a shelved article depends on beside its content, given the digest of the lexicon."""
    return f"{reading.VERSION}.{lexicon}"


def matcher(lexicon: str, weights: Weights) -> str:
    """Return the name of what judges pairs: changes with code, lexicon (by digest) and weights."""
    worth = sorted(weights.clues.items())
    return f"{score.VERSION}.{version(lexicon)}.{zlib.crc32(repr((weights.bias, worth, weights.meaning)).encode()):08x}"


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
    known = json.loads(told)
    return Features(
        whole=Bag(known["keys"], known["stems"], known["numbers"]),
        title=known["title"],
        names=known["names"],
        latin=frozenset(known["latin"]),
        shingles=runs(sketched),
        length=known["length"],
    )


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
