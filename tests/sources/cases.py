"""The sample files and what they should come to."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data" / "sources"


def named(kind: str) -> list[str]:
    """Return the names of the sample files of a kind: good or bad."""
    return sorted(file.stem for file in (DATA / kind).glob("*.yaml"))


def sample(name: str) -> bytes:
    """Return the bytes of a sample file, named like "bad/durations"."""
    return (DATA / f"{name}.yaml").read_bytes()


def expected(name: str) -> Any:
    """Return what stands in the JSON file beside a sample; it must hold something."""
    value = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    assert value
    return value


def as_data(value: object) -> object:
    """Return a configuration as JSON has it: durations in seconds, bytes as hex digits, tuples as lists."""
    return json.loads(json.dumps(dataclasses.asdict(value), default=_plain))  # type: ignore[call-overload]


def _plain(value: timedelta | bytes) -> float | str:
    return value.hex() if isinstance(value, bytes) else value.total_seconds()
