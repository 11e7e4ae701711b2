"""Yandex Translate, API v2.

At most 10,000 characters a request. Errors carry a gRPC code: 3 the request is wrong, 7 and 16 the key
or the folder, 8 a quota: of a second (it passes) or of an hour (not soon enough to wait).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.record import dataclass
from pipeline.translate.engines.engine import Traits
from pipeline.translate.engines.http import Caller, busy, texts_of

NAME = "yandex"
URL = "https://translate.api.cloud.yandex.net"


@dataclass
class Yandex:
    """The service, with a key and the folder that pays."""

    caller: Caller
    folder: str
    url: str = URL

    traits = Traits(NAME, "tags", 100, 10_000, bills=True, outside=True)

    def about(self, source: str, target: str) -> tuple[str, str, str]:  # noqa: ARG002  # one model for all
        """Return what is known of the model: nothing."""
        return "", "v2", ""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return the translations of texts."""
        body = {
            "texts": list(texts), "sourceLanguageCode": source, "targetLanguageCode": target, "format": "HTML",
        } | ({"folderId": self.folder} if self.folder else {})  # fmt: skip
        found = self.caller.post(f"{self.url.rstrip('/')}/translate/v2/translate", body)
        rows = found.get("translations") if isinstance(found, dict) else None
        said = [row.get("text") if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else None
        return texts_of(NAME, said, len(texts))

    def close(self) -> None:
        """Close the connections."""
        self.caller.close()


def headers(key: str) -> dict[str, str]:
    """Return how a key is shown."""
    return {"Authorization": f"Api-Key {key}"}


def judge(status: int, found: Any, text: str) -> str:
    """Return how a request failed."""
    said = (str(found.get("message", "")) if isinstance(found, dict) else text).lower()
    if status == 200:
        return ""
    if status == 429:
        return "quota" if any(word in said for word in ("hour", "day", "characters", "symbols")) else "overload"
    if status in (400, 413) and ("length" in said or "too long" in said or "limit" in said or status == 413):
        return "too-large"
    if status == 400 and "unsupported" in said:
        return "unsupported"
    return busy(status) if status >= 500 else "refused"
