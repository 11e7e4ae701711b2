"""Withdrawn: out of every feed. Purged: out of every file and table, for good, backups included."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest
import zstandard

from pipeline import mailroom, newsstand, publish, query
from pipeline.address import article_id
from pipeline.model import Layout, Profile, Rights, Search
from pipeline.store import open_store
from tests import databases
from tests.publish.press import Press, configured, said, source

PORT = (
    "https://bureau.example.com/news/1",
    "Порт открылся",
    "Ледокол «Чайка» первым вошёл в новый порт. Его строили 12 лет.",
)
EN = (
    "https://bureau.example.com/en/news/1",
    "The port opened",
    "A new sea port has opened. It took 12 years to build.",
)
SENTENCES = ("Ледокол «Чайка» первым вошёл", "Порт открылся")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    found = Search("port", query.parse("порт"))  # not public: its documents are in the database
    opened = Press(tmp_path_factory.mktemp("begun"), configured(source(rights=Rights("full")), searches=(found,)))
    opened.history("bureau", 3)
    opened.go()
    return opened


@pytest.fixture
def press(begun, tmp_path):
    """An installation with three old articles."""
    opened = begun.moved(tmp_path / "press")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def told(begun, tmp_path_factory):
    opened = begun.moved(tmp_path_factory.mktemp("told") / "press")
    full_life(opened)
    return opened


@pytest.fixture
def lived(told, tmp_path):
    """An installation that has the article in every place there is."""
    opened = told.moved(tmp_path / "press")
    yield opened
    opened.close()


def desk(press):
    return newsstand.Desk(press.config, press.store, press.feeds, press.now)


def publish_all(press):
    assert not press.go(minutes=1).refused
    mailroom.reissue(desk(press))


def everything(folder):
    """Yield every file's name and text: pages and twins unpacked, the database as all that it holds."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            elif path.suffix == ".zst":
                data = zstandard.ZstdDecompressor().decompress(data)
            yield path.name, data.decode(errors="replace")
    if databases.ON != "sqlite":
        yield "nevawire.sqlite", databases.held(folder / "store").decode()


def holders(folder, *words):
    return [name for name, text in everything(folder) if any(word in text for word in words)]


def full_life(press):
    """Let the article come into every place there is: archives, data, digests, a pair, a leftover feed."""
    press.arrive(*PORT)
    press.go()
    press.arrive(*EN, other=PORT[0])
    press.go()
    mailroom.send(desk(press), mailroom.prepared(desk(press), "week", "ru"), "week")
    for n in range(100, 151):
        press.arrive(f"https://bureau.example.com/news/{n}", f"Дело {n}", said(n))
    publish_all(press)
    (press.feeds / "old-feed.rss").write_bytes((press.feeds / "data/2026-05-20.jsonl").read_bytes())
    assert {"old-feed.rss", "2026-05-20.jsonl", "ru-2026-05-20.txt", "nevawire.sqlite"} <= set(
        holders(press.feeds.parent, SENTENCES[1])
    )
    assert SENTENCES[1] in press.store.private.get("search-port.rss")[0].decode()
    assert any(name.startswith("all-00") for name in holders(press.feeds, SENTENCES[1]))


def purge(press):
    found = press.store.removals.find(PORT[0])
    removed = press.store.removals.purge(found, "требование правообладателя", press.now)
    publish_all(press)
    swept = publish.sweep(press.feeds, [PORT[0], *removed.entries], desk(press).known)
    assert swept == ("old-feed.rss",)
    return found


def test_after_a_purge_none_of_its_sentences_is_found_anywhere(lived):
    half = [lived.feeds / one for one in (".all.json.0.tmp", ".all.json.gz.0.tmp", "data/.2026-05-20.jsonl.0.tmp")]
    for leftover in half:  # of a crash a moment ago
        leftover.write_text(SENTENCES[1])
    (article,) = purge(lived)

    assert holders(lived.feeds.parent, *SENTENCES) == []
    assert not any(leftover.exists() for leftover in half)
    assert lived.store.private.names()
    assert "The port opened" in (lived.feeds / "data/2026-05-20.jsonl").read_text()
    (line,) = (lived.feeds.parent / "store/purged.jsonl").read_text().splitlines()
    row = json.loads(line)
    assert (row["article"], row["reason"], len(row["digest"])) == (article, "требование правообладателя", 64)


def test_what_was_learned_of_its_lines_goes_too(press):
    """Hashes of lines are no words, but they tell whether a line stood there."""
    pages = {article_id(PORT[0]): ("f00d0001f00d0001",), article_id(EN[0]): ("beef0002beef0002",)}
    where = Layout("main", "main>div.text", ("p",), (), 9, lines=("d00f0003d00f0003",))
    press.profiles["bureau"] = Profile("bureau", pages=pages, title_suffix={" | Бюро": 3}, layouts=(where,))
    full_life(press)
    assert holders(press.feeds.parent, "f00d0001f00d0001")

    purge(press)

    assert holders(press.feeds.parent, "f00d0001f00d0001") == holders(press.feeds.parent, "d00f0003d00f0003") == []
    left = press.store.articles.profile("bureau")
    assert dict(left.pages) == {article_id(EN[0]): ("beef0002beef0002",)}
    assert dict(left.title_suffix) == {" | Бюро": 3}


def test_the_source_is_not_asked_for_it_again(lived):
    purge(lived)

    lived.known.discard(PORT[0])
    with pytest.raises(StopIteration):
        lived.arrive(*PORT)


def test_a_restored_backup_is_purged_again(lived):
    store = lived.feeds.parent / "store"
    lived.close()
    databases.copied(store, lived.feeds.parent.with_name("backup"))
    lived.store = open_store(store)
    purge(lived)
    lived.close()
    kept = (store / "purged.jsonl").read_bytes()
    shutil.rmtree(store)
    databases.copied(lived.feeds.parent.with_name("backup"), store)
    (store / "purged.jsonl").write_bytes(kept)
    lived.store = open_store(store)

    publish_all(lived)

    assert holders(lived.feeds.parent, *SENTENCES) == []
    shutil.rmtree(lived.feeds.parent.with_name("backup"))


@pytest.mark.parametrize("way", ["address", "with tracking", "article", "text", "story"])
def test_an_article_is_found_by_what_people_have_at_hand(press, way):
    one = press.arrive(*PORT)
    press.go()
    what = {
        "address": PORT[0], "with tracking": f"{PORT[0]}/?utm_source=mail", "article": one,
        "text": press.ids("ru")[0], "story": press.ids("all")[0],
    }  # fmt: skip
    assert press.store.removals.find(what[way]) == (one,)


@pytest.mark.parametrize("what", ["https://elsewhere.example/1", "nonsense", "", "urn:uuid:no", "a0123456789abcde"])
def test_what_is_unknown_is_not_found(press, what):
    assert press.store.removals.find(what) == ()


def test_a_withdrawal_keeps_the_store_and_leaves_no_trace_in_feeds(lived):
    lived.store.removals.withdraw(lived.store.removals.find(PORT[0]), "просьба", lived.now)
    publish_all(lived)
    (lived.feeds / "old-feed.rss").unlink()

    assert holders(lived.feeds, *SENTENCES) == []
    assert [one for one in lived.store.articles.each() if one.article.url == PORT[0]]
