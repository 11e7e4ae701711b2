"""What a page allows machines to do with it: robots directives that bound publication."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.extract.stated import Stated

_KNOWN = re.compile(r"noarchive|nosnippet|noimageindex|max-snippet:\s*-?\d{1,6}")


def directives(stated: Stated, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the page's noarchive, nosnippet, max-snippet:N and tdm-reservation:1, sorted."""
    said = [*stated.metas.get("robots", ()), *stated.metas.get("googlebot-news", ()), headers.get("x-robots-tag", "")]
    found = {match[0].replace(" ", "") for text in said for match in _KNOWN.finditer(text.lower())}
    if "1" in (stated.meta("tdm-reservation"), headers.get("tdm-reservation", "").strip()):
        found.add("tdm-reservation:1")
    return tuple(sorted(found))
