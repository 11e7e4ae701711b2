"""Redirects: every hop is a request of its own to guard, robots.txt and manners."""

from __future__ import annotations

import asyncio
import base64

import pytest

from pipeline.collect import Guard, parse_allowance

from .hostile import PAGE, Names, Recorder, Request, Site, ask, fetcher, redirect, reply, run, source


def test_a_page_that_moved_is_found_and_says_where() -> None:
    async def scenario() -> None:
        async with Site(
            {"/old": redirect("new", 301), "/new": redirect("/final#part", 308), "/final": reply()}
        ) as site:
            async with fetcher() as client:
                fetch = await client.fetch(site.url("/old#top"), source=source())

            assert fetch.kind == "ok"
            assert fetch.page is not None
            assert (fetch.page.asked, fetch.page.url) == (site.url("/old#top"), site.url("/final"))
            assert site.asked() == ["/old", "/new", "/final"]

    run(scenario())


def test_eight_redirects_are_followed_and_not_nine() -> None:
    hops = {f"/{n}": redirect(f"/{n + 1}") for n in range(9)}

    assert run(ask({**hops, "/8": reply()}, "/0")).kind == "ok"
    assert run(ask({**hops, "/9": reply()}, "/0")).kind == "redirects"


def test_a_circle_is_noticed_when_it_closes() -> None:
    async def scenario() -> None:
        async with Site({"/a": redirect("/b"), "/b": redirect("/a")}) as site, fetcher() as client:
            fetch = await client.fetch(site.url("/a"), source=source())

        assert fetch.kind == "redirects"
        assert site.asked() == ["/a", "/b"]

    run(scenario())


def test_a_cookie_set_on_the_way_is_sent_back_and_forgotten_afterwards() -> None:
    async def wall(request: Request, writer: asyncio.StreamWriter) -> None:
        passed = "seen=1" in request.headers.get("cookie", "")
        writer.write(reply() if passed else redirect("/page", set_cookie="seen=1"))

    async def scenario() -> None:
        async with Site({"/page": wall}) as site, fetcher() as client:
            fetch = await client.fetch(site.url("/page"), source=source())
            await client.fetch(site.url("/page"), source=source())

        assert fetch.kind == "ok"
        cookies = [request.headers.get("cookie") for request in site.log if request.path == "/page"]
        assert cookies == [None, "seen=1", None, "seen=1"]

    run(scenario())


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("file:///etc/passwd", "blocked-address"),
        ("data:text/html,<p>x", "blocked-address"),
        ("ftp://127.0.0.1/x", "blocked-address"),
        ("javascript:alert(1)", "blocked-address"),
        ("http://[::1", "redirects"),
        ("//:80/", "redirects"),
    ],
)
def test_a_redirect_that_leads_to_no_page_ends_there(location: str, kind: str) -> None:
    fetch = run(ask({"/page": redirect(location)}))

    assert fetch.kind == kind
    assert location in fetch.detail


PRIVATE = {
    "loopback": "127.0.0.2", "this network": "0.0.0.0", "ten": "10.0.0.7", "172.16": "172.16.5.5", "192.168": "192.168.1.1",
    "link-local": "169.254.169.254", "shared space": "100.64.0.1", "multicast": "224.0.0.1", "reserved": "240.0.0.1",
    "IPv6 loopback": "::1", "mapped": "::ffff:10.0.0.7", "6to4": "2002:a00:7::1", "NAT64": "64:ff9b::a00:7",
    "unique local": "fd00::1", "IPv6 link-local": "fe80::1", "IPv4-compatible": "::a00:7", "documentation": "2001:db8::1",
}  # fmt: skip


