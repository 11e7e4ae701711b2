"""Copies of one release are one text; templates, series and same titles are not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pipeline.model import Item, Language
from pipeline.pairing.duplicates import grouped
from pipeline.pairing.features import digest, features, read

from .season import item, paired, season

NEWS = season()
BOILERPLATE = (
    "Подписывайтесь на наш канал и читайте городские новости каждый день. При использовании материалов ссылка на "
    "издание обязательна. Редакция не отвечает за содержание комментариев читателей."
)  # fmt: skip
WORDS = sorted({w for i in NEWS.items if i.language.code == "ru" for w in i.article.text.split() if len(w) > 3})


def release(chance: random.Random, sentences: int = 12) -> str:
    """Make up a text of four paragraphs."""
    told = [" ".join(chance.choice(WORDS) for _ in range(14)).capitalize() + "." for _ in range(sentences)]
    return "\n".join(" ".join(told[at : at + 3]) for at in range(0, sentences, 3))


def copy(text: str, chance: random.Random) -> str:
    """Change a release as another site would: an excerpt, small edits, other order, its own boilerplate."""
    paragraphs = text.split("\n")
    way = chance.randrange(4)
    if way == 0:
        return "\n".join(paragraphs[: chance.randint(2, 3)])
    if way == 1:
        words = text.split(" ")
        for _ in range(len(words) // 25):
            words[chance.randrange(len(words))] = chance.choice(WORDS)
        return " ".join(words)
    if way == 2:
        chance.shuffle(paragraphs)
        return "\n".join(paragraphs)
    return f"{text}\n{BOILERPLATE}"


@pytest.mark.parametrize("code", ["mixed", "other"])
def test_repeats_in_languages_without_sides_are_found_by_less(code: str) -> None:
    chance = random.Random(11)
    text = release(chance)
    one = item("https://press.example/a", code, "Форум", text, "2023-05-10")
    again = item("https://press.example/b", code, "Форум", copy(text, chance), "2023-05-10")
    apart = item("https://press.example/c", code, "Форум", release(chance), "2023-05-10")
    assert groups([one, again, apart]) == {
        frozenset({one.article.url, again.article.url}), frozenset({apart.article.url})
    }  # fmt: skip
    seen, whole = features(one), read(one.article.title, one.article.text)
    assert (seen.whole.numbers, seen.length) == (whole.whole.numbers, whole.length)
    assert (seen.shingles == whole.shingles).all()
    assert digest(one) != digest(replace(one, language=Language("ru", 1.0)))  # what is kept of one serves not the other


def groups(items: list[Item], **more: object) -> set[frozenset[str]]:
    found = grouped(items, {i.id: features(i) for i in items}, **more)  # type: ignore[arg-type]
    return {frozenset(i.article.url for i in group) for group in found}


def post(name: str, text: str, source: str = "press", date: str = "2020-05-12", title: str = "Новости") -> Item:
    return item(f"https://{source}.example/{name}", "ru", title, text, date, source=source)


def test_generated_near_copies_are_found_and_same_titles_kept_apart() -> None:
    chance = random.Random(5)
    items, true = [], set()
    for n in range(200):
        text = release(chance)
        items += [post(f"a{n}", text, "press"), post(f"b{n}", copy(text, chance), "wire")]
        true.add(frozenset(i.article.url for i in items[-2:]))
    for n in range(50):
        items += [post(f"c{n}", release(chance), "forum", title=f"Дайджест {n}")]
        items += [post(f"d{n}", release(chance), "forum", title=f"Дайджест {n}")]
    found = {group for group in groups(items) if len(group) > 1}
    assert len(found & true) >= 0.95 * len(true)
    assert len(found & true) >= 0.99 * len(found)


def test_a_source_s_self_description_does_not_make_its_posts_one() -> None:
    about = release(random.Random(1))
    posts = [post(f"p{n}", f"{release(random.Random(n), 3)}\n{about}") for n in range(2, 7)]
    assert groups(posts) == {frozenset([p.article.url]) for p in posts}


def test_a_yearly_announcement_with_other_numbers_stays_two() -> None:
    text = "Приём заявок на конкурс идей открыт до {} апреля, победителей назовут {} мая на заседании совета кластеров."
    long = text + " " + release(random.Random(3), 6)
    posts = [post("one", long.format(10, 12)), post("two", long.format(11, 14), date="2020-05-20")]
    assert len(groups(posts)) == 2
    assert len(groups([post("one", long.format(10, 12)), post("two", long.format(10, 12))])) == 1


def test_the_same_words_a_season_later_are_news_again() -> None:
    text = release(random.Random(4))
    assert len(groups([post("x", text), post("y", text, "wire", date="2020-08-12")])) == 2


def test_known_texts_grow_but_never_merge() -> None:
    text = release(random.Random(6))
    a, b, c = post("a", text), post("b", text, "wire"), post("c", text, "forum")
    assert groups([a, b, c], known=[[a.id], [b.id]]) in (
        {frozenset([a.article.url, c.article.url]), frozenset([b.article.url])},
        {frozenset([b.article.url, c.article.url]), frozenset([a.article.url])},
    )
    assert len(groups([a, b], apart=[a.id, b.id])) == 2


@pytest.mark.parametrize("text", ["", "Коротко.", "Две строки текста, не больше."])
def test_too_little_text_tells_nothing(text: str) -> None:
    assert len(groups([post("a", text), post("b", text, "wire")])) == 2


def test_the_earliest_published_copy_leads_and_the_text_keeps_its_id() -> None:
    text = release(random.Random(7))
    late, early = post("late", text, date="2020-05-14"), post("early", text, "wire", date="2020-05-12")
    (first,) = paired([late]).stories
    (story,) = paired([late, early], stories=[first]).stories
    assert [i.id for i in story.texts["ru"].items] == [early.id, late.id]
    assert (story.id, story.texts["ru"].id) == (first.id, first.texts["ru"].id)
