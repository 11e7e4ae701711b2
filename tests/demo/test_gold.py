"""What a run has to find: current, and as much as the sample sites promise."""

from __future__ import annotations

from collections import Counter

from demo import gold as golden

GOLD = golden.gold()


def test_the_file_is_current():
    assert golden.FILE.read_text("utf-8") == golden.as_text(), "run: python -m demo.gold"


def test_counts():
    kinds = Counter(story["kind"] for story in GOLD["stories"])
    assert len(GOLD["articles"]) >= 60
    assert kinds["declared"] >= 10
    assert kinds["undeclared"] >= 10
    assert kinds["declared"] + kinds["undeclared"] >= 18
    assert kinds["single"] >= 6
    assert len(GOLD["stories"]) >= 36


def test_every_article_belongs_to_one_story():
    told = [at for story in GOLD["stories"] for side in ("ru", "en") for at in story[side]]
    assert sorted(told) == sorted(article["at"] for article in GOLD["articles"])
    assert len(set(told)) == len(told)


def test_both_languages_have_a_reprint():
    assert any(len(story["ru"]) > 1 for story in GOLD["stories"])
    assert any(len(story["en"]) > 1 for story in GOLD["stories"])


def test_decoys_are_two_stories_told_close_together():
    story_of = {at: story["story"] for story in GOLD["stories"] for side in ("ru", "en") for at in story[side]}
    dates = {article["at"]: article["date"] for article in GOLD["articles"]}
    assert len(GOLD["decoys"]) >= 5
    for decoy in GOLD["decoys"]:
        first, second = decoy["articles"]
        assert story_of[first] != story_of[second]
        assert dates[first][:7] <= dates[second][:7] or decoy["why"].startswith("same title")


def test_every_kind_of_evidence_is_there():
    assert {article["evidence"] for article in GOLD["articles"]} == {"rule", "json-ld", "meta", "prose", "first-seen"}


def test_a_declared_pair_is_one_by_its_address():
    for story in GOLD["stories"]:
        if story["kind"] == "declared":
            versions = {at.replace("/en/", "/").replace("lang=l2", "lang=l1") for at in (*story["ru"], *story["en"])}
            assert set(story["ru"]) <= versions
            assert len(versions & set(story["ru"])) < len({*story["ru"], *story["en"]})
