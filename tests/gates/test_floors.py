"""No figure sinks below its floor; and floors do not sink by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import extraction
from tests.gates import floors

pytestmark = pytest.mark.long

FLOORS = {"at_least": {"f1": 0.95}, "at_most": {"invented": 1}}


def check(name: str, shared: Path) -> None:
    assert floors.sunk(floors.load()[name], floors.measured(name, shared)) == []


# Classes, so that two workers can share the measuring.
class TestExtraction:
    def test_extraction(self, shared):
        check("extraction", shared)


class TestLanguageAndListing:
    @pytest.mark.parametrize("name", ["language", "listing"])
    def test_language_and_listing(self, shared, name):
        check(name, shared)


class TestFloors:
    def test_each_benchmark_has_floors_and_none_is_empty(self):
        pinned = floors.load()
        assert set(pinned) == set(floors.MEASURES)
        assert all(bounds for sides in pinned.values() for bounds in sides.values())
        assert all(bound > 0.5 for sides in pinned.values() for bound in sides["at_least"].values())

    @pytest.mark.parametrize(
        ("figures", "fallen"),
        [
            ({"f1": 0.95, "invented": 1}, 0), ({"f1": 0.97, "invented": 0}, 0), ({"f1": 0.949, "invented": 1}, 1),
            ({"f1": 0.949, "invented": 2}, 2), ({"invented": 0}, 1), ({"f1": float("nan"), "invented": 0}, 1),
        ],
    )  # fmt: skip
    def test_a_figure_on_the_wrong_side_is_named(self, figures, fallen):
        assert len(floors.sunk(FLOORS, figures)) == fallen

    def test_floors_follow_what_got_better_only(self):
        assert floors.pinned(FLOORS, {"f1": 0.9678, "invented": 0}) == {
            "at_least": {"f1": 0.967}, "at_most": {"invented": 0},
        }  # fmt: skip
        assert floors.pinned(FLOORS, {"f1": 0.9, "invented": 7}) == FLOORS

    def test_lowering_a_floor_takes_the_flag(self):
        lowered = floors.pinned(FLOORS, {"f1": 0.9, "invented": 7}, allow_regression=True)
        assert lowered == {"at_least": {"f1": 0.9}, "at_most": {"invented": 7}}

    @pytest.mark.parametrize(("words", "status", "floor"), [([], 1, 0.95), (["--allow-regression"], 0, 0.9)])
    def test_update_refuses_to_lower_without_the_flag(self, tmp_path, monkeypatch, words, status, floor):
        file = tmp_path / "floors.json"
        file.write_text(json.dumps({"some": FLOORS}), encoding="utf-8")
        monkeypatch.setattr(floors, "FILE", file)
        monkeypatch.setattr(floors, "MEASURES", {"some": ("", lambda _folder: {"f1": 0.9, "invented": 0})})
        monkeypatch.setattr("sys.argv", ["floors", "--update", *words])
        assert floors.main() == status
        assert floors.load()["some"]["at_least"]["f1"] == floor


def test_the_russian_page_that_lost_most_against_trafilatura_is_the_figure():
    text = "Паром пришёл рано утром и привёз сто пассажиров из соседнего порта"
    rows = [{"id": f"{name}/1", "body": text} for name in ("ru", "fundus")] + [{"id": "ru/2", "body": text}]
    whole = extraction.Answer(text, "", None, 0.0)
    half = extraction.Answer(" ".join(text.split()[:7]), "", None, 0.0)
    theirs = {row["id"]: whole for row in rows}

    def loss(*answers):
        ours = dict(zip(("ru/1", "fundus/1", "ru/2"), answers, strict=True))
        return extraction._worst_ru_loss(rows, ours, theirs)

    assert loss(whole, half, whole) == 0  # other languages' pages are not meant
    assert loss(whole, whole, half) == pytest.approx(1 - 2 * 4 / (2 * 4 + 4), abs=1e-4)
    assert extraction._worst_ru_loss(rows, theirs, {row["id"]: half for row in rows}) == 0
