"""DeepL's HTTP API, version 2.

The key goes into a header; keys that end in ":fx" belong to the free service, which has a host of
its own. 456: the quota is spent, and asking again is useless; 429 and 529: too many requests; 413: too much in one; 403: the key;
5xx: it did not work. At most 50 texts and 128 KiB a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.record import dataclass
from pipeline.translate.engines.engine import Traits
from pipeline.translate.engines.http import Caller, busy, texts_of

NAME = "deepl"
PRO, FREE = "https://api.deepl.com", "https://api-free.deepl.com"
#: "EN" alone is not a target any more.
_TARGETS = {"en": "EN-GB", "ru": "RU"}


@dataclass
class DeepL:
    """The service, with a key."""

    caller: Caller
    url: str

    traits = Traits(NAME, "tags", 50, 20_000, bills=True, outside=True)

    def about(self, source: str, target: str) -> tuple[str, str, str]:  # noqa: ARG002  # one model for all
        """Return what is known of the model: nothing."""
        return "", "v2", ""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return the translations of texts."""
        body = {
            "text": list(texts), "source_lang": source.upper(), "target_lang": _TARGETS[target],
            "tag_handling": "xml", "split_sentences": "0", "preserve_formatting": True,
        }  # fmt: skip
        found = self.caller.post(f"{self.url.rstrip('/')}/v2/translate", body)
        rows = found.get("translations") if isinstance(found, dict) else None
        said = [row.get("text") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else None
        return texts_of(NAME, said, len(texts))

    def close(self) -> None:
        """Close the connections."""
        self.caller.close()


def host(key: str) -> str:
    """Return the service that a key belongs to."""
    return FREE if key.endswith(":fx") else PRO


def headers(key: str) -> dict[str, str]:
    """Return how a key is shown."""
    return {"Authorization": f"DeepL-Auth-Key {key}"}


def judge(status: int, _found: Any, _text: str) -> str:
    """Return how a request failed."""
    known = {200: "", 456: "quota", 429: "overload", 529: "overload", 413: "too-large", 414: "too-large"}
    return known[status] if status in known else busy(status) if status >= 500 else "refused"
