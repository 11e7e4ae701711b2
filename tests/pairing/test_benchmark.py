"""The benchmark needs two files, keeps its promises on figures and predictions, and measures nothing by what saw it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from .season import NEWS_PAIRS, documents

KEYS = {
    "precision", "recall", "f1", "auto_precision", "auto_recall", "ranked_first", "traps", "ece", "docs_per_cpu_s",
}  # fmt: skip


@pytest.fixture
def bench(root: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.syspath_prepend(root / "benchmarks")
    return SimpleNamespace(**runpy.run_path(str(root / "benchmarks" / "pairing.py")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in documents())
    (tmp_path / "docs.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "gold.tsv").write_text("".join(f"{ru}\t{en}\n" for ru, en in NEWS_PAIRS), encoding="utf-8")
    return tmp_path


def test_documents_it_has_never_seen_are_scored_by_the_shipped_weights(
    bench: SimpleNamespace, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out.tsv"
    assert bench.main(["--data", str(folder), "--predictions", str(out)]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told.keys() >= KEYS
    assert (told["traps"], told["weights"]) == (None, "shipped")
    assert told["f1"] > 0.9
    rows = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    assert all(len(row) == 3 and 0.5 <= float(row[2]) <= 1 for row in rows)
    assert len({row[0] for row in rows}) == len({row[1] for row in rows}) == len(rows)
    assert len({(row[0], row[1]) for row in rows} & set(NEWS_PAIRS)) == round(told["recall"] * len(NEWS_PAIRS))


def test_documents_the_weights_were_fitted_on_are_scored_by_folds(
    bench: SimpleNamespace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = NEWS_PAIRS[0]
    monkeypatch.setitem(bench.judge.__globals__, "fitted_on", lambda: {bench.mark(one) for one in seen})
    everyone = [one["id"] for one in documents()]
    judge, by = bench.judge(folder, everyone, "auto", None)
    assert by == f"five-fold by story, for 2 documents; shipped, for the {len(everyone) - 2} others"
    assert judge.story == dict.fromkeys(seen, seen[0])
    assert len(judge.folds) == 5
    assert bench.judge(folder, everyone, "shipped", None)[1] == "shipped"


def test_the_weights_say_what_they_were_fitted_on(bench: SimpleNamespace, root: Path) -> None:
    kept = json.loads((root / "pipeline" / "pairing" / "weights.json").read_text(encoding="utf-8"))
    assert "A_all" in kept["on"]
    assert kept["figures"].keys() >= {"f1", "auto_precision", "ece"}
    assert len(bench.fitted_on()) == 362
    assert len(kept["clues"]) + 1 <= 12
