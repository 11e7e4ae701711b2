"""Searches as people write them."""

from __future__ import annotations

import pytest

from pipeline.model import Query
from pipeline.query import parse


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("порт", Query(words=("порт",))),
        ('порт  "морской терминал"', Query(words=("порт", "морской терминал"))),
        ("«чистые технологии»", Query(words=("чистые технологии",))),
        ("порт -круиз", Query(words=("порт",), not_words=("круиз",))),
        ('порт -"морской круиз"', Query(words=("порт",), not_words=("морской круиз",))),
        ("санкт-петербург", Query(words=("санкт-петербург",))),
        ("source:bureau source:expo", Query(sources=("bureau", "expo"))),
        ("Language:ru -kind:venue x", Query(words=("x",), languages=("ru",), not_kinds=("venue",))),
        ('"source:bureau"', Query(words=("source:bureau",))),
        ("порт порт", Query(words=("порт",))),
        ("C++ 5G", Query(words=("C++", "5G"))),
    ],
)
def test_what_is_meant(text, query):
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "looks for nothing"), ("   ", "looks for nothing"), ("-порт", "looks for nothing"),
        ('"порт', "a quotation mark may be missing"), ('порт"мост"', "a quotation mark may be missing"),
        ("«порт", "a quotation mark may be missing"), ("—", "has no word"), ('""', "has no word"),
        ("https://site.ru", "https: is no field of a search"), ("language:fr", "should be language:ru or language:en"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(text, told):
    with pytest.raises(ValueError, match=told):
        parse(text)
