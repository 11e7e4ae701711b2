"""Proposals written into sources.yaml: comments, order and quoting stay, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import ConfigError
from pipeline.found import Answers, found
from pipeline.sources import edit

GOOD = sorted((Path(__file__).resolve().parents[1] / "data" / "sources" / "good").glob("*.yaml"))
BLOCK = {
    "name": {"ru": "Новый кластер", "en": "New cluster"}, "kind": "cluster",
    "listings": [{"url": "https://novyi.ru/news/", "language": "ru", "next": "?page={n}", "pages": 3}],
    "versions": [{"swap": ["/en/news/", "/news/"]}],
    "rules": [{"text": "div.text", "date": "div.date"}],
    "expect": {"links": 3, "text_chars": 100},
}  # fmt: skip
TEXT = """# The first comment.
publisher: {title: {en: 'Neva'}, home: "https://news.neva.ru/", contact: news@neva.ru} # ours

sources:
  # ── Saint Petersburg ──
  bureau: # the bureau
    name: {en: "Bureau", ru: 'Бюро'} # unverified
    kind: bureau
    enabled: false
    reason: the address of its listing is not known
    listings:
      - {url: https://bureau.ru/news/, language: ru} # unverified; seen: /news/2019/2
      # - {url: https://bureau.ru/rss, kind: feed} # unverified
      - url: https://bureau.ru/en/news/ # unverified
        links: "a.title" # from public code, not checked live
    versions:
      - swap: ["/en/", "/"] # unverified: the same id in both
    rules:
      # seen in spring
      - title: h1 # the only one
        text: "div.text"

  # ── Elsewhere ──
  other:
    name: {ru: Другой}
    kind: cluster
    listings: [{url: "https://other.ru/"}]

# the end of the sources
publish: {hold: 30m}
"""
DATA = TEXT.encode()


def lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines a change takes away and those it adds."""
    told = edit.difference(before, after, "f").splitlines()[2:]
    return [line[1:] for line in told if line.startswith("-")], [line[1:] for line in told if line.startswith("+")]


def source(data: bytes, id_: str):
    return next(one for one in sources.parse(data, "f").sources if one.id == id_)


# ── a source added ──────────────────────────────────────────────────────────────────────────
def test_a_source_is_added_after_the_others_and_nothing_else_changes():
    after = edit.added(DATA, "new", BLOCK, "f", "Looked at today.")
    gone, come = lines(DATA, after)
    assert gone == []
    assert come[:2] == ["  # Looked at today.", "  new:"]
    assert "    name: {ru: Новый кластер, en: New cluster}" in come
    assert '      - {url: https://novyi.ru/news/, language: ru, next: "?page={n}", pages: 3}' in come
    assert after.index(b"new:") < after.index(b"# the end of the sources")
    assert source(after, "new").rules[0].text == "div.text"


@pytest.mark.parametrize("file", GOOD, ids=lambda path: path.stem)
def test_every_good_file_takes_a_source(file):
    before = file.read_bytes()
    after = edit.added(before, "zz-new", BLOCK, file.name)
    gone, _ = lines(before, after)
    assert gone in ([], ["sources: {}"])
    old, new = sources.parse(before, "f"), sources.parse(after, "f")
    assert new.sources[:-1] == old.sources
    assert new.sources[-1].id == "zz-new"
    assert (new.publisher, new.publish) == (old.publisher, old.publish)


def test_sources_in_braces_are_left_to_the_operator():
    with pytest.raises(ConfigError, match="line by line"):
        edit.added(b"sources: {a: {name: {en: A}, kind: k, listings: [{url: 'https://a.ru/'}]}}\n", "new", BLOCK, "f")


def test_an_id_in_use_is_refused():
    with pytest.raises(ConfigError, match="other is there already"):
        edit.added(DATA, "other", BLOCK, "f")


def test_line_ends_and_the_byte_order_mark_stay():
    before = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    after = edit.added(before, "new", BLOCK, "f")
    assert after.startswith(b"\xef\xbb\xbf#")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert lines(before, after)[0] == []


# ── a source confirmed ──────────────────────────────────────────────────────────────────────
def test_what_passed_is_enabled_and_loses_its_marks():
    after = edit.confirmed(DATA, "bureau", "f")
    gone, come = lines(DATA, after)
    assert "    enabled: false" in gone
    assert "    reason: the address of its listing is not known" in gone
    assert come == [
        "    name: {en: \"Bureau\", ru: 'Бюро'}",
        "      - {url: https://bureau.ru/news/, language: ru} # seen: /news/2019/2",
        "      - url: https://bureau.ru/en/news/",
        '      - swap: ["/en/", "/"] # the same id in both',
    ]
    assert source(after, "bureau").enabled
    assert b"# - {url: https://bureau.ru/rss, kind: feed} # unverified" in after


def test_what_nobody_saw_keeps_its_mark():
    after = edit.confirmed(DATA, "bureau", "f", keep=["versions"])
    assert b"# unverified: the same id in both" in after
    assert b"en/news/ # unverified" not in after


def test_a_confirmed_source_stays_as_it_is():
    once = edit.confirmed(DATA, "bureau", "f")
    assert edit.confirmed(once, "bureau", "f") == once
    assert edit.confirmed(DATA, "other", "f") == DATA


def test_every_source_of_the_project_can_be_confirmed(root):
    before = (root / "sources.yaml").read_bytes()
    config = sources.parse(before, "sources.yaml")
    for one in config.sources[::6]:  # each takes a fifth of a second
        after = edit.confirmed(before, one.id, "sources.yaml")
        new = sources.parse(after, "sources.yaml")
        assert next(each for each in new.sources if each.id == one.id).enabled
        assert [each for each in new.sources if each.id != one.id] == [
            each for each in config.sources if each.id != one.id
        ]


# ── a source mended ─────────────────────────────────────────────────────────────────────────
def test_a_new_rule_stands_first_and_the_old_one_ends():
    after = edit.mended(DATA, "bureau", "f", rule={"title": "h2", "text": "div.new"}, until="2026-11-20")
    new, old = source(after, "bureau").rules
    assert (new.title, new.text, new.until) == ("h2", "div.new", None)
    assert (old.title, old.text, old.until) == ("h1", "div.text", "2026-11-20")
    assert "# seen in spring" in after.decode()
    assert "title: h1 # the only one" in after.decode()
    assert lines(DATA, after)[0] == ["      - title: h1 # the only one"]


def test_a_first_rule_is_added_at_the_end_of_its_source():
    data = edit.added(DATA, "new", {key: BLOCK[key] for key in ("name", "kind", "listings")}, "f")
    after = edit.mended(data, "new", "f", rule={"text": "div.new"}, until="2026-11-20")
    assert source(after, "new").rules[0].text == "div.new"
    assert lines(data, after) == ([], ["    rules:", '      - text: "div.new"'])


@pytest.mark.parametrize(("selector", "wanted"), [("a.headline", "a.headline"), (None, None)])
def test_the_links_of_a_listing_are_replaced_or_left_to_the_finder(selector, wanted):
    after = edit.mended(DATA, "bureau", "f", links={"https://bureau.ru/en/news/": selector})
    assert source(after, "bureau").listings[1].links == wanted
    gone, _ = lines(DATA, after)
    assert gone == ['        links: "a.title" # from public code, not checked live']


def test_a_source_that_is_not_there_is_told():
    with pytest.raises(ConfigError, match="no source nobody"):
        edit.mended(DATA, "nobody", "f", rule={"text": "p"}, until="2026-11-20")


# ── the file replaced ───────────────────────────────────────────────────────────────────────
def test_the_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_bytes(DATA)
    file.chmod(0o640)
    edit.replace(file, DATA, edit.confirmed(DATA, "bureau", "f"), ["bureau"])
    assert sources.load(file).sources[0].enabled
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]


