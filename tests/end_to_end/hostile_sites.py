"""The hostile internet's sites: good articles among faults, and listings that are the fault themselves."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.collect.faults import FAULTS, packings
from tests.collect.hostile import Answer, Request, redirect, reply

#: Sites over which the faults of articles are spread, so that the slow ones run side by side.
SPREAD = 16
_DIRECTIONS = [
    "порту",
    "верфи",
    "музею",
    "заводу",
    "парку",
    "театру",
    "мосту",
    "вокзалу",
    "институту",
    "рынку",
    "стадиону",
    "каналу",
]


@dataclass
class Place:
    """One site: what it answers, what must be made of it."""

    host: str
    path: str = "/news/"
    routes: dict[str, Answer] = field(default_factory=dict)
    yaml: str = ""  # further keys of its listing
    listing: str = ""  # kind of its listing's failure; "" where it is read; two kinds where chance decides
    articles: dict[str, str] = field(
        default_factory=dict
    )  # path → kind of outcome; "good" where an article comes of it
    scheme: str = "http"
    at: str = ""  # host to ask where it is not its own


def story(number: int) -> str:
    """Return an article's page; every line of it stands nowhere else."""
    to = _DIRECTIONS[number % len(_DIRECTIONS)]
    lines = (
        f"Городской совет выделил {to} средства на обновление, сообщила пресс-служба под номером {number}.",
        f"Работы к {to} начнутся весной и займут {number + 3} недель, рассказал главный инженер участка {number}.",
        f"Жители дома {number} давно просили об этом и благодарят всех, кто помог {to} и проекту {number}.",
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><meta property='og:title' content='Помощь {to}: проект {number}'><title>Помощь {to}</title></head>"
        f"<body><article><h1>Помощь {to}: проект {number}</h1><time datetime='2026-11-1{number % 10}'>1{number % 10}.11.2026</time>"
        f"{body}</article></body></html>"
    )


def listing(*paths: str) -> bytes:
    """Return a listing page that links to these paths."""
    links = "".join(
        f"<li><a class='n' href='{path}'>Новость {n} о делах города</a></li>" for n, path in enumerate(paths)
    )
    return reply(body=f"<html><body><ul>{links}</ul></body></html>".encode())


def _misread(text: str) -> str:
    return "".join(bytes([b]).decode("cp1251", errors="replace").replace("\ufffd", chr(b)) for b in text.encode())


def good_pages() -> Iterator[tuple[str, Answer]]:
    """Yield pages an article must come of, each from a server with a habit of its own."""
    for number, (name, answer) in enumerate(packings(story(1).encode()).items()):
        yield name, packings(story(number).encode())[name] if answer else answer
    text = story(40)
    tag = "<head><meta charset='{}'>"
    yield "windows-1251 undeclared", reply(body=story(41).encode("cp1251"), content_type="text/html")
    yield "windows-1251 called UTF-8", reply(body=story(42).encode("cp1251"))
    yield (
        "koi8-r in meta",
        reply(body=story(43).replace("<head>", tag.format("koi8-r")).encode("koi8-r"), content_type="text/html"),
    )
    yield "UTF-8 called windows-1251", reply(body=story(44).encode(), content_type="text/html; charset=windows-1251")
    yield "UTF-16", reply(body=story(45).encode("utf-16"), content_type="text/html")
    yield "UTF-8 read as windows-1251", reply(body=_misread(story(46)).encode())
    yield "an unknown charset", reply(body=text.encode(), content_type="text/html; charset=no-such")
    yield "control characters", reply(body=story(47).replace("Работы", "\x00\x08Работы\x0b\x1f").encode())
    yield "illegal references", reply(body=story(48).replace("Работы", "&#8;&#xFFFE;&#xD800;Работы").encode())
    yield "deeply nested", reply(body=story(49).replace("<article>", "<div>" * 200 + "<article>").encode())
    yield "nothing closed", reply(body=story(50).replace("</p>", "").replace("</article></body></html>", "").encode())
    yield "a moved page", redirect("/moved/51/", 301)
    yield "nine cookies", reply(body=story(52).encode(), set_cookie="a=b; Path=/; Domain=.1")


