"""What stands published is never undone: what would be changed is asked, and forgotten once it is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import analysts, pair_rows, pairs
from pipeline.model import Config, Item, Publisher, PublishRules, Verdict
from pipeline.pairing import pair, score
from pipeline.pairing.declared import named, targets
from pipeline.store import Store, open_store
from tests.test_cli_pairs import put

from .season import HOME, NOW, item, linked, paired, source, story_of
from .test_score import NEAR
from .test_stories import EN, OTHER, RU

CONFIG = Config(Publisher({}, "https://news.example.org/", ""), PublishRules(), ())
#: A short English notice that RU was linked to before the full version came.
NOTICE = item(
    "https://press.example/en/notice", "en", "Bridge in Kronstadt opens",
    "The Blue Bridge in Kronstadt has opened. Engineer Lev Gusarov was there.", "2023-05-10",
)  # fmt: skip


def told(items: list[Item], **more: object):  # type: ignore[no-untyped-def]
    given = {"stories": (), "verdicts": (), "sources": {}, "home": HOME, "now": NOW} | more
    return pair(items, **given)  # type: ignore[arg-type]


def test_a_better_partner_of_a_linked_article_is_proposed_and_the_link_stays() -> None:
    before = told([RU, NOTICE]).stories
    assert linked(before) == {(RU.article.url, NOTICE.article.url)}
    after = told([RU, NOTICE, EN], stories=before, fresh={EN.id})
    assert linked(after.stories) == linked(before)
    (one,) = after.proposals
    assert (one.kind, one.ru, one.en) == ("instead", RU.id, EN.id)
    assert one.probability > before[0].match.probability
    assert one.reasons


def test_a_linked_pair_that_is_no_longer_likely_is_proposed_to_part() -> None:
    (story,) = told([RU, EN]).stories
    rewritten = item(EN.article.url, "en", "Zoo closed", "The zoo is closed on Monday.", "2023-05-12")
    out = told([RU, rewritten, OTHER], stories=[story], fresh={rewritten.id})
    assert linked(out.stories)
    assert [(one.kind, one.ru, one.en) for one in out.proposals] in ([("part", RU.id, EN.id)], [])
    assert told([RU, EN], stories=[story]).proposals == ()


def test_what_an_analyst_has_settled_is_not_asked_again() -> None:
    before = told([RU, NOTICE]).stories
    for kind, en in (("confirm", NOTICE), ("reject", EN)):
        said = [Verdict(kind, RU.id, en.id, "an analyst", NOW)]
        assert told([RU, NOTICE, EN], stories=before, verdicts=said).proposals == ()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def test_proposals_are_kept_listed_and_gone_once_decided(store: Store) -> None:
    for one in ([RU, NOTICE], [EN]):
        put(store, *one)
        pairs.pair_up(store, CONFIG, NOW)
    (row,) = pair_rows.listed(store, "proposed", 0)
    assert (row["ru"]["url"], row["en"]["url"], row["proposal"]) == (RU.article.url, EN.article.url, "instead")
    assert row["reasons"][0].startswith("likelier than the pair that is linked")
    assert EN.article.title in pair_rows.pair_line(row)
    analysts.judge(store, CONFIG, analysts.Pair(RU, EN), "confirm", "an analyst", NOW)
    assert list(pair_rows.listed(store, "proposed", 0)) == []
    assert linked(store.stories.each()) == {(RU.article.url, EN.article.url)}
    store.close()


def test_another_matcher_looks_anew_at_what_is_open_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    recent = [replace(one, article=replace(one.article, published=replace(one.article.published, at=NOW)))
              for one in (RU, EN, OTHER)]  # fmt: skip
    put(store, *recent)
    pairs.pair_up(store, CONFIG, NOW)
    before = list(store.stories.each())
    seen: list[set[str]] = []
    whole = pairs._paired
    monkeypatch.setattr(
        pairs, "_paired", lambda window, fresh, now: (seen.append({i.id for i in fresh}), whole(window, fresh, now))[1]
    )
    pairs.pair_up(store, CONFIG, NOW)
    assert seen == []
    monkeypatch.setattr(score, "VERSION", score.VERSION + 1)
    pairs.pair_up(store, CONFIG, NOW + timedelta(hours=1))
    assert seen == [{OTHER.id}]
    assert list(store.stories.each()) == before
    pairs.pair_up(store, CONFIG, NOW + timedelta(hours=2))
    assert len(seen) == 1
    store.close()


def citing(html: str) -> Item:
    """Return EN as another site has it, with this HTML."""
    url = "https://wire.example/en/kronstadt"
    article = replace(EN.article, url=url, html=html, source="wire")
    return replace(EN, id=item(url, "en", "", "").id, article=article)


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        (f'<p>Ribbon cut.</p><p>Source: <a href="{RU.article.url}?a=1&amp;b=2">Press</a></p>', [f"{RU.article.url}?a=1&b=2"]),
        (f"<p>Источник — <em><a class='x' href='{RU.article.url}'>Пресса</a></em></p>", [RU.article.url]),
        (f'<p>Первоисточник:<br><a href="{RU.article.url}">Пресса</a></p>', []),
        (f'<p>A source of joy.</p><p><a href="{RU.article.url}">Zoo</a></p>', []),
        ('<p>Source: <a href="javascript:void(0)">Press</a></p>', []),
        ("<p>Source: Press</p>", []),
    ],
)  # fmt: skip
def test_the_source_an_article_names_is_read(html: str, urls: list[str]) -> None:
    assert list(named(citing(html))) == urls


def test_a_named_source_is_looked_for_wherever_it_lies_and_told() -> None:
    late = citing(f'<p>Source: <a href="{RU.article.url}">Press</a></p>')
    late = replace(late, article=replace(late.article, published=replace(late.article.published, at=NOW)))
    assert targets(late, {}) == {RU.id}
    story = story_of(paired([RU, late, OTHER]).stories, RU.article.url)
    assert story.match is not None
    assert story.match.reasons[0] == "one names the other as its source"


def test_a_retelling_that_names_its_source_is_still_held_for_a_look() -> None:
    clues = NEAR._replace(words=0.4, length=0.6, declared="source")
    assert score.probability(clues, score.shipped()) == score.RETOLD


def test_the_same_id_under_another_path_and_host_is_a_declaration() -> None:
    rules = {"uni": source("uni", versions=[{"same_id": r"/news/(\d+)"}])}
    ru = replace(RU, article=replace(RU.article, source="uni", url="https://news.old-uni.example/ru/news/6330/"))
    en = replace(
        EN, article=replace(EN.article, source="uni", url="https://news.uni.example/en/education/trend/news/6330")
    )
    story = paired([ru, en, OTHER], sources=rules).stories
    told_by = next(s.match.reasons for s in story if len(s.texts) == 2)
    assert told_by[0] == "declared by address rule"
