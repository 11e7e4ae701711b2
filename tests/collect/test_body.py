"""A long body comes out of its encoding whole, in whatever pieces it came."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from pipeline.collect.body import Body, gunzip
from pipeline.errors import FetchError

LONG = "".join(f"<p>Новость {number}: совет собрался в {number % 24} ч.</p>" for number in range(12_000)).encode()
PACKED = {
    "gzip": gzip.compress(LONG), "deflate": zlib.compress(LONG), "br": brotli.compress(LONG, quality=4),
    "zstd": zstandard.compress(LONG),
}  # fmt: skip


@pytest.mark.parametrize("size", [1_448, 16_384, 262_144])
@pytest.mark.parametrize("encoding", PACKED)
def test_a_long_body_is_whole_in_whatever_pieces_it_came(encoding: str, size: int) -> None:
    wire, body = PACKED[encoding], Body("http://a.test/", encoding, 2 * len(LONG))
    for start in range(0, len(wire), size):
        body.add(wire[start : start + size])

    assert body.whole() == LONG


def test_a_member_may_begin_wherever_a_piece_ends() -> None:
    members = [gzip.compress(one, mtime=0) for one in (b"first ", b"second")]
    wire = b"".join(members) + b"padding"
    for cut in range(len(wire)):
        body = Body("http://a.test/", "gzip", 100)
        body.add(wire[:cut])
        body.add(wire[cut:])

        assert body.whole() == b"first second", cut


def test_what_follows_padding_is_padding_in_whatever_pieces_it_comes() -> None:
    one = gzip.compress(b"text", mtime=0)
    for pieces in ([one, b"\0\0", one], [one, b"\x1f", b"\0", one], [one + b"\0" + one], [one + b"\x1f"]):
        body = Body("http://a.test/", "gzip", 100)
        for piece in pieces:
            body.add(piece)

        assert body.whole() == b"text"


def test_a_file_of_many_members_is_one_whatever_parts_it_is_taken_in() -> None:
    members = [gzip.compress(f"{n}. Совет кластеров собрался.\n".encode(), mtime=0) for n in range(3000)]

    assert len(b"".join(members)) > 2 * 64 * 1024
    assert gunzip(b"".join(members), "https://a.example.org/s.xml.gz", 10**6).count(b"\n") == 3000
    with pytest.raises(FetchError, match="truncated"):
        gunzip(b"".join(members)[:-4], "https://a.example.org/s.xml.gz", 10**6)