def redirects() -> Iterator[tuple[str, Answer, str]]:
    """Yield redirects that lead to no good, and the outcome of each."""
    targets = {
        "http://10.0.0.7/": "blocked-address", "http://169.254.169.254/latest/meta-data/": "blocked-address",
        "http://192.168.1.1:{port}/": "blocked-address", "http://[::ffff:10.0.0.7]/": "blocked-address",
        "http://[::1]:{port}/": "blocked-address", "http://127.0.0.1:22/": "blocked-address", "http://0.0.0.0:{port}/": "blocked-address",
        "http://[64:ff9b::a00:7]/": "blocked-address", "http://100.64.0.1/": "blocked-address", "file:///etc/passwd": "blocked-address",
        "data:text/html,<p>x": "blocked-address", "ftp://127.0.0.1/": "blocked-address", "http://": "redirects", "http://[::1": "redirects",
        "https://127.0.1.1:{port}/": "tls", "/private/secret": "robots", "/loop": "redirects", "/long/1": "redirects",
    }  # fmt: skip
    for target, kind in targets.items():
        yield f"redirected to {target}", redirect(target), kind


def walls() -> Iterator[tuple[str, Answer, str]]:
    """Yield answers that are no page, and the outcome of each."""
    guard = b"<html><head><title>DDOS-GUARD</title></head><body>js</body></html>"
    wall = b"<html><script>document.cookie='a=1';location.reload()</script></html>"
    yield "DDoS-Guard", reply(403, guard, server="ddos-guard"), "challenge"
    yield "a JavaScript wall that answers 200", reply(body=wall), "challenge"
    yield "busy", reply(429, retry_after="3600"), "status-429"
    yield "away", reply(503, retry_after="Thu, 01 Jan 2099 00:00:00 GMT"), "status-503"
    yield "50,000 links", reply(body=b"<html><body>" + b"<a href='/x/'>x</a>" * 50_000), "too-large"
    yield "forbidden to robots", reply(body=story(1).encode()), "robots"


def hard_to_read() -> Iterator[tuple[str, Answer]]:
    """Yield pages that arrive and do their worst to whoever reads them; only that they end matters."""
    attributes = " ".join(f"a{n}='{n}'" for n in range(100_000))
    yield "100,000 attributes", reply(body=f"<html><body><div {attributes}><p>Текст</p></div></body></html>".encode())
    links = "".join(f"<a href='/x/{n}'>ссылка {n}</a>" for n in range(9_500))
    yield "9,500 links", reply(body=f"<html><body>{links}</body></html>".encode())
    yield "100,000 divs deep", reply(body=b"<html><body>" + b"<div>" * 100_000)
    yield "only a script", reply(body=b"<html><body><script>" + b"x" * 1_000_000)


LEADS = {
    "/loop": redirect("/loop"), "/moved/51/": reply(body=story(51).encode()),
    **{f"/long/{n}": redirect(f"/long/{n + 1}") for n in range(1, 12)},
    "/robots.txt": reply(body=b"User-agent: *\nDisallow: /private/\n", content_type="text/plain"),
    "/private/secret": reply(body=story(1).encode()),
}  # fmt: skip


def article_places() -> list[Place]:
    """Return the sites whose listings are good and whose articles are good and bad by turns."""
    rows: list[tuple[str, Answer, str]] = [
        *((name, answer, kind) for name, (answer, kind) in FAULTS.items()), *redirects(), *walls(),
        *((name, answer, "ended") for name, answer in hard_to_read()),
        *((name, answer, "good") for name, answer in good_pages()),
    ]  # fmt: skip
    places = [Place(f"127.0.1.{n + 1}", routes=dict(LEADS), yaml="links: a.n") for n in range(SPREAD)]
    for number, (name, answer, kind) in enumerate(rows):
        place = places[number % SPREAD]
        path = f"/private/{number}/" if name == "forbidden to robots" else f"/news/{number}/"
        place.routes[path] = answer
        place.articles[path] = kind
    for place in places:
        place.routes["/news/"] = listing(*place.articles)
    return places


