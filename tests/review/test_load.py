"""Three analysts at once, a pass beside them, and the desk killed under their hands: no word is lost, nothing fails."""

from __future__ import annotations

import pytest

from benchmarks import desk_load
from tests import databases

pytestmark = pytest.mark.long


def test_no_word_that_was_answered_with_success_is_lost(tmp_path, monkeypatch):
    for name, value in databases.variables(tmp_path / "store").items():
        monkeypatch.setenv(name, value)
    told = desk_load.measure(tmp_path, analysts=3, words=15, kills=1)
    assert told["words"] >= 40
    assert told["passes_meanwhile"] >= 1
    assert (told["failed"], told["analysts_with_lost_words"], told["stories_not_as_said"]) == ([], 0, [])
