"""The stage from end to end: the season's pairs, ids, states, late arrivals, verdicts."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from pipeline.model import Alternate, Image, Item, Verdict
from pipeline.pairing.links import CONFIRMED

from .season import NOW, Season, item, linked, paired, season, source, story_of

RU = item(
    "https://press.example/ru/most", "ru", "Мост в Кронштадте открыли после ремонта",
    "Синий мост в Кронштадте открыли после ремонта, длившегося 14 месяцев. Ленту перерезал инженер Лев Гусаров.",
    "2023-05-10",
)  # fmt: skip
EN = item(
    "https://press.example/en/bridge", "en", "Bridge in Kronstadt opens after repairs",
    "The Blue Bridge in Kronstadt has opened after 14 months of repairs. Engineer Lev Gusarov cut the ribbon.",
    "2023-05-12",
)  # fmt: skip
OTHER = item(
    "https://press.example/en/zoo", "en", "Zoo names its baby giraffe",
    "Visitors of the zoo have chosen a name for the giraffe born in March. The keepers will announce it on Sunday.",
    "2023-05-11",
)  # fmt: skip


def word(kind: str, ru: Item = RU, en: Item = EN, hours: int = 0) -> Verdict:
    return Verdict(kind, ru.id, en.id, "an analyst", NOW + timedelta(hours=hours))


@pytest.fixture(scope="module")
def news() -> Season:
    return season()


@pytest.fixture(scope="module")
def told(news: Season):  # type: ignore[no-untyped-def]
    return paired(news.items, sources=news.sources)


def test_every_pair_of_the_season_is_found_and_no_decoy(news: Season, told) -> None:  # type: ignore[no-untyped-def]
    assert len(news.pairs) >= 20
    assert linked(told.stories) == news.pairs


def test_the_pairs_are_found_by_content_alone(news: Season) -> None:
    assert linked(paired(news.items).stories) == news.pairs


def test_decoys_stay_single_or_wait_for_review(news: Season, told) -> None:  # type: ignore[no-untyped-def]
    in_pairs = {url for both in news.pairs for url in both}
    decoys = [s for s in told.stories for t in s.texts.values() if t.lead.article.url not in in_pairs]
    assert len(decoys) >= 9
    assert all(one.match is None or one.match.probability < 0.5 for one in decoys)


def test_numbers_alone_do_not_make_a_pair(told) -> None:  # type: ignore[no-untyped-def]
    lindens = story_of(told.stories, "https://wire.example/news.php?id=2050&lang=l1")
    assert lindens.state != "linked"
    assert list(lindens.texts) == ["ru"]


def test_copies_become_one_text_and_a_shared_title_does_not(news: Season, told) -> None:  # type: ignore[no-untyped-def]
    held = {frozenset(i.article.url for i in t.items) for s in told.stories for t in s.texts.values()}
    assert set(news.copies) <= held
    assert sum(len(urls) > 1 for urls in held) == 1


def test_every_item_stands_in_exactly_one_story(news: Season, told) -> None:  # type: ignore[no-untyped-def]
    ids = [i.id for s in told.stories for t in s.texts.values() for i in t.items]
    assert sorted(ids) == sorted(i.id for i in news.items)
    assert [s.id for s in told.stories] == sorted({s.id for s in told.stories})


def test_reasons_are_what_a_person_would_give(told) -> None:  # type: ignore[no-untyped-def]
    story = story_of(told.stories, "https://bureau.example/news/385/")
    assert story.match is not None
    assert story.match.reasons[:2] == ("declared by address rule", "same day")
    assert "Речиц–Rechits" in "; ".join(story.match.reasons)
    assert "2300" in "; ".join(story.match.reasons)
    assert any(reason.startswith("titles share ") for reason in story.match.reasons)
    assert story.match.reasons[-1].startswith("margin 0.")


def test_days_and_large_numbers_read_well(told) -> None:  # type: ignore[no-untyped-def]
    council = story_of(told.stories, "https://cleantech.example/posts/sovet-klasterov")
    assert council.match is not None
    assert "day 20 December; numbers 118,000,000, " in "; ".join(council.match.reasons)


def test_ids_are_minted_from_home_language_and_address() -> None:
    story = story_of(paired([RU]).stories, RU.article.url)
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, "https://news.example.org/")
    assert story.id == uuid.uuid5(namespace, "story https://press.example/ru/most").urn
    assert story.texts["ru"].id == uuid.uuid5(namespace, "text ru https://press.example/ru/most").urn


def test_a_pair_seen_at_once_is_dated_by_its_articles() -> None:
    (story,) = paired([EN, RU]).stories
    assert (story.state, story.updated, story.first_seen) == ("linked", EN.updated, RU.first_seen)
    assert list(story.texts) == ["ru", "en"]


def test_a_late_version_joins_without_a_new_id() -> None:
    (first,) = paired([RU]).stories
    (story,) = paired([RU, EN], stories=[first], now=NOW + timedelta(days=1)).stories
    assert (story.id, story.state, story.updated) == (first.id, "linked", NOW + timedelta(days=1))
    assert story.texts["ru"].id == first.texts["ru"].id
    again = paired([RU, EN], stories=[story], now=NOW + timedelta(days=2))
    assert again.stories == (story,)


def test_two_known_stories_become_one_and_the_younger_id_an_alias() -> None:
    older = paired([RU]).stories[0]
    seen_later = item(EN.article.url, "en", EN.article.title, EN.article.text, "2023-05-12", first_seen=NOW)
    younger = paired([seen_later]).stories[0]
    out = paired([RU, seen_later], stories=[younger, older])
    assert out.merged == ((younger.id, older.id),)
    assert (out.stories[0].id, out.stories[0].aliases, out.stories[0].updated) == (older.id, (younger.id,), NOW)


def test_the_older_story_keeps_its_id_whatever_its_language() -> None:
    seen_later = item(RU.article.url, "ru", RU.article.title, RU.article.text, "2023-05-10", first_seen=NOW)
    older, younger = paired([EN]).stories[0], paired([seen_later]).stories[0]
    assert paired([seen_later, EN], stories=[older, younger]).merged == ((younger.id, older.id),)


@pytest.mark.parametrize("kind", ["reject", "split", "same-event"])
def test_a_linked_pair_is_parted_only_by_an_analyst(kind: str) -> None:
    (story,) = paired([RU, EN]).stories
    out = paired([RU, EN], stories=[story], verdicts=[word(kind)])
    assert [s.state for s in out.stories] == ["single", "single"]
    assert story_of(out.stories, RU.article.url).id == story.id
    assert story_of(out.stories, RU.article.url).updated == NOW
    own = story_of(out.stories, EN.article.url)
    assert own.id == story_of(paired([EN]).stories, EN.article.url).id
    assert own.texts["en"].id == story.texts["en"].id
    assert paired([RU, EN], stories=out.stories, verdicts=[word(kind)]).stories == out.stories


def test_a_merged_story_that_is_parted_takes_its_own_id_back() -> None:
    apart = [*paired([RU]).stories, *paired([EN]).stories]
    together = paired([RU, EN], stories=apart)
    parted = paired([RU, EN], stories=together.stories, verdicts=[word("split")])
    assert {s.id for s in parted.stories} == {s.id for s in apart}
    assert all(s.aliases == () for s in parted.stories)


def test_what_is_linked_stays_linked_when_texts_no_longer_agree() -> None:
    (story,) = paired([RU, EN]).stories
    rewritten = item(EN.article.url, "en", "Zoo closed", "The zoo is closed on Monday.", "2023-05-12")
    (kept,) = paired([RU, rewritten], stories=[story]).stories
    assert (kept.id, kept.state, kept.match) == (story.id, "linked", story.match)


def test_a_confirmed_pair_is_linked_whatever_the_score_says() -> None:
    out = paired([RU, EN, OTHER], verdicts=[word("confirm", RU, OTHER)])
    story = story_of(out.stories, RU.article.url)
    assert story.texts["en"].lead == OTHER
    assert story.match is not None
    assert (story.match.probability, story.match.reasons[0]) == (1.0, CONFIRMED)
    assert paired([RU, EN, OTHER], stories=out.stories, verdicts=[word("confirm", RU, OTHER)]).stories == out.stories


def test_the_latest_word_holds() -> None:
    assert linked(paired([RU, EN], verdicts=[word("confirm", hours=2), word("reject", hours=1)]).stories)
    assert not linked(paired([RU, EN], verdicts=[word("confirm", hours=1), word("reject", hours=2)]).stories)


def test_a_version_outside_the_window_is_not_proposed_unless_declared() -> None:
    late = item(EN.article.url, "en", EN.article.title, EN.article.text, "2023-06-20")
    assert {s.state for s in paired([RU, late]).stories} == {"single"}
    declared = item(
        EN.article.url, "en", EN.article.title, EN.article.text, "2023-06-20",
        alternates=(Alternate(RU.article.url, "ru", "hreflang"),),
    )  # fmt: skip
    (story,) = paired([RU, declared]).stories
    assert story.match is not None
    assert "declared by hreflang" in story.match.reasons


def test_a_declared_version_with_nothing_in_common_waits_for_review() -> None:
    section = item(
        "https://press.example/en/news/", "en", "News of the zoo",
        "Visitors of the zoo have chosen a name for the giraffe born in March. The keepers will announce it soon.",
        "2023-05-11",
    )  # fmt: skip
    pointing = item(
        RU.article.url, "ru", RU.article.title, RU.article.text, "2023-05-10",
        alternates=(Alternate(section.article.url, "en", "switch"),),
    )  # fmt: skip
    out = paired([pointing, section])
    assert [s.state for s in out.stories] == ["review", "review"]
    assert out.stories[0].match is not None
    assert out.stories[0].match.reasons[:2] == (
        "declared by the page's language switch", "but the texts have nothing in common",
    )  # fmt: skip
    with_the_true_one = paired([pointing, section, EN])
    assert linked(with_the_true_one.stories) == {(RU.article.url, EN.article.url)}


def test_an_address_that_many_articles_claim_is_no_claim() -> None:
    link = (Alternate(OTHER.article.url, "en", "switch"),)
    texts = ("Трамвай сошёл с рельсов на Лиговском.", "Библиотека Маяковского продлит часы.", "Рынок закрыт до июля.")
    pointing = [
        item(f"https://press.example/ru/{n}", "ru", text, text, "2023-05-10", alternates=link)
        for n, text in enumerate(texts)
    ]
    assert {s.state for s in paired([*pointing, OTHER]).stories} == {"single"}


def test_a_shared_picture_counts_and_a_logo_does_not() -> None:
    def with_picture(one: Item, name: str) -> Item:
        image = (Image(f"https://press.example/upload/{name}"),)
        return item(one.article.url, one.language.code, one.article.title, one.article.text, "2023-05-10", images=image)

    story = paired([with_picture(RU, "most_2023.jpg"), with_picture(EN, "thumb/most_2023.jpg?w=300")]).stories[0]
    assert story.match is not None
    assert "same picture" in story.match.reasons
    everyone = [
        item(f"https://press.example/{n}", "ru", f"Новость {n}", "", "2023-05-10", images=(Image("/logo-big.png"),))
        for n in range(4)
    ]
    story = story_of(
        paired([*everyone, with_picture(RU, "logo-big.png"), with_picture(EN, "logo-big.png")]).stories, RU.article.url
    )
    assert story.match is not None
    assert "same picture" not in story.match.reasons


def test_other_languages_stand_alone() -> None:
    both = item("https://press.example/both", "mixed", "Новости / News", "Текст. Text.", "2023-05-10")
    out = paired([RU, EN, both])
    assert story_of(out.stories, both.article.url).state == "single"
    assert len(out.stories) == 2


def test_nothing_given_nothing_told() -> None:
    assert paired([]).stories == ()


def test_items_without_text_are_told_alone() -> None:
    empty = [item(f"https://press.example/{code}/x", code, "", "", "2023-05-10") for code in ("ru", "en")]
    assert {s.state for s in paired(empty, sources={"press": source("press")}).stories} == {"single"}
