"""Words are learned where several pairs bear them out, and never speak for the pairs they came from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Story
from pipeline.pairing import lexicon, read, stories
from pipeline.pairing.learned import Learned, learn, told, unpacked
from pipeline.pairing.proposals import clues_of, text_clues
from pipeline.pairing.words import stem

from .season import HOME, NOW, item

LEXICON = lexicon.shipped()
#: Words that no lexicon has, made up so that they do not sound alike; two of them in each pair.
RU = ("бормолка", "щупель", "кувыдра", "шмаровик", "лепуха", "зымгота", "чурбизна", "вогрыня")
EN = ("quilfenoth", "drazzimor", "plinketud", "yorbane", "scathmoon", "jubblerick", "fenwold", "trosk")


def pairs(count: int = 40, start: int = 0):  # type: ignore[no-untyped-def]
    out = []
    for n in range(start, start + count):
        ours = sorted({n % 8, (3 * n // 8 + 2 * n + 1) % 8})
        ru = item(f"https://a.example/ru/{n}", "ru", f"Новость {n}", " ".join(RU[place] for place in ours))
        en = item(f"https://a.example/en/{n}", "en", f"News {n}", " ".join(EN[place] for place in ours))
        out.append((ru, en))
    return out


def taught(some):  # type: ignore[no-untyped-def]
    return [told((ru.id, en.id), read(ru), read(en), LEXICON) for ru, en in some]


def test_each_word_finds_its_translation() -> None:
    table = learn(Learned(), taught(pairs()))
    best = {one: max(options, key=lambda other: options[other]) for one, options in table.english.items()}
    assert best == {stem(ru): stem(en) for ru, en in zip(RU, EN, strict=True)}
    assert all(worth < 1 for options in table.english.values() for worth in options.values())


def test_one_pair_teaches_nothing() -> None:
    assert learn(Learned(), taught(pairs(1))).english == {}


def test_batches_add_up_and_no_pair_counts_twice() -> None:
    first = learn(Learned(), taught(pairs(16)))
    both = learn(first, taught(pairs()))
    assert both.ru == learn(Learned(), taught(pairs())).ru
    assert learn(both, taught(pairs())) == both
    assert both.english.keys() == learn(Learned(), taught(pairs())).english.keys()


def test_order_does_not_matter_and_what_is_kept_comes_back() -> None:
    table = learn(Learned(), taught(pairs()))
    assert learn(Learned(), reversed(taught(pairs()))) == table
    back = unpacked(table.packed())
    assert (back.ru, back.en, back.pairs) == (table.ru, table.en, table.pairs)
    assert {one: {*options} for one, options in back.english.items()} == {
        one: {*options} for one, options in table.english.items()
    }


def words(table: Learned, ru, en) -> float:  # type: ignore[no-untyped-def]
    ((_, clues),) = text_clues([read(ru)], [read(en)], LEXICON, table).items()
    return clues.words


def test_learned_words_only_ever_speak_for_a_pair() -> None:
    table = learn(Learned(), taught(pairs()))
    (ru, en), (_, other) = pairs(2, start=100)
    ru, en, other = (replace(one, article=replace(one.article, title=t)) for one, t in
                     ((ru, "Губернатор Речиц открыл мост"), (en, "Governor Rechits opened the bridge"),
                      (other, "Governor Rechits closed the museum")))  # fmt: skip
    assert words(table, ru, en) > words(Learned(), ru, en)
    stranger = replace(other, article=replace(other.article, text="Nothing of the kind."))
    assert words(table, ru, stranger) == words(Learned(), ru, stranger)


@pytest.mark.parametrize("count", [24, 40])
def test_what_was_learned_from_is_judged_without_it(count: int) -> None:
    some = pairs(count)
    table = learn(Learned(), taught(some))
    items = [one for pair in some[:6] for one in pair]

    def judged(learned: Learned) -> tuple[Story, ...]:
        return stories.pair(
            items, stories=(), verdicts=(), sources={}, home=HOME, now=NOW, learned=learned
        ).stories  # fmt: skip

    assert table.english
    assert judged(table) == judged(Learned())


def test_the_clues_that_weights_are_fitted_on_know_nothing_learned() -> None:
    ru, en = zip(*pairs(6), strict=True)
    assert clues_of(list(ru), list(en), LEXICON)