async def _drip(_: Request, writer: asyncio.StreamWriter) -> None:
    for _ in range(400):
        writer.write(b"U")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _endless(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while True:
        writer.write(b"Disallow: /private/\n" * 4096)
        await writer.drain()
        await asyncio.sleep(0)  # drain alone lets nobody else run while the other side keeps reading


LAUGHS = b"<!DOCTYPE rss [<!ENTITY a '" + b"ha" * 50 + b"'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><rss version='2.0'><channel><title>&j;</title></channel></rss>"  # fmt: skip
XXE = (
    b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'><!ENTITY n SYSTEM 'http://10.0.0.7/'>]>"
    b"<%s><url><loc>http://127.0.0.1/&f;&n;</loc></url></%s>"
)


def listing_places() -> list[Place]:
    """Return the sites whose listing, or robots.txt, is the fault."""
    page = {"/news/1/": reply(body=story(90).encode())}
    whole = {"/news/": listing("/news/1/"), **page}
    faults: list[tuple[dict[str, Answer], str, str, str]] = [  # routes, path of the listing, its keys, kind of failure
        ({"/f": reply(body=LAUGHS, content_type="application/rss+xml")}, "/f", "", "parse no-links"),
        ({"/f": reply(body=XXE % (b"rss", b"rss"), content_type="application/rss+xml")}, "/f", "", "parse no-links"),
        ({"/sitemap.xml": reply(body=XXE % (b"urlset", b"urlset"), content_type="text/xml")}, "/sitemap.xml", "", "parse no-links"),
        ({"/s.gz": reply(body=gzip.compress(b"\0" * 40_000_000), content_type="application/gzip")}, "/s.gz", "kind: sitemap", "parse"),
        ({"/s": reply(body=b"<sitemapindex>" + b"<sitemap><loc>/s</loc></sitemap>" * 9000 + b"</sitemapindex>", content_type="text/xml")},
         "/s", "kind: sitemap", "no-links"),
        ({"/f": reply(body=b"<rss><channel>" + b"<item>" * 90_000, content_type="text/xml")}, "/f", "kind: feed", "parse no-links timeout"),
        ({"/f": reply(body=b"{'not': json", content_type="application/feed+json")}, "/f", "kind: feed", "parse"),
        ({"/a": reply(body=b"[" * 200_000, content_type="application/json")}, "/a", "api: {html: news}", "parse"),
        ({"/a": reply(body=b'{"other": 1}', content_type="application/json")}, "/a", "api: {html: news}", "drift"),
        ({"/news/": reply(body=b"%PDF-1.7", content_type="application/pdf")}, "/news/", "", "not-html"),
        ({"/news/": reply(body=b"")}, "/news/", "", "empty"),
        ({"/news/": reply(body=b"<html><body><p>Nothing here.</p></body></html>")}, "/news/", "", "no-links"),
        ({"/news/": reply(body=b"<html><body>" + b"<a href='/news/1/'>" * 50_000)}, "/news/", "", "too-large"),
        ({"/news/": reply(body=b"<html><body><div " + b"a='b' c" * 100_000 + b">")}, "/news/", "", "no-links timeout memory parse"),
        ({"/news/": reply(403, b"<html><title>DDOS-GUARD</title></html>", server="ddos-guard")}, "/news/", "", "challenge"),
        ({"/news/": reply(429, retry_after="120"), **page}, "/news/", "", "status-429"),
        ({"/news/": reply(503, retry_after="120"), **page}, "/news/", "", "status-503"),
        ({"/news/": reply(500), **page}, "/news/", "", "status-500"),
        ({"/news/": redirect("http://10.0.0.7/")}, "/news/", "", "blocked-address"),
        ({"/robots.txt": reply(500), **whole}, "/news/", "", "robots"),
        ({"/robots.txt": reply(body=b"User-agent: *\nDisallow: /\n"), **whole}, "/news/", "", "robots"),
        ({"/robots.txt": redirect("http://169.254.169.254/"), **whole}, "/news/", "", "blocked-address"),
        ({"/robots.txt": _drip, **whole}, "/news/", "", "timeout"),
        ({"/robots.txt": _endless, **whole}, "/news/", "links: a.n", ""),
        ({"/robots.txt": reply(body=bytes(range(256)) * 40), **whole}, "/news/", "links: a.n", ""),
        ({"/robots.txt": reply(404), **whole}, "/news/", "links: a.n", ""),
    ]  # fmt: skip
    places = []
    for number, (routes, path, yaml, kind) in enumerate(faults):
        articles = {"/news/1/": "good"} if not kind else {}
        places.append(Place(f"127.0.2.{number + 1}", path, routes, yaml, kind, articles))
    places.append(Place("127.0.3.1", listing="tls", scheme="https"))
    places.extend(
        Place(f"127.0.4.{number + 1}", listing="blocked-address", at=at)
        for number, at in enumerate(("10.0.0.7", "169.254.169.254", "[::ffff:192.168.0.1]", "[fe80::1]", "0.0.0.0"))
    )
    return places
