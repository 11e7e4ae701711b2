"""The pictures an installation is known by: our own, or the operator's."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import replace

import pytest
from lxml import etree

from pipeline import publish, sources
from pipeline.errors import ConfigError
from pipeline.model import Picture
from pipeline.publish import gate, marks
from tests.publish import newsroom

PUBLISHER = newsroom.config().publisher
ATOM = "{http://www.w3.org/2005/Atom}"


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress((b"\0" + b"\0" * width) * height)), (b"IEND", b""))
    whole = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole)


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x01\x11\x00" * 3
    return b"\xff\xd8\xff\xe0\x00\x04ab" + frame + b"\xff\xd9"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """Return the pictures of an ICO file: (width, PNG)."""
    _, kind, count = struct.unpack("<HHH", data[:6])
    assert kind == 1
    rows = [struct.unpack("<BBBBHHII", data[6 + 16 * n : 22 + 16 * n]) for n in range(count)]
    return [(row[0], data[row[7] : row[7] + row[6]]) for row in rows]


def test_our_own_are_what_their_names_say():
    made = marks.documents(PUBLISHER)

    assert set(made) == {"favicon.ico", "icon.png", "icon.svg", "logo.png"}
    assert struct.unpack(">II", made["icon.png"][16:24]) == (512, 512)
    assert struct.unpack(">II", made["logo.png"][16:24]) == (144, 72)
    found = frames(made["favicon.ico"])
    assert [width for width, _ in found] == [16, 32, 48]
    assert all(struct.unpack(">II", data[16:24]) == (width, width) for width, data in found)
    for name, data in made.items():
        gate.check(name, data)


def edition(**pictures):
    config = newsroom.config()
    return publish.publish([], replace(config, publisher=replace(config.publisher, **pictures)), newsroom.NOW).documents


def test_the_operator_s_own_files_take_their_place():
    made = edition(icon=Picture("", "png", png(64, 64), 64, 64), logo=Picture("", "jpg", jpeg(140, 60), 140, 60))

    home = PUBLISHER.home.rstrip("/") + "/"
    assert made["icon.png"] == png(64, 64)
    assert made["logo.jpg"] == jpeg(140, 60)
    assert not {"icon.svg", "favicon.ico", "logo.png"} & set(made)
    assert json.loads(made["all.json"])["icon"] == f"{home}icon.png"
    assert etree.fromstring(made["all.atom"]).findtext(f"{ATOM}logo") == f"{home}logo.jpg"
    assert etree.fromstring(made["all.rss"]).findtext("channel/image/width") == "140"
    assert b'<link rel="icon" href="icon.png" type="image/png">' in made["index.html"]


def test_an_address_is_used_as_it_is_and_an_icon_stands_in_for_a_logo():
    made = edition(icon=Picture("https://site.example/icon?x=1&y=2"))

    assert not [name for name in made if name.startswith(("icon", "logo", "favicon"))]
    assert json.loads(made["all.json"])["favicon"] == "https://site.example/icon?x=1&y=2"
    image = etree.fromstring(made["all.rss"]).find("channel/image")
    assert image.findtext("url") == "https://site.example/icon?x=1&y=2"
    assert image.find("width") is None


def test_a_large_icon_is_no_picture_for_rss():
    made = edition(icon=Picture("", "png", png(512, 512), 512, 512))

    assert etree.fromstring(made["all.rss"]).find("channel/image") is None
    assert etree.fromstring(made["all.atom"]).findtext(f"{ATOM}logo").endswith("/icon.png")


@pytest.mark.parametrize(
    ("key", "data", "told"),
    [
        ("logo", png(145, 40), "145 × 40 pixels; should be PNG, GIF or JPEG of at most 144 × 400 pixels"),
        ("logo", gif(100, 401), "100 × 401 pixels"),
        ("logo", SVG, "is no picture that feed readers show"),
        ("icon", jpeg(64, 32), "64 × 32 pixels; an icon should be square"),
        ("icon", b"BM not one of them", "should be PNG, SVG, ICO, GIF or JPEG"),
        ("icon", b"", "is no picture"),
        ("icon", png(64, 64) + bytes(200_000), "should be at most 200000"),
        ("icon", None, "cannot be read (No such file or directory)"),
    ],
)
def test_what_readers_could_not_show_is_told(tmp_path, key, data, told):
    if data is not None:
        (tmp_path / "own.bin").write_bytes(data)
    (tmp_path / "sources.yaml").write_text(f"publisher: {{{key}: own.bin}}\nsources: {{}}\n")

    with pytest.raises(ConfigError) as error:
        sources.load(tmp_path / "sources.yaml")

    assert f":1:{14 + len(key) + 1}: publisher.{key}: " in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("key", "data", "ext"),
    [("logo", jpeg(144, 400), "jpg"), ("logo", gif(88, 31), "gif"), ("icon", SVG, "svg"), ("icon", png(9, 9), "png")],
)
def test_files_beside_sources_yaml_are_read(tmp_path, key, data, ext):
    (tmp_path / "own.bin").write_bytes(data)
    (tmp_path / "sources.yaml").write_text(f"publisher: {{{key}: own.bin}}\nsources: {{}}\n")

    found = getattr(sources.load(tmp_path / "sources.yaml").publisher, key)

    assert (found.ext, found.data) == (ext, data)