def test_a_file_changed_meanwhile_is_left_alone(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_bytes(DATA + b"# another hand\n")
    with pytest.raises(ConfigError, match="changed meanwhile"):
        edit.replace(file, DATA, edit.confirmed(DATA, "bureau", "f"), ["bureau"])
    assert file.read_bytes() == DATA + b"# another hand\n"


def test_what_would_not_read_never_stands_in_the_file(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_bytes(DATA)
    with pytest.raises(ConfigError, match="knid"):
        edit.replace(file, DATA, DATA.replace(b"kind: bureau", b"knid: bureau"), ["bureau"])
    assert file.read_bytes() == DATA


def test_a_change_of_another_source_is_refused(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_bytes(DATA)
    with pytest.raises(ConfigError, match="more than bureau"):
        edit.replace(file, DATA, DATA.replace(b"kind: cluster", b"kind: club"), ["bureau"])
    with pytest.raises(ConfigError, match="more than bureau"):
        edit.replace(file, DATA, DATA.replace(b"hold: 30m", b"hold: 5m"), ["bureau"])


def test_the_first_source_goes_into_a_file_as_init_writes_it(tmp_path):
    found(tmp_path / "news", Answers("Нева", "https://neva-news.info/", "desk@neva-news.info"), tmp_path / "nevawire")
    before = (tmp_path / "news" / "sources.yaml").read_bytes()
    block = {"name": {"en": "Port"}, "kind": "port", "listings": [{"url": "https://port.example.com/news/"}]}
    after = edit.added(before, "port", block, "sources.yaml")
    assert [one.id for one in sources.parse(after, "sources.yaml").sources] == ["port"]
    assert [line for line in before.decode().splitlines() if line not in after.decode().splitlines()] == ["sources: {}"]
