"""Scored pairs beside the true ones → precision, recall, ranking, calibration; the pairs taken, as a table."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline.pairing.match import assigned

Pair = tuple[str, str]


def measure(
    probabilities: Mapping[Pair, float], gold: Collection[Pair], traps: Collection[Pair] | None
) -> dict[str, float | None]:
    """Return the figures of one sample."""
    rows, columns = sorted({ru for ru, _ in probabilities}), sorted({en for _, en in probabilities})
    at = ({one: n for n, one in enumerate(rows)}, {one: n for n, one in enumerate(columns)})
    scores = {(at[0][ru], at[1][en]): p for (ru, en), p in probabilities.items()}
    taken = {(rows[a], columns[b]): scores[a, b] for a, b in assigned(scores, 0.1)}
    told = [pair for pair, p in taken.items() if p >= 0.5]
    sure = [pair for pair, p in taken.items() if p >= 0.9]
    right, surely = len(set(told) & set(gold)), len(set(sure) & set(gold))
    precision, recall = right / max(1, len(told)), right / max(1, len(gold))
    best: dict[str, tuple[float, str]] = {}
    for (ru, en), p in sorted(probabilities.items()):
        best[ru] = max(best.get(ru, (0.0, "")), (p, en))
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "auto_precision": surely / max(1, len(sure)),
        "auto_recall": surely / max(1, len(gold)),
        "ranked_first": statistics.mean(best.get(ru, (0.0, ""))[1] == en for ru, en in gold),
        "traps": None if traps is None else len(set(told) & set(traps)),
        "ece": calibration_error(taken, gold),
    }


def calibration_error(taken: Mapping[Pair, float], gold: Collection[Pair]) -> float:
    """Return the mean gap between probability and truth over ten bins of the pairs taken."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for pair, p in taken.items():
        bins.setdefault(min(9, int(p * 10)), []).append((p, pair in gold))
    gaps = [abs(sum(p for p, _ in ones) - sum(same for _, same in ones)) for ones in bins.values()]
    return sum(gaps) / max(1, len(taken))


def write(path: Path, probabilities: Mapping[Pair, float]) -> None:
    """Write the one-to-one pairs of p ≥ 0.5: ru_id, en_id, probability."""
    rows, columns = sorted({ru for ru, _ in probabilities}), sorted({en for _, en in probabilities})
    scores = {(rows.index(ru), columns.index(en)): p for (ru, en), p in probabilities.items()}
    taken = [(rows[a], columns[b], scores[a, b]) for a, b in assigned(scores, 0.1) if scores[a, b] >= 0.5]
    path.write_text("".join(f"{ru}\t{en}\t{p:.4f}\n" for ru, en, p in taken), encoding="utf-8")
