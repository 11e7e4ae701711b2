"""Alarm: what is remembered of a source, and what a pass over it brought → what its operator should know.

`judge` decides, `told` says it in words, `atom` as a feed. Pure: what is remembered, and that an alarm is told
once, is the store's and the notifier's business.
"""

from __future__ import annotations

from pipeline.alarm.judge import Facts, deadline, judge
from pipeline.alarm.ops import atom
from pipeline.alarm.rhythm import Rhythm, learn
from pipeline.alarm.visit import Trouble, Visit
from pipeline.alarm.words import told

__all__ = ["Facts", "Rhythm", "Trouble", "Visit", "atom", "deadline", "judge", "learn", "told"]
