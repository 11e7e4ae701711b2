"""Google Cloud Translation, Basic (v2).

At most 128 texts a request. Over quota it answers 403: "Daily Limit Exceeded" is over for the
day, "User Rate Limit Exceeded" passes within minutes; any other 403 is about the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.record import dataclass
from pipeline.translate.engines.engine import Traits
from pipeline.translate.engines.http import Caller, busy, texts_of

NAME = "google"
URL = "https://translation.googleapis.com"
_DAY = {"dailyLimitExceeded", "quotaExceeded"}
_MINUTE = {"userRateLimitExceeded", "rateLimitExceeded"}


@dataclass
class Google:
    """The service, with a key."""

    caller: Caller
    url: str = URL

    traits = Traits(NAME, "tags", 128, 5_000, bills=True, outside=True)

    def about(self, source: str, target: str) -> tuple[str, str, str]:  # noqa: ARG002  # one model for all
        """Return the model that v2 uses."""
        return "nmt", "v2", ""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return the translations of texts."""
        body = {"q": list(texts), "source": source, "target": target, "format": "html"}
        found = self.caller.post(f"{self.url.rstrip('/')}/language/translate/v2", body)
        data = found.get("data") if isinstance(found, dict) else None
        rows = data.get("translations") if isinstance(data, dict) else None
        key = "translatedText"
        said = [row.get(key) if isinstance(row, dict) else None for row in rows] if isinstance(rows, list) else None
        return texts_of(NAME, said, len(texts))

    def close(self) -> None:
        """Close the connections."""
        self.caller.close()


def headers(key: str) -> dict[str, str]:
    """Return how a key is shown."""
    return {"X-goog-api-key": key}


def judge(status: int, found: Any, text: str) -> str:
    """Return how a request failed."""
    if status == 200:
        return ""
    reasons = _reasons(found)
    if status == 403 and (reasons & _DAY or "daily limit" in text.lower()):
        return "quota"
    if status == 429 or (status == 403 and (reasons & _MINUTE or "rate limit" in text.lower())):
        return "overload"
    if status == 413 or (status == 400 and ("too long" in text.lower() or "too many text segments" in text.lower())):
        return "too-large"
    if status == 400 and "language" in text.lower():
        return "unsupported"
    return busy(status) if status >= 500 else "refused"


def _reasons(found: Any) -> set[str]:
    error = found.get("error") if isinstance(found, dict) else None
    rows = error.get("errors") if isinstance(error, dict) else None
    return {str(row.get("reason")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
