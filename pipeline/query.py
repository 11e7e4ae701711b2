"""What a saved search looks for, as people write it: порт "морской терминал" -круиз source:bureau language:ru.

All words and phrases must occur, in whatever grammatical form; none after a minus. терм* stands for every word
that begins so. Of several sources, kinds, languages, topics, tags, organisations or places one is enough.
Finding them in an article is not done here.
"""

from __future__ import annotations

import re

from pipeline.model import LANGUAGES, Query

_PART = re.compile(
    r"""\s*(?P<minus>-)?(?:(?P<field>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"|«(?P<guillemets>[^»]*)»|(?P<bare>[^\s"«»]+))(?=\s|$)"""
)
#: Field as it is written → of a Query.
FIELDS = {
    "source": "sources", "kind": "kinds", "language": "languages", "topic": "topics", "tag": "tags",
    "organisation": "organisations", "place": "places",
}  # fmt: skip
_RIGHT = 'write for example: порт "морской терминал" -круиз source:bureau language:ru'


def parse(text: str) -> Query:
    """Return what a search looks for. Raises ValueError where it cannot be read, or looks for nothing."""
    query = read(text)
    if not (query.words or any(getattr(query, name) for name in FIELDS.values())):
        raise ValueError(f"looks for nothing by itself; {_RIGHT}")
    return query


def read(text: str) -> Query:
    """Return what a search looks for, which may be nothing. Raises ValueError where it cannot be read."""
    found: dict[str, list[str]] = {}
    at = 0
    while text[at:].strip():
        part = _PART.match(text, at)
        if part is None:
            raise ValueError(f"cannot be read from {text[at:].strip()!r} on: a quotation mark may be missing; {_RIGHT}")
        _take(part, found)
        at = part.end()
    return Query(**{name: tuple(dict.fromkeys(values)) for name, values in found.items()})


def written(query: Query) -> str:
    """Return a query as people write it; `read` of it is the same query."""
    parts = []
    for minus, before in (("", ""), ("-", "not_")):
        parts += [minus + _quoted(word) for word in getattr(query, f"{before}words")]
        for field, name in FIELDS.items():
            parts += [f"{minus}{field}:{_quoted(value)}" for value in getattr(query, before + name)]
    return " ".join(parts)


def _quoted(value: str) -> str:
    part = _PART.fullmatch(value)
    plain = part is not None and part["bare"] == value and not part["minus"] and part["field"] is None
    return value if plain else f'"{value}"' if '"' not in value else f"«{value}»"


def _take(part: re.Match[str], found: dict[str, list[str]]) -> None:
    value = next(one for one in (part["quoted"], part["guillemets"], part["bare"]) if one is not None)
    if part["field"] is None:
        if not re.search(r"\w", value):
            raise ValueError(f"has no word in {value!r}; {_RIGHT}")
        name = "words"
    else:
        name = FIELDS.get(part["field"].lower(), "")
        if not name:
            known = ", ".join(f"{one}:" for one in FIELDS)
            raise ValueError(
                f"{part['field']}: is no field of a search; known: {known}. Put quotation marks around text"
            )
        if name == "languages" and value not in LANGUAGES:
            raise ValueError(f"language:{value} should be language:ru or language:en")
    found.setdefault(f"not_{name}" if part["minus"] else name, []).append(value)
