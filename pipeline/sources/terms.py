"""One more pair of names in the glossary of sources.yaml, its comments kept."""

from __future__ import annotations

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.errors import ConfigError
from pipeline.sources.edit import dumped, read


def with_term(data: bytes, ru: str, en: str, file: str) -> bytes:
    """Return data with one more pair of names at the end of `glossary`. Raises ConfigError where either is there."""
    text, root = read(data, file)
    known = root.get("glossary")
    for one in known or ():
        if one["ru"] == ru or one["en"] == en:
            raise ConfigError(f"{file}: the glossary has {one['ru']} – {one['en']} already; change it by hand")
    term = CommentedMap({"ru": ru, "en": en})
    term.fa.set_flow_style()
    if known is None:
        root["glossary"] = CommentedSeq([term])
    else:
        known.append(term)
    return dumped(root, text, data)
