"""How an article read before: the difference between two wordings, and the verb that shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline import cli, cli_history
from pipeline.history import Change, diff, shortened, steps
from tests.replay.test_replay import LATER, NOW, STORIES, again, at, collected, older, room  # noqa: F401  # fixtures

WORDS = st.lists(st.sampled_from(["порт", "паром", "20", " ", "\n", ",", "the", "é", "\x85", " "]), max_size=25).map(
    "".join
)


def marked(old: str, new: str) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "come": "[+{}+]"}
    return "".join(signs[one.kind].format(one.text) for one in diff(old, new))


@given(WORDS, WORDS)
@example("", "")
@example("a", "")
@example("", "b c")
def test_a_difference_holds_both_wordings(old: str, new: str) -> None:
    found = diff(old, new)
    assert "".join(one.text for one in found if one.kind != "come") == old
    assert "".join(one.text for one in found if one.kind != "gone") == new
    assert all(one.text for one in found)
    assert all(one.kind != other.kind for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Паром пришёл утром.", "Паром пришёл вечером.", "Паром пришёл [-утром-][+вечером+]."),
        ("Первый абзац.\nВторой.", "Первый абзац.\nНовый абзац.\nВторой.", "Первый абзац.\n[+Новый абзац.\n+]Второй."),
        ("Один два три", "Один три", "Один [-два -]три"),
        ("20 декабря 2019 года", "21 декабря 2020 года", "[-20-][+21+] декабря [-2019-][+2020+] года"),
        ("Совсем одно", "It has nothing alike", "[-Совсем одно-][+It has nothing alike+]"),
        ("Мост открыт вчера днём, сказал мэр города", "Мост закрыт завтра в полдень, сказал мэр города",
         "Мост [-открыт вчера днём-][+закрыт завтра в полдень+], сказал мэр города"),
        ("Ровно то же", "Ровно то же", "Ровно то же"),
    ],
)  # fmt: skip
def test_words_that_changed_are_told(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown


def test_a_long_text_is_compared_paragraph_by_paragraph() -> None:
    old = "\n".join(f"Абзац {number} о том, как строили мост и что из этого вышло." for number in range(3_000))
    found = diff(old, old.replace("Абзац 1500 о", "Раздел 1500 о"))

    assert [one.text for one in found if one.kind != "same"] == ["Абзац", "Раздел"]


def test_what_stayed_can_be_left_out() -> None:
    before, after = "до " * 100, " после" * 100
    short = shortened(diff(before + "утром" + after, before + "вечером" + after), context=10)

    assert [one.kind for one in short] == ["same", "gone", "come", "same"]
    assert all(len(one.text) <= 20 for one in short)
    assert short[0].text.endswith("до ")
    assert short[-1].text.startswith(" после")
    assert shortened((Change("same", "коротко"),)) == (Change("same", "коротко"),)


@pytest.fixture
def corrected(collected):  # noqa: F811
    """An article that a replay put right twice: its words and its date."""
    older(collected, 1, title="Порт принял первый поезд", text="Паром пришёл поздно вечером.")
    with collected.store._engine.begin() as connection:  # as if that had been its first wording
        connection.exec_driver_sql(
            "UPDATE revisions SET title = 'Порт принял первый поезд', text = 'Паром пришёл поздно вечером.'"
        )
    again(collected)
    return collected


def test_steps_tell_what_changed_between_wordings(corrected) -> None:
    (key,) = corrected.store.removals.find(at(1))
    revisions = corrected.store.articles.history(key)
    first, second = steps(revisions)

    assert (first.revision.at, second.revision.at) == (NOW, LATER)
    assert (first.title, first.text) == ((), ())
    assert [one.text for one in second.title if one.kind != "same"] == ["поезд", "паром"]
    assert second.text
    assert (second.published, second.language, second.html) == (False, False, False)
    assert second.revision.title == STORIES[1][0]
    assert (second.revision.language, second.revision.evidence) == ("ru", "page")

    moved = replace(revisions[1], published=revisions[1].published + timedelta(days=1), html="<p>x</p>")
    assert [steps([revisions[1], moved])[1].published, steps([revisions[1], moved])[1].html] == [True, True]
    # Before dates were kept with revisions nothing can be said of them.
    assert not steps([replace(revisions[1], language="", published=None), moved])[1].published


def test_the_verb_shows_it(corrected, tmp_path) -> None:
    (key,) = corrected.store.removals.find(at(1))
    for what in (at(1), key):
        told = CliRunner().invoke(cli.app, ["history", what, "--store", str(tmp_path / "store")])
        assert told.exit_code == 0, told.output
        assert "Порт принял первый [-поезд-]{+паром+}" in told.output
        assert "2 wordings" in told.output
    raw = CliRunner().invoke(cli.app, ["history", key, "--json", "--store", str(tmp_path / "store")])
    (row,) = json.loads(raw.output)
    assert [one["title"] for one in row["revisions"]] == ["Порт принял первый поезд", STORIES[1][0]]
    assert {"kind": "come", "text": "паром"} in row["revisions"][1]["changes"]["title"]
    unknown = CliRunner().invoke(cli.app, ["history", "a" + "0" * 15, "--store", str(tmp_path / "store")])
    assert "no article is known" in str(unknown.exception)


def test_on_a_terminal_what_went_is_struck_out(corrected) -> None:
    (key,) = corrected.store.removals.find(at(1))
    page = cli_history.shown(key, steps(corrected.store.articles.history(key)), styled=True)

    styles = {page.plain[span.start : span.end]: str(span.style) for span in page.spans}
    assert styles["поезд"] == "red strike"
    assert styles["паром"] == "green"
