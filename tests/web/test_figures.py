"""Figures go to those who run the place, however the world is let in; anybody may probe."""

from __future__ import annotations

import http.client
import json
import socket

import pytest

from pipeline import metrics
from pipeline.errors import StoreError
from pipeline.store import open_store
from pipeline.web import figures
from tests import databases
from tests.publish.press import START
from tests.web.servers import ask, serving

FIGURES = b"nevawire_articles 3.0\n"


@pytest.fixture(scope="module")
def port(folder):
    def ready():
        return metrics.Answer(False, {"feeds": "nothing published yet"})

    probes = figures.probes(lambda: metrics.Answer(True, {"database": "answers"}), ready)
    with serving(folder, [probes, figures.part(lambda: FIGURES, lambda: "t0ken")]) as served:
        yield served


def figures_for(port, headers):
    return ask(port, "GET", "/metrics", headers)


def test_a_program_on_this_machine_gets_figures(port):
    answer = figures_for(port, None)
    assert (answer.status, answer.body) == (200, FIGURES)
    assert answer.headers["content-type"] == metrics.CONTENT_TYPE
    assert answer.headers["cache-control"] == "no-store"


PROXIES = [
    {"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}, {"X-Real-IP": "203.0.113.9"}, {"Via": "1.1 x"},
    {"X-Forwarded-Proto": "https"}, {"X-Forwarded-Host": "news.example.org"}, {"CF-Connecting-IP": "203.0.113.9"},
]  # fmt: skip


@pytest.mark.parametrize("headers", PROXIES, ids=lambda one: next(iter(one)))
def test_whom_a_proxy_lets_in_needs_the_token(port, headers):
    answer = figures_for(port, headers)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert FIGURES not in answer.body
    assert figures_for(port, {**headers, "Authorization": "Bearer t0ken"}).body == FIGURES


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer", "Basic t0ken", "t0ken", "Bearer t0ken2", "Bearer ключ"])
def test_a_wrong_token_opens_nothing_from_here_either(port, given):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics", headers={"Authorization": given.encode()})
    assert connection.getresponse().status == 401
    connection.close()


@pytest.mark.parametrize("line", ["GET /metrics HTTP/1.0", "GET /metrics HTTP/1.1\r\nHost: news.example.org"])
def test_how_nginx_or_another_host_name_asks_needs_the_token(port, line):
    with socket.create_connection(("127.0.0.1", port), 10) as raw:
        raw.sendall(f"{line}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert b" 401 " in answer.split(b"\r\n")[0]
    assert FIGURES not in answer


def test_anybody_may_probe(port):
    headers = {"X-Forwarded-For": "203.0.113.9"}
    alive, ready = ask(port, "GET", "/healthz", headers), ask(port, "GET", "/readyz", headers)
    assert (alive.status, json.loads(alive.body)) == (200, {"ok": True, "database": "answers"})
    assert (ready.status, json.loads(ready.body)["ok"]) == (503, False)
    assert ask(port, "HEAD", "/healthz").status == 200


def test_the_token_comes_of_the_secret(tmp_path):
    store = open_store(tmp_path / "store")
    own = metrics.token(store, "", START)
    assert own == metrics.token(store, "", START) != metrics.token(store, "another", START)
    store.close()


def test_a_database_that_does_not_answer_is_told_without_paths(tmp_path, folder):
    store = open_store(tmp_path / "secret-place")
    store.close()
    databases.spoil(tmp_path / "secret-place")
    for told in (metrics.healthy, metrics.ready):
        found = told(store, START)
        assert (found.ok, found.facts) == (False, {"database": "does not answer"})

    def broken():
        raise StoreError("at secret-place")

    with serving(folder, [figures.part(broken, lambda: "t")]) as served:
        answer = ask(served, "GET", "/metrics")
    assert (answer.status, answer.body) == (503, b"the database does not answer\n")


def test_without_a_store_feeds_are_what_there_is(folder, tmp_path):
    assert metrics.shown(folder).ok
    assert not metrics.shown(tmp_path).ok
