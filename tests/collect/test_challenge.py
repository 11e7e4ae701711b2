"""Walls against programs are told from pages and from plain refusals, and never got around."""

from __future__ import annotations

import asyncio

import pytest

from pipeline.collect import challenge

from .hostile import PAGE, Request, Site, fetcher, outcome, reply, run, source

SCRIPT = "<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def wall(title: str = "", head: str = "", body: str = "") -> bytes:
    return SCRIPT.format(title=title, head=head, body=body).encode()


WALLS = {
    "DDoS-Guard": (403, wall("DDOS-GUARD", body="<h1>Проверка браузера</h1>"), {"server": "ddos-guard"}),
    "DDoS-Guard's script": (
        200,
        wall(head="<script src='/.well-known/ddos-guard/js-challenge/index.js'></script>"),
        {},
    ),
    "DDoS-Guard unknown": (503, wall(head="<script src=/a.js></script>"), {"server": "ddos-guard"}),
    "Cloudflare by header": (403, wall("Anything"), {"cf_mitigated": "challenge"}),
    "Cloudflare": (503, wall("Just a moment...", "<script>window._cf_chl_opt={}</script>"), {}),
    "Qrator": (401, wall(head="<script src='/__qrator/qauth_utm_v2.js'></script>"), {}),
    "Yandex": (200, wall("Ой!", body="<form action='/checkcaptcha?key=1'>Подтвердите, что вы не робот</form>"), {}),
    "testcookie": (200, wall(head="<script>function toNumbers(d){}</script>"), {}),
    "AWS": (202, wall(), {"x_amzn_waf_action": "challenge"}),
    "an unknown wall": (200, wall(head="<script>document.cookie='k=1';location.reload();</script>"), {}),
    "a wall in Russian words": (200, wall(body="<p>Проверка вашего браузера</p>"), {}),
    "a wall in words": (
        429,
        wall(body="<p>Checking your browser before accessing the site.</p>"),
        {"retry_after": "60"},
    ),
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_an_outcome_of_its_own(name: str) -> None:
    status, body, headers = WALLS[name]

    article = outcome(reply(status, body, **headers))
    listing = outcome(reply(status, body, **headers), role="listing")

    assert (article.kind, article.page) == ("challenge", None)
    assert f"answered {status}" in article.detail
    assert article.retry_after == (60.0 if status == 429 else None)
    assert listing.kind == "challenge"


PROSE = " ".join(["Портал города переехал под защиту DDoS-Guard, и теперь читатели видят проверку браузера."] * 12)


@pytest.mark.parametrize(
    "body",
    [PAGE, wall("Новость", body=f"<p>{PROSE}</p>"), wall("Форум", "<script>document.cookie='a=1'</script>", "<p>Скоро</p>"),
     wall("Новость", "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", "<p>Текст новости</p>")],
)  # fmt: skip
def test_a_page_that_only_speaks_of_walls_is_a_page(body: bytes) -> None:
    assert outcome(reply(body=body)).kind == "ok"


@pytest.mark.parametrize(
    ("status", "headers"), [(403, {}), (403, {"server": "ddos-guard"}), (503, {"retry_after": "5"})]
)
def test_a_plain_refusal_keeps_its_status(status: int, headers: dict[str, str]) -> None:
    assert outcome(reply(status, b"<h1>Forbidden</h1>", **headers)).kind == f"status-{status}"


def test_a_failure_whose_body_never_ends_is_known_by_its_status() -> None:
    async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 503 No\r\ncontent-type: text/html\r\n\r\n<h1>")
        for _ in range(100):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert outcome(drip).kind == "status-503"
    assert outcome(reply(500, b"x" * 2_000_000)).kind == "status-500"
    assert outcome(reply(500, b"no gzip", content_encoding="gzip")).kind == "status-500"


def test_a_wall_in_front_of_robots_txt_is_no_challenge_but_its_status() -> None:
    async def scenario() -> str:
        routes = {"/robots.txt": reply(403, WALLS["DDoS-Guard"][1], server="ddos-guard"), "/page": reply()}
        async with Site(routes) as site, fetcher() as client:
            return (await client.fetch(site.url("/page"), source=source())).kind

    assert run(scenario()) == "ok"


def test_only_the_beginning_is_looked_at_and_in_good_time() -> None:
    assert challenge.maker(200, {}, b"<p>" + b"x " * challenge.REACH + b"_cf_chl_opt") == ""
    for hostile in (
        b"<" * 70_000,
        b"<script" * 10_000,
        b"<!--" * 17_000,
        b"document.cookie = " * 4_000,
        b"<a " * 20_000,
    ):
        assert challenge.maker(200, {}, hostile) == ""
