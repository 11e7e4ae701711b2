"""The desk behind nginx as deploy/nginx.conf has it: for users, and for nobody else."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import urllib.parse

import pytest

from tests.review.building import PASSWORD
from tests.web.servers import ask, desk_proxy, free_port, running

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx"),
]


def asked(port, method, path, host="desk.example.org", cookies="", form=None):
    """Return status, headers by their lower-case names, and body."""
    connection = contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20))
    headers = {"Host": host, "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    with connection as opened:
        opened.request(method, path, urllib.parse.urlencode(form or {}), headers)
        answer = opened.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_a_stranger_through_the_proxy_is_asked_who_he_is(live, tmp_path):
    with desk_proxy(int(live.url.rpartition(":")[2]), tmp_path) as port:
        for host in ("desk.example.org", "localhost", "127.0.0.1"):
            assert asked(port, "GET", "/desk/", host)[1]["location"].startswith("/desk/login")
            assert asked(port, "GET", "/api/v1/me", host)[0] == 401
        _, headers, body = asked(port, "GET", "/desk/login")
        visitor = headers["set-cookie"].partition(";")[0]
        token = re.search(rb'name="csrf" content="(\w+)"', body)[1].decode()
        form = {"name": "analyst", "password": PASSWORD}
        assert asked(port, "POST", "/desk/login", cookies=visitor, form=form | {"csrf": "0" * 64})[0] == 403
        status, headers, _ = asked(port, "POST", "/desk/login", cookies=visitor, form=form | {"csrf": token})
        assert status == 303
        status, _, body = asked(port, "GET", "/desk/", cookies=headers["set-cookie"].partition(";")[0])
        assert (status, b"analyst" in body) == (200, True)
        assert asked(port, "GET", "/all.rss")[0] == 404


def test_a_proxy_that_says_nothing_opens_nothing(live, tmp_path):
    port, behind = free_port(), live.url.removeprefix("http://")
    with running(f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{behind}; }} }}", port, tmp_path):
        assert ask(port, "GET", "/desk/").status == 303
