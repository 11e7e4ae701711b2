"""What a request asks of a document that has not changed, case by case (RFC 9110, sections 12.5.3 and 13)."""

from __future__ import annotations

import pytest

from pipeline.web.conditions import as_http_date, http_date, not_modified, takes_gzip

TAG, MODIFIED = '"abc"', 1_700_000_000
THEN, BEFORE, AFTER = (as_http_date(MODIFIED + days * 86400) for days in (0, -1, 1))


@pytest.mark.parametrize(
    ("tags", "since", "same"),
    [
        (None, None, False),
        ('"abc"', None, True),
        ('W/"abc"', None, True),
        ('"abd"', None, False),
        ('"x", W/"y" , "abc"', None, True),
        ('"x","y"', None, False),
        ("*", None, True),
        (" * ", None, True),
        ('"abcd", "ab"', None, False),
        ("abc", None, False),
        ("", None, False),
        ('"a,b", "abc"', None, True),
        ('"abc', None, False),
        ('"other"', AFTER, False),
        ('"abc"', BEFORE, True),
        (None, THEN, True),
        (None, AFTER, True),
        (None, BEFORE, False),
        (None, "yesterday", False),
        (None, "Tue, 99 Foo 2026 00:00:00 GMT", False),
        (None, "Tuesday, 14-Nov-23 22:13:20 GMT", True),
        (None, "Tue Nov 14 22:13:20 2023", True),
    ],
)
def test_not_modified(tags, since, same):
    assert not_modified(tags, since, TAG, MODIFIED) is same


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("", False), ("gzip", True), ("GZip", True), ("deflate, gzip;q=1.0, *;q=0.5", True), ("gzip;q=0", False),
        ("gzip;q=0.000", False), ("gzip;q=0.001", True), ("br", False), ("*", True), ("*;q=0", False),
        ("gzip;q=0, *", False), ("gzip ; q=0.5", True), ("gzip;q=much", False), ("x-gzip", True), ("identity", False),
    ],
)  # fmt: skip
def test_takes_gzip(accepted, takes):
    assert takes_gzip(accepted) is takes


def test_dates_of_http_come_back():
    assert http_date(as_http_date(MODIFIED)) == MODIFIED
    assert as_http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
