"""What the server of children has made before the first of them is there."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc
import pipeline.nursery, pipeline.rehearsal
from soupsieve import css_parser
from pipeline.extract import cascade
from pipeline.language import detector
assert gc.isenabled() and gc.get_freeze_count() > 50_000
print(cascade._library.cache_info().currsize, detector._profiles.cache_info().currsize)
print(css_parser._cached_css_compile.cache_info().currsize)
"""

READERS = """
import sys
import pipeline.nursery, pipeline.rehearsal
print(*sorted({"asyncio", "chardet", "htmldate", "httpx", "readability", "ssl", "urllib3"} & sys.modules.keys()))
import htmldate, readability, ssl, urllib3
print(htmldate.find_date("<html><body><p>Published on 2026-05-12</p></body></html>"), urllib3.PoolManager.__module__)
"""

FEED = """
import pipeline.nursery
from datetime import UTC, datetime
from pipeline.collect.syndication import read_feed
from pipeline.model import FetchedPage, Listing
url = "https://news.example.org/feed"
item = "<item><title>Порт принял первый паром, сообщили в порту</title><link>/news/port</link></item>"
body = f"<rss version='2.0'><channel>{item}</channel></rss>".encode("koi8-r")
page = FetchedPage("bureau", url, url, 200, {}, body, datetime(2026, 5, 12, tzinfo=UTC), "")
print(ascii(read_feed(page, Listing(url)).links[0].title))
"""


def test_the_extractors_the_profiles_of_languages_and_selectors_are_there_before_the_first_page() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120)

    assert done.stdout.split() == ["1", "1", "2"]


def test_whoever_reads_pages_has_nothing_to_ask_for_them_with_and_what_is_seldom_asked_is_there_when_it_is() -> None:
    done = subprocess.run([sys.executable, "-c", READERS], capture_output=True, text=True, check=True, timeout=120)

    assert done.stdout.splitlines() == ["", "2026-05-12 urllib3.poolmanager"]


def test_a_feed_that_does_not_say_its_charset_is_read_as_anywhere_else() -> None:
    done = subprocess.run([sys.executable, "-c", FEED], capture_output=True, text=True, check=True, timeout=120)

    assert done.stdout.strip() == ascii("Порт принял первый паром, сообщили в порту")
