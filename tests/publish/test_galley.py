"""A galley in the form it is kept in: it says what its schema would, and what is read of it gives the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone

from pydantic import ConfigDict, TypeAdapter

from pipeline import publish
from pipeline.model import FeedEntry, Picture
from tests.publish import newsroom

BASE64 = ConfigDict(ser_json_bytes="base64")


def by_schema(value, config=None):
    """Return a value as pydantic writes it by the types it is declared with."""
    kind = TypeAdapter(tuple[type(value)], config=config)
    return json.dumps(
        kind.dump_python((value,), mode="json")[0], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def entries(edition) -> list[FeedEntry]:
    known = [row for galley in edition.galleys for row in galley.rows]
    odd = timezone(-timedelta(hours=3, minutes=30))
    moved = replace(known[0], published=newsroom.NOW.astimezone(odd).replace(microsecond=7), created=newsroom.NOW)
    return [*known, moved]


def test_an_entry_is_written_as_by_its_schema_and_read_back(edition):
    for row in entries(edition):
        publish.let_go()
        written = publish.packed(row)
        assert json.loads(written) == json.loads(by_schema(row))
        again = publish.unpacked_entry(written)
        publish.let_go()
        assert again == row
        assert publish.packed(again) == written


def test_an_entry_holds_nothing_that_equal_ones_have_in_another_order():
    def held(schema):
        if isinstance(schema, dict):
            yield schema.get("type")
            for name, part in schema.items():
                yield from () if name == "metadata" else held(part)
        elif isinstance(schema, (list, tuple)):
            for part in schema:
                yield from held(part)

    assert not {"dict", "set", "frozenset", "any"} & set(held(TypeAdapter(FeedEntry).core_schema))


def test_a_frame_is_written_as_by_its_schema(edition):
    picture = Picture(ext="png", data=bytes(range(256)) + b"\xfb\xff\xfe", width=9, height=9)
    frames = [galley.frame for galley in edition.galleys]
    frames.append(replace(frames[-1], publisher=replace(frames[-1].publisher, icon=picture)))
    for frame in frames:
        written = publish.packed_frame(frame)
        assert written == by_schema(frame, BASE64)
        assert publish.packed_frame(publish.unpacked_frame(written)) == written


def test_what_was_kept_gives_the_same_documents(edition):
    for galley in edition.galleys:
        frame = publish.unpacked_frame(publish.packed_frame(galley.frame))
        rows = [publish.unpacked_entry(publish.packed(row)) for row in galley.rows]
        assert publish.render(publish.Galley(galley.name, frame, rows)) == publish.render(galley)