@pytest.mark.parametrize("name", PRIVATE)
@pytest.mark.parametrize("by_name", [True, False])
def test_a_redirect_to_a_private_address_never_leaves(name: str, by_name: bool) -> None:
    address = PRIVATE[name]
    host = "inside.test" if by_name else f"[{address}]" if ":" in address else address

    async def scenario() -> None:
        recorder, names = Recorder(), Names({"inside.test": [[address]]})
        async with Site({"/page": redirect(f"http://{host}/admin")}) as site:
            only = fetcher(recorder, names, guard=site_only(site.port))
            async with only as client:
                fetch = await client.fetch(site.url("/page"), source=source())

        assert fetch.kind == "blocked-address"
        assert {host for host, _ in recorder.addresses} == {"127.0.0.1"}
        assert len(site.log) == 2  # its robots.txt, the page

    run(scenario())


def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    """DNS rebinding: each answer is judged, and the judged one is the one connected to."""

    async def scenario() -> None:
        # Public while robots.txt is asked for (and refused by the recorder), private afterwards.
        recorder, names = Recorder(), Names({"rebind.test": [["93.184.216.34"], ["127.0.0.1"], ["10.0.0.7"]]})
        async with fetcher(recorder, names, guard=site_only(1)) as client:
            first = await client.fetch("http://rebind.test/", source=source())
            second = await client.fetch("http://rebind.test:8080/", source=source())
            third = await client.fetch("http://rebind.test:8081/", source=source())

        assert [first.kind, second.kind, third.kind] == ["refused", "blocked-address", "blocked-address"]
        assert recorder.addresses == [("93.184.216.34", 80)]

    run(scenario())


def test_one_private_answer_among_public_ones_condemns_the_name() -> None:
    async def scenario() -> None:
        recorder, names = Recorder(), Names({"both.test": [["93.184.216.34", "10.0.0.7"]]})
        async with fetcher(recorder, names, guard=site_only(1)) as client:
            fetch = await client.fetch("http://both.test/", source=source())

        assert fetch.kind == "blocked-address"
        assert "10.0.0.7" in fetch.detail
        assert recorder.addresses == []

    run(scenario())


def test_credentials_stay_with_their_origin() -> None:
    async def scenario() -> None:
        names = Names({"other.test": [["127.0.0.1"]], "first.test": [["127.0.0.1"]]})
        async with Site({}) as site:
            site.routes = {
                "/page": redirect("/near"),
                "/near": redirect(site.url("/far", "other.test").replace("http://", "http://bait:x@")),
                "/far": reply(),
            }
            async with fetcher(names=names) as client:
                asked = site.url("/page", "first.test").replace("http://", "http://anna:pa%40ss@")
                fetch = await client.fetch(asked, source=source())
        seen = {request.path: request.headers.get("authorization") for request in site.log}

        assert fetch.kind == "ok"
        assert fetch.page is not None
        assert "@" not in fetch.page.url
        basic = f"Basic {base64.b64encode(b'anna:pa@ss').decode()}"
        assert seen == {"/robots.txt": None, "/page": basic, "/near": basic, "/far": None}

    run(scenario())


def test_the_host_header_is_the_name_and_the_socket_goes_to_the_address() -> None:
    async def scenario() -> None:
        recorder, names = Recorder(), Names({"news.test": [["127.0.0.1"]]})
        async with Site({"/page": reply()}) as site, fetcher(recorder, names) as client:
            fetch = await client.fetch(site.url("/page", "news.test"), source=source())

        assert fetch.kind == "ok"
        assert {request.headers["host"] for request in site.log} == {f"news.test:{site.port}"}
        assert set(recorder.addresses) == {("127.0.0.1", site.port)}

    run(scenario())


def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer() -> None:
    async def scenario() -> None:
        names = Names({"two.test": [["93.184.216.34", "127.0.0.1"]]})
        async with Site({"/page": reply()}) as site, fetcher(names=names) as client:
            fetch = await client.fetch(site.url("/page", "two.test"), source=source())

        assert fetch.page is not None
        assert fetch.page.body == PAGE

    run(scenario())


def site_only(port: int) -> Guard:
    """Return a guard that allows one port of 127.0.0.1."""
    return Guard([parse_allowance(f"127.0.0.1:{port}")])
