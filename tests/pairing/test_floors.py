"""Floors on real documents with known pairs, kept outside the project; skipped where they are absent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

FLOORS = [
    ("A_all", "full", 3, {"f1": 0.98, "auto_precision": 0.99, "auto_recall": 0.88}),
    ("A_all", "lead", 3, {"f1": 0.96}),
    ("A_all", "title", 3, {"f1": 0.90}),
    ("B_hard", "full", 0, {"f1": 0.975}),
    ("C_comparable", "full", 0, {"ranked_first": 0.88}),
]


@pytest.mark.parametrize(("folder", "view", "draws", "floors"), FLOORS)
def test_figures_do_not_sink(
    root: Path, shared: Path, folder: str, view: str, draws: int, floors: dict[str, float]
) -> None:
    data = shared / "bench" / "pairing" / folder
    command = [sys.executable, "benchmarks/pairing.py", "--data", str(data), "--view", view, "--draws", str(draws)]
    command += ["--weights", "shipped"]  # folds, which tell the truth, take their time
    out = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    figures = json.loads(out.stdout.splitlines()[-1])
    assert {name: figures[name] for name, floor in floors.items() if figures[name] < floor} == {}
    assert figures["traps"] is None or figures["traps"] <= 3
