"""When something that goes out on some days at some hour was last due, and when it next will be. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.model import DigestPlan


def last(plan: DigestPlan, now: datetime) -> datetime:
    """Return the latest moment, not after now, at which the plan was due; in UTC."""
    return max(one for one in _around(plan, now) if one <= now)


def following(plan: DigestPlan, now: datetime) -> datetime:
    """Return the first moment after now at which the plan is due; in UTC."""
    return min(one for one in _around(plan, now) if one > now)


def _around(plan: DigestPlan, now: datetime) -> list[datetime]:
    """Return the plan's moments of a week before and after: wall clock times, whatever summer time does."""
    zone = ZoneInfo(plan.timezone)
    today = now.astimezone(zone).date()
    at = time.fromisoformat(plan.at)
    days = (today + timedelta(days=number) for number in range(-8, 9))
    return [datetime.combine(day, at, zone).astimezone(UTC) for day in days if day.weekday() in plan.on]
