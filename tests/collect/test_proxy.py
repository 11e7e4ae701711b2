"""Ways to a host: through a proxy that is told addresses and never names, and by authorities of a country."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import trustme

from pipeline.collect import Guard, parse_allowance, ready
from pipeline.collect.route import route_of
from pipeline.errors import ConfigError
from pipeline.model import Fetch, Source

from .hostile import Names, Recorder, Site, fetcher, reply, run, source

SITE = "новости.test".encode("idna").decode()


@dataclass
class Proxy:
    """A proxy on loopback that connects every tunnel to one port, and writes down what it was told."""

    target: int
    answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    heads: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)  # SNI of the TLS handshakes that went through
    port: int = 0

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        async with _server(self._tunnel) as self.port:
            yield f"http://anna:p%40ss@127.0.0.1:{self.port}"

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self.answer)
        await writer.drain()
        if self.target:
            far, near = await asyncio.open_connection("127.0.0.1", self.target)
            async with _closing(near):
                ways = [asyncio.ensure_future(_pump(reader, near)), asyncio.ensure_future(_pump(far, writer))]
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def _server(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve on loopback; every connection is over when this is."""
    tasks: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError):
            async with _closing(writer):
                await serve(reader, writer)

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


@asynccontextmanager
async def tls_site(authority: trustme.CA, names: list[str | None]) -> AsyncIterator[int]:
    """Serve one page over TLS with a certificate for SITE, noting the name each client asks for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(SITE).configure_cert(context)
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply())
        await writer.drain()

    async with _server(answer, context) as port:
        yield port


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "national.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


PUBLIC = Names({SITE: [["93.184.216.34"]], "inside.test": [["10.0.0.7"]]})


def proxied(ca: str = "") -> Source:
    return replace(source(timeout=5), proxy="PROXY_RU", ca=ca)


async def through(proxy: Proxy, url: str, ca: str = "", recorder: Recorder | None = None) -> Fetch:
    async with (
        proxy.serve() as at,
        fetcher(recorder, PUBLIC, guard=Guard(), environment={"PROXY_RU": at}) as client,
    ):
        return await client.fetch(url, source=proxied(ca))


def test_a_proxy_is_told_the_judged_address_and_the_site_its_name(authority: trustme.CA, ca_file: str) -> None:
    names: list[str | None] = []
    recorder = Recorder()

    async def scenario() -> tuple[Fetch, Proxy]:
        async with tls_site(authority, names) as port:
            proxy = Proxy(port)
            return await through(proxy, f"https://{SITE}/page", ca_file, recorder), proxy

    fetch, proxy = run(scenario())

    assert fetch.kind == "ok", fetch.detail
    assert [head.splitlines()[0] for head in proxy.heads] == [
        "CONNECT 93.184.216.34:443 HTTP/1.1"
    ] * 2  # robots.txt first
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'anna:p@ss').decode()}" in proxy.heads[0]
    assert SITE not in "".join(proxy.heads)
    assert names == [SITE, SITE]
    assert set(recorder.addresses) == {("127.0.0.1", proxy.port)}


def test_plain_http_goes_through_with_its_host_header() -> None:
    async def scenario() -> tuple[Fetch, Site, Proxy]:
        async with Site({"/page": reply()}) as site:
            proxy = Proxy(site.port)
            return await through(proxy, f"http://{SITE}/page"), site, proxy

    fetch, site, proxy = run(scenario())

    assert fetch.kind == "ok", fetch.detail
    assert {request.headers["host"] for request in site.log} == {SITE}
    assert "CONNECT 93.184.216.34:80 " in proxy.heads[0]


@pytest.mark.parametrize(
    "url", ["http://inside.test/", "http://10.0.0.7/", "http://127.0.0.1/", "http://[::ffff:10.0.0.7]/"]
)
def test_a_proxy_opens_no_door_to_private_addresses(url: str) -> None:
    proxy, recorder = Proxy(0), Recorder()

    fetch = run(through(proxy, url, recorder=recorder))

    assert fetch.kind == "blocked-address"
    assert proxy.heads == []
    assert recorder.addresses == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy"), (b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy"),
     (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "refused"), (b"SSH-2.0-dropbear\r\n\r\n", "proxy"), (b"", "proxy"),
     (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nforged", "proxy"), (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 5000, "proxy")],
)  # fmt: skip
def test_a_proxy_that_refuses_says_what_it_said(answer: bytes, kind: str) -> None:
    fetch = run(through(Proxy(0, answer), f"http://{SITE}/"))

    assert fetch.kind == kind
    assert "127.0.0.1" in fetch.detail
    assert "p@ss" not in fetch.detail
    assert "p%40ss" not in fetch.detail


def test_a_proxy_that_is_not_there_is_the_proxys_failure() -> None:
    async def scenario() -> Fetch:
        async with fetcher(names=PUBLIC, guard=Guard(), environment={"PROXY_RU": "http://127.0.0.1:1"}) as client:
            return await client.fetch(f"http://{SITE}/", source=proxied())

    assert run(scenario()).kind == "proxy"


def test_an_authority_is_trusted_by_its_source_alone(authority: trustme.CA, ca_file: str) -> None:
    async def scenario() -> tuple[str, str]:
        async with tls_site(authority, []) as port:
            names = Names({SITE: [["127.0.0.1"]]})
            async with fetcher(names=names, guard=Guard([parse_allowance("127.0.0.1:*")])) as client:
                url = f"https://{SITE}:{port}/page"
                trusting = await client.fetch(url, source=replace(source(timeout=5), ca=ca_file))
                async with fetcher(names=names) as other:
                    usual = await other.fetch(url, source=source(timeout=5))
        return trusting.kind, usual.kind

    assert run(scenario()) == ("ok", "tls")


def test_a_wrong_name_on_the_certificate_is_not_overlooked(authority: trustme.CA, ca_file: str) -> None:
    async def scenario() -> Fetch:
        names = Names({"other.test": [["127.0.0.1"]]})
        async with tls_site(authority, []) as port, fetcher(names=names) as client:
            return await client.fetch(f"https://other.test:{port}/", source=replace(source(timeout=5), ca=ca_file))

    assert run(scenario()).kind == "tls"


def test_what_a_source_needs_is_missed_before_anything_is_asked(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate", encoding="utf-8")
    cases: list[tuple[Source, dict[str, str], str]] = [
        (proxied(), {}, "PROXY_RU is not set"),
        (proxied(), {"PROXY_RU": "socks5://anna:secret@127.0.0.1"}, "no http"),
        (proxied(), {"PROXY_RU": "127.0.0.1:3128"}, "no http"),
        (replace(source(), ca=str(tmp_path / "gone.pem")), {}, "gone.pem"),
        (replace(source(), ca=str(broken)), {}, "broken.pem"),
        (replace(source(), render="browser"), {"NEVAWIRE_CHROMIUM": str(tmp_path / "none")}, "is no program"),
    ]
    for needs, environment, message in cases:
        with pytest.raises(ConfigError, match=message) as caught:
            ready([source(), needs], environment)
        assert str(caught.value).startswith("sources.s.")
        assert "secret" not in str(caught.value)
    assert "secret" not in repr(route_of(proxied(), {"PROXY_RU": "http://anna:secret@127.0.0.1:3128"}))
