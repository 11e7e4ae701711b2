"""How requests ended, in words: none is left out, and what is not known is shown as it is."""

from __future__ import annotations

import pytest

from pipeline.model import FETCH_KINDS
from pipeline.review import outcomes, tongue
from pipeline.store.asking import JUDGED

KINDS = sorted({*FETCH_KINDS, *JUDGED, "status-404", "status-418"})


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_outcome_has_words_of_its_own(language):
    _ = tongue.translations(language).gettext
    said = [outcomes.told(kind, _) for kind in KINDS]
    assert not set(said) & (set(KINDS) - {"empty"})
    assert len(set(said)) == len(KINDS)
    assert language == "en" or all(any("а" <= letter <= "я" for letter in one) for one in said)


def test_the_number_of_an_answer_stays_and_the_programs_word_is_on_hovering():
    _ = tongue.translations("ru").gettext
    assert outcomes.shown("status-404", _) == '<span title="status-404">страницы нет (404)</span>'
    assert outcomes.shown("status-418", _) == '<span title="status-418">ответ 418</span>'
    assert outcomes.shown("<b>", _) == "<code>&lt;b&gt;</code>"
