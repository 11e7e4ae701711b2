"""The project's own sources.yaml: right, whole and honest about what is not known."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest

from pipeline import sources
from pipeline.model import Config
from pipeline.sources import tree


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "sources.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def config(root: Path) -> Config:
    return sources.load(root / "sources.yaml")


def test_first_line_tells_editors_the_schema(text: str) -> None:
    assert text.splitlines()[0] == "# yaml-language-server: $schema=sources.schema.json"


def test_file_fits_the_schema(text: str) -> None:
    node, problems = tree.read(text.encode(), "sources.yaml")

    assert node is not None
    assert problems == []
    jsonschema.validate(node.plain(), sources.json_schema(), cls=jsonschema.Draft202012Validator)


def test_only_the_publisher_is_left_to_fill_in(config: Config) -> None:
    assert sources.publisher_missing(config) == ("publisher.home", "publisher.contact")
    assert [w for w in sources.warnings(config) if not w.startswith("publisher.")] == []


def test_every_source_has_both_names(config: Config) -> None:
    assert [source.id for source in config.sources if set(source.name) != {"ru", "en"}] == []


def test_a_source_is_disabled_with_a_reason_and_only_then(config: Config) -> None:
    assert [source.id for source in config.sources if source.enabled == bool(source.reason)] == []


def test_the_portal_is_collected_by_its_json(config: Config) -> None:
    portal = next(source for source in config.sources if source.id == "visit-petersburg")

    assert portal.enabled
    assert [(one.kind, one.api.html if one.api else "", one.next) for one in portal.listings] == [
        ("api", "news", "?page={n}"), ("api", "news", "?page={n}"),
    ]  # fmt: skip


def test_every_listing_says_how_sure_it_is(text: str) -> None:
    """A listing without a mark was seen on a stored page; there are few of those."""
    lines = [line for line in text.splitlines() if "url: " in line and not line.lstrip().startswith(("# -", "#  "))]
    unmarked = [line for line in lines if not re.search(r"# (unverified|from public code, not checked live)", line)]

    assert len(lines) >= 50
    assert re.findall(r'https?://[^"}\s]+', "".join(unmarked)) == ["https://ecoprofi.info/en/cata3pult/project-news"]


def test_the_bureau_is_collected_with_its_known_layout(config: Config) -> None:
    bureau = next(source for source in config.sources if source.id == "convention-bureau")

    assert bureau.enabled
    assert (
        bureau.listings[0].language, bureau.listings[0].links, bureau.listings[0].next,
    ) == ("ru", "a.event-image", "?page={n}")  # fmt: skip
    assert (
        bureau.rules[0].title, bureau.rules[0].text, bureau.rules[0].date, bureau.rules[0].date_format,
    ) == ("h1", "div.column-15", "div.date", "%B %d %Y")  # fmt: skip
    assert bureau.versions[0].swap == ("/en/news/", "/news/")


@pytest.mark.parametrize(
    ("source", "one", "two"),
    [
        ("itmo", "https://news.itmo.ru/ru/news/6330/", "https://news.itmo.ru/en/education/trend/news/6330/"),
        ("itmo", "https://news.ifmo.ru/ru/news/6330", "https://news.itmo.ru/en/science/it/news/6330/"),
        (
            "kremlin",
            "http://kremlin.ru/events/president/news/70001",
            "http://en.kremlin.ru/events/president/news/70001",
        ),
        ("spbstu", "https://www.spbstu.ru/media/news/international/open-day/", "https://x/media/news/a_b/open-day"),
    ],
)
def test_same_id_rules_find_the_id(config: Config, source: str, one: str, two: str) -> None:
    (rule,) = next(s for s in config.sources if s.id == source).versions
    assert rule.same_id is not None
    first, second = re.search(rule.same_id, one), re.search(rule.same_id, two)

    assert first is not None
    assert second is not None
    assert first[1] == second[1]


def test_topics_are_told_in_both_languages(config: Config) -> None:
    assert len(config.topics) >= 5
    for topic in config.topics:
        assert set(topic.name) == {"ru", "en"}
        cyrillic = [word for word in topic.words if re.search("[а-яё]", word)]
        assert cyrillic, topic.id
        assert len(cyrillic) < len(topic.words), topic.id
    known = {source.id for source in config.sources}
    assert {source for topic in config.topics for source in topic.sources} <= known


def test_the_examples_that_are_commented_out_are_right(text: str) -> None:
    lines = text.splitlines()
    for key in ("feeds", "searches", "digests"):
        start = lines.index(f"# {key}:")
        end = next(number for number in range(start + 1, len(lines)) if not lines[number].startswith("#   "))
        lines[start:end] = [line.removeprefix("# ") for line in lines[start:end]]

    config = sources.parse("\n".join(lines).encode(), "sources.yaml")

    assert {"all", "newsletter-en", "clusters-en"} == {feed.id for feed in config.feeds}
    assert [search.public for search in config.searches] == [True, False]
    assert [plan.language for plan in config.digests] == ["ru", "en"]


def test_the_example_of_notices_is_right_as_it_stands(root: Path) -> None:
    lines = (root / "sources.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# notify:")
    example = "\n".join(line.removeprefix("# ") for line in lines[start : lines.index("", start)])
    config = sources.parse(f"{example}\nsources: {{}}\n".encode(), "example")
    assert config.notify.webhook is not None
    assert config.notify.smtp is not None
