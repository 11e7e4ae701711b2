"""When an engine whose quota is spent may be asked again: pure.

Google's day ends at midnight in California, Yandex counts by the hour. DeepL's month begins on a day that its account
knows alone: it is asked once a day, which costs one request that it refuses.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_GOOGLE = ZoneInfo("America/Los_Angeles")


def until(engine: str, now: datetime) -> datetime:
    """Return the instant from which an engine may be asked again."""
    if engine == "yandex":
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    zone = _GOOGLE if engine == "google" else UTC
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1)).astimezone(UTC)
