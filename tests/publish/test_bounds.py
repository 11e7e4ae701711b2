"""What rights forbid is in no file at all, whatever way an article takes through the feeds."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest

from pipeline import mailroom, newsstand
from pipeline.model import Feed, Image, Rights, Topic
from tests.publish.press import Press, configured, said, source

pytestmark = pytest.mark.long

LONGEST = 40


def long_text(number: int) -> str:
    """A text of some four hundred words, in paragraphs, no sentence of which is in another."""
    return "\n".join(" ".join(said(number * 100 + part * 10 + n) for n in range(6)) for part in range(5))


def short_words(number: int) -> str:
    """Words so short that 300 characters would be many of them."""
    return " ".join(f"{'аиоуы'[n % 5]}{n % 7}" for n in range(number, number + 400))


def runs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + LONGEST]) for start in range(len(words) - LONGEST + 1)}


def words_of(data: bytes) -> str:
    """The words of a file one after the other, its markup and escapes taken off twice, as feeds carry HTML in XML."""
    text = re.sub(r"\\[nrt]", " ", data.decode(errors="replace")).replace('\\"', '"')
    for _ in range(2):
        text = unescape(re.sub(r"<[^>]*>", " ", text))
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    topic = Topic("water", {"ru": "Вода", "en": "Water"}, ("порт", "мост"))
    own = Feed("own", title={"ru": "Свои", "en": "Own"}, query=("порт",))
    opened = Press(
        tmp_path_factory.mktemp("bounds"), configured(source(rights=Rights()), topics=(topic,), feeds=(own,))
    )
    opened.history("bureau", 60)
    opened.go()
    opened.texts = []
    for n in range(1, 30):
        text = short_words(n) if n % 10 == 0 else long_text(n)
        opened.texts.append(text)
        html = f"<h2>{n}</h2>" + "".join(f"<p>{line}</p>" for line in text.splitlines())
        picture = Image(f"https://bureau.example.com/secret{n}.jpg", long_text(900 + n), 800, 600)
        robots = ("noarchive",) if n % 7 == 0 else ("nosnippet",) if n % 11 == 0 else ()
        opened.arrive(
            f"https://bureau.example.com/news/{n}",
            f"Порт и мост {n}",
            text,
            html=html,
            images=(picture,),
            robots=robots,
        )
    english = " ".join(f"The port number {n} has welcomed vessel {n * 3} from town {n * 7}." for n in range(60))
    opened.texts.append(english)
    opened.arrive(
        "https://bureau.example.com/en/news/1",
        "The port and bridge",
        english,
        other="https://bureau.example.com/news/1",
    )
    opened.go()
    for language in ("ru", "both"):
        desk = newsstand.Desk(opened.config, opened.store, opened.feeds, opened.now)
        mailroom.send(desk, mailroom.prepared(desk, "week", language), "week")
    opened.translate(
        "https://bureau.example.com/news/2",
        "A translated title",
        " ".join(f"Translated sentence {n} tells of the quay." for n in range(90)),
    )
    opened.go(pair=False)
    yield opened
    opened.close()


def test_no_forty_words_of_a_body_stand_in_any_file(press):
    forbidden = {run for text in press.texts for run in runs(text)}
    files = [path for path in press.feeds.rglob("*") if path.is_file()]
    assert len(forbidden) > 5_000
    assert {"all-0001.atom", "own.json", "topic-water.html", "all-mt.rss", "2026-05-20.jsonl"} <= {
        path.name for path in files
    }
    assert {".gz", ".jsonl", ".md", ".txt"} <= {path.suffix for path in files}
    for path in files:
        data = path.read_bytes()
        words = words_of(gzip.decompress(data) if path.suffix == ".gz" else data).split()
        found = {" ".join(words[start : start + LONGEST]) for start in range(len(words))} & forbidden
        assert not found, (path.name, next(iter(found)))
        assert b"secret" not in (gzip.decompress(data) if path.suffix == ".gz" else data), path.name


def test_the_search_finds_what_it_looks_for(press):
    """Otherwise the test above could not fail: the same articles, published whole."""
    press.config = configured(source(rights=Rights("full")))
    press.go(pair=False)
    wanted = runs(press.texts[25])  # of which no page asks for less
    for name in ("all.rss", "all.atom", "all.json", "all.html", "data/2026-05-20.jsonl"):
        words = words_of((press.feeds / name).read_bytes()).split()
        assert wanted & {" ".join(words[start : start + LONGEST]) for start in range(len(words))}, name


def test_history_is_no_news(tmp_path):
    """Ten years of archive in a first pass: in the feeds, in no newsletter, in no digest."""
    press = Press(tmp_path, configured(source(rights=Rights())))
    for year in range(2016, 2026):
        press.history("bureau", 12, year=year)
        press.go()
    assert len(press.ids("ru")) == 50
    assert press.ids("newsletter-ru") == press.ids("newsletter-en") == []
    desk = newsstand.Desk(press.config, press.store, press.feeds, press.now)
    for period in ("day", "week", "500"):
        for language in ("ru", "en", "both"):
            assert mailroom.prepared(desk, period, language) is None
    assert b"<item>" not in (press.feeds / "newsletter-ru.rss").read_bytes()
    press.close()
