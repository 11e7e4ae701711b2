"""What is hidden from an import is hidden from it alone."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from pipeline import frugal

PASS = """
import sys
from pipeline import frugal
with frugal.unsearched():
    from pipeline import newsroom, passes
print(*sorted({"rich", "httpx._main", "htmldate", "pipeline.extract.page", "trafilatura", "bs4", "feedparser"} & sys.modules.keys()))
import rich.console, httpx._main
"""


def test_what_is_without_a_module_does_without_and_the_next_has_it():
    was = sys.modules.pop("colorsys", None)
    try:
        with frugal.without("colorsys", "json"):
            with pytest.raises(ImportError):
                import colorsys
            import json  # it was there before
        import colorsys

        assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
        assert json.loads("1") == 1
    finally:
        if was is not None:
            sys.modules["colorsys"] = was


def test_what_is_named_in_an_unfilled_module_is_a_class_and_the_next_has_what_it_holds():
    was = sys.modules.pop("colorsys", None)
    try:
        with frugal.unfilled("colorsys", "json"):
            import json  # it was there before
            from colorsys import rgb_to_hsv
        assert isinstance(rgb_to_hsv, type)
        assert json.loads("1") == 1
        from colorsys import rgb_to_hsv

        assert rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
    finally:
        if was is not None:
            sys.modules["colorsys"] = was


def test_what_stays_is_not_gone_through_again():
    was, frozen = gc.isenabled(), gc.get_freeze_count()
    try:
        with frugal.staying():
            assert not gc.isenabled()
            made = [[] for _ in range(1000)]
        assert gc.isenabled() == was
        assert gc.get_freeze_count() >= frozen + len(made)
    finally:
        gc.unfreeze()


def test_a_process_that_ends_soon_hardly_searches_for_cycles():
    usual = gc.get_threshold()
    try:
        frugal.end_soon()
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 100_000
    finally:
        gc.set_threshold(*usual)


def test_a_pass_begins_without_what_only_others_need():
    done = subprocess.run([sys.executable, "-c", PASS], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == []
