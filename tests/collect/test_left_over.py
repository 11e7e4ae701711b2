"""The great danger of asking over a connection again: that what came too much is read as the next page."""

from __future__ import annotations

import ssl

import pytest
import trustme

from pipeline.model import Fetch, Validators

from .hostile import PAGE, Names, fetcher, run, source
from .speaker import SECOND, WRONG, Answer, Speaker, asked, chunked, kept

CLEAN = {
    "a failure": kept(b"<p>gone</p>", 404), "an early hint": b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n" + kept(),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_other_whole_answers_leave_a_connection_clean_too(name: str) -> None:
    _, second, site = asked(CLEAN[name], kept(SECOND))

    assert second.page.body == SECOND
    assert site.opened == 1


UNCLEAN = {
    "a body longer than its length": kept(PAGE + WRONG, length=len(PAGE)),
    "two answers to one request": kept() + kept(WRONG),
    "two answers, the second without an end": kept() + kept(WRONG)[:60],
    "one byte too many": kept() + b"\n",
    "rubbish behind the last chunk": chunked(PAGE) + b"rubbish\r\n\r\n",
    "an answer behind the last chunk": chunked(PAGE) + kept(WRONG),
    "no content, and a body": kept(WRONG, 204),
    "no content, and another answer": b"HTTP/1.1 204 No\r\n\r\n" + kept(WRONG),
    "a length and chunks": chunked(PAGE, f"content-length: {len(PAGE)}"),
    "a length and chunks, the shorter length": chunked(PAGE, "content-length: 5") + kept(WRONG),
    "an early hint behind": kept() + b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "a redirect, and a body": kept(WRONG, 302, "location: /elsewhere"),
    "a redirect, and another answer": kept(b"", 302, "location: /elsewhere") + kept(WRONG),
    "a failure nobody reads": kept(WRONG, 500, "x: y").replace(b"text/html", b"text/plain"),
    "a film": kept(WRONG * 9).replace(b"text/html", b"video/mp4"),
    "a body in another encoding": kept(PAGE, 200, "content-encoding: gzip"),
    "a close announced": kept(PAGE, 200, "connection: close"),
    "an older protocol": kept(PAGE).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "a switch of protocols": b"HTTP/1.1 101 Switch\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n" + kept(WRONG),
    "too long for anybody": kept(b"<p>" * 3_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", UNCLEAN)
def test_after_an_answer_that_leaves_doubt_the_next_page_comes_over_a_new_connection(name: str) -> None:
    _, second, site = asked(UNCLEAN[name], kept(SECOND))

    assert second.page.body == SECOND
    assert (1, "/first") in site.asked
    assert (1, "/second") not in site.asked


@pytest.mark.parametrize("after", [b"", WRONG, kept(WRONG)])
def test_so_it_does_after_a_page_that_is_as_it_was(after: bytes) -> None:
    first, second, site = asked(kept(after, 304, 'etag: "1"', length=-1), kept(SECOND), Validators(etag='"1"'))

    assert first.kind == "not-modified"
    assert second.page.body == SECOND
    assert (1, "/second") not in site.asked


def over_tls(first: Answer) -> tuple[Fetch, Fetch, Speaker]:
    authority = trustme.CA()
    there, here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("one.test").configure_cert(there)
    authority.configure_trust(here)

    async def scenario() -> tuple[Fetch, Fetch, Speaker]:
        names = Names({"one.test": [["127.0.0.1"]]})
        async with Speaker({"/first": first, "/second": kept(SECOND)}, there) as site:
            async with fetcher(names=names, tls=here) as client:
                ends = [
                    await client.fetch(f"https://one.test:{site.port}/{page}", source=source())
                    for page in ("first", "second")
                ]
            assert await site.hung_up()
        return ends[0], ends[1], site

    return run(scenario())


def test_a_handshake_is_made_once() -> None:
    first, second, site = over_tls(kept())

    assert first.good
    assert second.good
    assert site.opened == 1


@pytest.mark.parametrize("size", [3, 16_000, 60_000, 65_270])  # with the last, what came is cut within an envelope
def test_what_tls_has_not_unlocked_is_no_answer(size: int) -> None:
    first, second, site = over_tls((kept(b"x" * size), kept(WRONG)))

    assert first.page is not None
    assert first.page.body == b"x" * size
    assert second.page is not None
    assert second.page.body == SECOND
    assert (1, "/second") not in site.asked
