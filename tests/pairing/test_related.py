"""Two tellings of one event stand beside each other and are never one story."""

from __future__ import annotations

from datetime import timedelta

from pipeline.model import Item, PairingRules, Story, Verdict
from pipeline.pairing import pair, score
from pipeline.pairing.related import SAME_EVENT

from .season import HOME, NOW, item, paired, story_of
from .test_score import FAR, NEAR
from .test_stories import EN, OTHER, RU

#: The event of RU and EN, as another site tells it.
RETOLD = item(
    "https://wire.example/en/kronstadt", "en", "Kronstadt celebrates its Blue Bridge",
    "A brass band, fireworks and free pies: Kronstadt spent Wednesday on the embankment, where the Blue Bridge is open "
    "again. Residents had missed their shortcut to the market. Engineer Lev Gusarov, who led the works, cut the ribbon "
    "and thanked everybody for their patience during 14 months of repairs.",
    "2023-05-11", source="wire",
)  # fmt: skip
LOOSE = PairingRules(related=0.05)
WORD = Verdict("same-event", RU.id, EN.id, "an analyst", NOW)


def told(items: list[Item], rules: PairingRules = LOOSE, **more: object) -> tuple[Story, ...]:
    given = {"stories": (), "verdicts": (), "sources": {}, "home": HOME, "now": NOW, "rules": rules} | more
    return pair(items, **given).stories  # type: ignore[arg-type]


def test_a_retelling_stands_beside_the_story_and_the_story_beside_it() -> None:
    stories = told([RU, EN, RETOLD])
    one, other = story_of(stories, RU.article.url), story_of(stories, RETOLD.article.url)
    assert (one.state, other.state) == ("linked", "single")
    assert [(r.story, r.article, r.url, r.language) for r in one.beside] == [
        (other.id, RETOLD.id, RETOLD.article.url, "en")
    ]
    assert {r.story for r in other.related} == {one.id}
    assert RU.id in {r.article for r in other.related} <= {RU.id, EN.id}
    assert one.related[0].probability == other.related[0].probability
    assert one.related[0].reasons


def test_strangers_are_not_related() -> None:
    assert all(s.related == () for s in told([RU, OTHER], PairingRules()))


def test_the_threshold_is_a_setting() -> None:
    assert all(s.related == () for s in told([RU, EN, RETOLD], PairingRules(related=1.0)))


def test_an_analyst_s_word_relates_and_parts() -> None:
    stories = paired([RU, EN], verdicts=[WORD]).stories
    assert [s.state for s in stories] == ["single", "single"]
    assert all(s.related[0].reasons == (SAME_EVENT,) and s.related[0].probability == 1.0 for s in stories)
    assert {s.related[0].story for s in stories} == {s.id for s in stories}


def test_what_is_related_stays_so_until_a_text_is_new() -> None:
    stories = told([RU, EN, RETOLD])
    strict = PairingRules(related=1.0)
    assert told([RU, EN, RETOLD], strict, stories=stories, fresh=set()) == stories
    anew = told([RU, EN, RETOLD], strict, stories=stories, fresh={RETOLD.id})
    assert all(s.related == () for s in anew)


def test_a_pair_that_becomes_one_story_is_no_longer_related() -> None:
    stories = paired([RU, EN], verdicts=[WORD]).stories
    later = Verdict("confirm", RU.id, EN.id, "an analyst", NOW + timedelta(hours=1))
    (story,) = paired([RU, EN], stories, [WORD, later]).stories
    assert story.related == ()


def test_kinship_asks_for_likeness_and_nearness_in_time() -> None:

    assert score.kinship(NEAR) > 0.9 > 0.1 > score.kinship(FAR)
    assert score.kinship(NEAR._replace(days=0.0)) > score.kinship(NEAR._replace(days=5.0))
    assert score.kinship(NEAR._replace(days=9.0)) == 0.0


def test_a_retelling_by_another_site_waits_for_an_analyst() -> None:

    weights = score.shipped()
    loose = NEAR._replace(words=0.4, length=0.6)
    assert score.probability(loose, weights) == score.RETOLD
    assert "one says much that the other does not" in score.reasons(loose, weights)
    assert score.probability(loose._replace(same_source=True), weights) > 0.9
    assert score.probability(loose._replace(declared="rule"), weights) > 0.9
