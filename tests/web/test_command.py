"""`nevawire serve` as an operator starts and stops it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from pipeline import serve
from pipeline.errors import NevawireError
from tests.web.servers import ask


def test_it_serves_until_it_is_told_to_stop(folder, tmp_path):
    where = ["--feeds", str(folder), "--store", str(tmp_path)]
    words = [sys.executable, "-m", "pipeline", "serve", "--port", "0", *where]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        line, desk = process.stdout.readline(), process.stdout.readline()
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", line)[1])
        answer = ask(port, "GET", "/")
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=20)

    assert (answer.status, answer.body) == (200, (folder / "index.html").read_bytes())
    assert "server" not in answer.headers
    assert desk == f"the desk is at http://127.0.0.1:{port}/desk/\n"
    assert (process.returncode, out, errors) == (0, "", "")


def test_a_taken_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NevawireError, match=f"port {port} of 127.0.0.1 is taken by another program; choose one"):
            serve.bound("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_told():
    with pytest.raises(NevawireError, match=r"cannot serve at 192\.0\.2\.1, port 80: "):
        serve.bound("192.0.2.1", 80)
