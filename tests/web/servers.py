"""`serve` in a thread of its own, nginx in a process: both on loopback, over the same folder."""

from __future__ import annotations

import asyncio
import http.client
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from pipeline import serve
from pipeline.web.shelf import Shelf

CONF = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
    """Ask without any header of a client's own but Host."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    connection.close()
    return answer


@contextmanager
def serving(folder: Path, parts=()) -> Iterator[int]:
    """Serve a folder; yield the port."""
    listening = serve.bound("127.0.0.1", 0)
    app = serve.application(Shelf(folder), parts)
    server = serve._Server(
        uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def desk_proxy(port: int, scratch: Path) -> Iterator[int]:
    """Run the desk's block of deploy/nginx.conf, without TLS, before a desk at a port; yield the proxy's port."""
    own, lines = free_port(), CONF.read_text().split("# server {", 1)[1].splitlines()
    block = "\n".join(["server {", *(line.removeprefix("#").removeprefix(" ") for line in lines)])
    block = re.sub(r"ssl_certificate\w* .*?;", "", block).replace("listen 443 ssl;", f"listen 127.0.0.1:{own};")
    assert "http://127.0.0.1:8080;" in block
    with running(block.replace("127.0.0.1:8080", f"127.0.0.1:{port}"), own, scratch):
        yield own


@contextmanager
def nginx(folder: Path, scratch: Path) -> Iterator[int]:
    """Serve a folder with deploy/nginx.conf, its address and root changed; yield the port."""
    port, text = free_port(), CONF.read_text()
    for old, new in (("listen 80;", f"listen 127.0.0.1:{port};"), ("root /srv/nevawire/feeds;", f"root {folder};")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    with running(text, port, scratch):
        yield port


@contextmanager
def running(text: str, port: int, scratch: Path) -> Iterator[None]:
    """Run nginx with this site until it is done with; it listens at a port."""
    (scratch / "site.conf").write_text(text)
    temporary = "".join(
        f"{one}_temp_path {scratch}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (scratch / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {scratch}/pid; error_log {scratch}/error.log;"
        f"events {{}} http {{ access_log off; {temporary} include {scratch}/site.conf; }}"
    )
    process = subprocess.Popen([shutil.which("nginx") or "nginx", "-p", scratch, "-c", scratch / "nginx.conf"])
    try:
        for _ in range(200):
            if process.poll() is not None:
                raise AssertionError((scratch / "error.log").read_text())
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(10)
