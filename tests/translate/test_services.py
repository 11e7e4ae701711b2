"""Contract tests: every engine over HTTP against a server that behaves as its documentation says, every error included."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.errors import ConfigError
from pipeline.model import EngineRules
from pipeline.translate.engines import EngineFailed
from pipeline.translate.engines.opened import opened
from tests.translate.service import served

KEYS = {"KEY": "key", "DEEPL": "key:fx", "FOLDER": "folder"}
RULES = {
    "libretranslate": {"own": True},
    "deepl": {"key_env": "DEEPL"},
    "yandex": {"key_env": "KEY", "folder_env": "FOLDER"},
    "google": {"key_env": "KEY"},
}  # fmt: skip
BILLED = ("deepl", "yandex", "google")
TEXTS = ["Порт открыт", 'Это <g id="0">форум</g> <x id="1"></x> &amp; ещё']


@pytest.fixture
def open_engine():
    """Open an engine at a server, without waiting between tries."""
    made = []

    def make(service, **more):
        rules = EngineRules(service.kind, url=service.url, timeout=timedelta(seconds=2), **RULES[service.kind] | more)
        (engine,) = opened([rules], KEYS, {})
        waited = []
        engine.caller.sleep = waited.append
        made.append(engine)
        engine.waited = waited
        return engine

    yield make
    for engine in made:
        engine.close()


@pytest.mark.parametrize("kind", RULES)
def test_texts_are_translated(kind, open_engine):
    with served(kind) as service:
        engine = open_engine(service)
        assert engine.translate(TEXTS, "ru", "en") == [
            "ПОРТ ОТКРЫТ",
            'ЭТО <g id="0">ФОРУМ</g> <x id="1"></x> &AMP; ЕЩЁ',
        ]
        assert engine.translate(TEXTS[:1], "en", "ru") == ["ПОРТ ОТКРЫТ"]
        assert service.texts == [*TEXTS, TEXTS[0]]
        assert engine.about("ru", "en")[1] in ("1.9.6", "v2")
        assert engine.traits.bills == (kind in BILLED)
        assert engine.traits.outside == (kind in BILLED)


# engine, answer of the service → how it fails, how often it was asked, whether it may have been billed.
ERRORS = [
    ("libretranslate", 400, {"error": "ru is not supported"}, "unsupported", 1),
    ("libretranslate", 400, {"error": "Invalid request: request (9000) exceeds text limit (5000)"}, "too-large", 1),
    ("libretranslate", 400, {"error": "Invalid request: missing q parameter"}, "refused", 1),
    ("libretranslate", 403, {"error": "Visit the site to get an API key"}, "refused", 1),
    ("libretranslate", 429, {"error": "Slowdown: 20 per 1 minute"}, "overload", 3),
    ("libretranslate", 500, {"error": "Cannot translate text: model"}, "overload", 3),
    ("libretranslate", 200, {"translatedText": ["only one"]}, "lost", 1),
    ("libretranslate", 200, "<html>hello</html>", "lost", 1),
    ("deepl", 400, {"message": "Bad request"}, "refused", 1),
    ("deepl", 403, {"message": "Authorization failed"}, "refused", 1),
    ("deepl", 404, {"message": "Not found"}, "refused", 1),
    ("deepl", 413, {"message": "Request Entity Too Large"}, "too-large", 1),
    ("deepl", 414, {"message": "Request-URI Too Long"}, "too-large", 1),
    ("deepl", 429, {"message": "Too many requests"}, "overload", 3),
    ("deepl", 456, {"message": "Quota exceeded"}, "quota", 1),
    ("deepl", 500, {"message": "Internal error"}, "overload", 3),
    ("deepl", 503, {"message": "Resource currently unavailable"}, "overload", 3),
    ("deepl", 504, {"message": "Gateway timeout"}, "lost", 1),
    ("deepl", 529, {"message": "Too many requests"}, "overload", 3),
    ("deepl", 302, "", "refused", 1),
    ("deepl", 200, {"translations": [{"text": 5}, {}]}, "lost", 1),
    ("yandex", 400, {"code": 3, "message": "Invalid argument"}, "refused", 1),
    ("yandex", 400, {"code": 3, "message": "unsupported target language code"}, "unsupported", 1),
    ("yandex", 400, {"code": 3, "message": "texts: total length must be not greater than 10000"}, "too-large", 1),
    ("yandex", 401, {"code": 16, "message": "The token is invalid"}, "refused", 1),
    ("yandex", 403, {"code": 7, "message": "Permission denied"}, "refused", 1),
    ("yandex", 429, {"code": 8, "message": "limit on requests was exceeded. Limit: 20, Interval: 1s."}, "overload", 3),
    ("yandex", 429, {"code": 8, "message": "limit on units was exceeded. Limit: 1000000 characters, Interval: 1h"}, "quota", 1),
    ("yandex", 503, {"code": 14, "message": "Unavailable"}, "overload", 3),
    ("google", 400, {"error": {"message": "Invalid JSON payload", "errors": [{"reason": "badRequest"}]}}, "refused", 1),
    ("google", 400, {"error": {"message": "Too many text segments"}}, "too-large", 1),
    ("google", 400, {"error": {"message": "Bad language pair: xx|en"}}, "unsupported", 1),
    ("google", 403, {"error": {"message": "Daily Limit Exceeded", "errors": [{"reason": "dailyLimitExceeded"}]}}, "quota", 1),
    ("google", 403, {"error": {"message": "User Rate Limit Exceeded", "errors": [{"reason": "userRateLimitExceeded"}]}}, "overload", 3),
    ("google", 403, {"error": {"message": "The request is missing a valid API key.", "errors": [{"reason": "forbidden"}]}}, "refused", 1),
    ("google", 429, {"error": {"message": "Resource exhausted"}}, "overload", 3),
    ("google", 503, {"error": {"message": "backendError"}}, "overload", 3),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "status", "body", "expected", "asked"), ERRORS, ids=lambda one: str(one)[:30])
def test_errors_mean_what_the_documentation_says(kind, status, body, expected, asked, open_engine):
    with served(kind) as service:
        engine = open_engine(service)
        for _ in range(3):
            service.then(status, body, {"Location": service.url} if status == 302 else {})
        with pytest.raises(EngineFailed) as failed:
            engine.translate(TEXTS, "ru", "en")
        assert (failed.value.kind, failed.value.unsent) == (expected, expected != "lost")
        assert sum(body is not None for _, _, body in service.seen) == asked


@pytest.mark.parametrize("kind", RULES)
def test_overload_that_passes_is_waited_for(kind, open_engine):
    with served(kind) as service:
        engine = open_engine(service)
        service.then(429, {"code": 8, "message": "requests, 1s"}, {"Retry-After": "7"}).then(503, {})
        assert engine.translate(TEXTS[:1], "ru", "en") == ["ПОРТ ОТКРЫТ"]
        assert engine.waited == [7.0, 4.0]


def test_a_long_retry_after_is_not_waited_for(open_engine):
    with served("deepl") as service:
        engine = open_engine(service)
        service.then(429, {}, {"Retry-After": "3600"})
        with pytest.raises(EngineFailed, match="overload"):
            engine.translate(TEXTS, "ru", "en")
        assert engine.waited == []


@pytest.mark.parametrize("kind", ["deepl", "libretranslate"])
def test_no_answer_is_asked_for_again_only_where_that_costs_nothing(kind, open_engine):
    with served(kind) as service:
        engine = open_engine(service)
        engine.caller.timeout = 1.0
        engine.about("ru", "en")
        service.then(200, {}, seconds=1.5)
        if kind == "deepl":
            with pytest.raises(EngineFailed) as failed:
                engine.translate(TEXTS[:1], "ru", "en")
            assert failed.value.kind == "lost"
            assert len(service.texts) == 1
        else:
            assert engine.translate(TEXTS[:1], "ru", "en") == ["ПОРТ ОТКРЫТ"]


@pytest.mark.parametrize("kind", RULES)
def test_a_server_that_is_not_there(kind, open_engine):
    with served(kind) as service:
        engine = open_engine(service)
    with pytest.raises(EngineFailed) as failed:
        engine.translate(TEXTS, "ru", "en")
    assert (failed.value.kind, failed.value.unsent) == ("network", True)


def test_a_pair_that_a_libretranslate_server_lacks_is_never_sent(open_engine):
    with served("libretranslate") as service:
        service.languages = [{"code": "en", "name": "English", "targets": ["de"]}]
        engine = open_engine(service)
        with pytest.raises(EngineFailed, match="no model from ru to en"):
            engine.translate(TEXTS, "ru", "en")
        assert service.texts == []


def test_a_key_that_is_not_set_is_a_mistake_in_the_configuration():
    with pytest.raises(ConfigError, match="deepl: the environment variable NEVAWIRE_DEEPL_KEY is not set"):
        opened([EngineRules("deepl", key_env="NEVAWIRE_DEEPL_KEY")], {}, {})


def test_keys_travel_over_tls_only():
    with pytest.raises(ConfigError, match="in the open"):
        opened([EngineRules("deepl", key_env="DEEPL", url="http://translate.example/")], KEYS, {})


def test_a_key_s_end_tells_its_service():
    free, paid = opened([EngineRules("deepl", key_env="DEEPL"), EngineRules("deepl", key_env="KEY")], KEYS, {})
    assert (free.url, paid.url) == ("https://api-free.deepl.com", "https://api.deepl.com")
