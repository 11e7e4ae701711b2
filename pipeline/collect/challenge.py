"""Whether an answer is a challenge: a wall that wants to see JavaScript, a cookie or a human; pure.

Such a page is no article and no listing, whatever its status says, and it is never
got around: who puts up a wall does not want to be read by programs. The operator is told its
maker's name, so that they can ask the site to let them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

#: Of a page so much is looked at: walls are small, and put their marks first.
REACH = 64 * 1024
#: A wall shows next to no text of its own; an article about one does.
_WORDS = 120
#: Words a page may have ("Please wait, redirecting…") and still say nothing.
_SILENT = 25

# Headers that only stand on a challenge.
_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
)
# What the pages of each wall hold, in lower case (of ASCII's letters); scripts that ordinary pages load from the same makers are not among them.
_MARKS = (
    ("DDoS-Guard", rb"/\.well-known/ddos-guard/|check\.ddos-guard\.net|<title>\s*ddos-guard\s*</title>|ddg-captcha"),
    ("Cloudflare", rb"_cf_chl_opt|cf-browser-verification|cf_chl_|<title>\s*(just a moment|attention required)"),
    ("Qrator", rb"/__qrator/(qauth|validate)|qrator[_-]?(jsid|challenge)"),
    ("Variti", rb"vddosw3data\.js|/_variti_|variti[-_](captcha|challenge)"),
    ("StormWall", rb"stormwall|__js_p_|document\.cookie\s*=\s*[\"']swp_token="),
    ("Yandex SmartCaptcha", rb"/showcaptcha\?|/checkcaptcha\?|smartcaptcha\.(yandexcloud|cloud\.yandex)"),
    ("Kaspersky", rb"/captcha\.kas|kdp-challenge|kaspersky ddos"),
    ("ServicePipe", rb"servicepipe\.ru|id_spinner[^<]{0,80}sp-challenge|/exhkqyad"),
    ("testcookie", rb"slowaes\.decrypt|tonumbers\s*\(\s*d\s*\)|/aes(\.min)?\.js[^<]{0,200}__test="),
    ("Imperva", rb"_incapsula_resource|incapsula incident"),
    ("Sucuri", rb"sucuri_cloudproxy_(js|uuid)"),
    ("BitNinja", rb"bitninja.{0,40}(captcha|challenge)"),
    ("Anubis", rb"within\.website/x/cmd/anubis|anubis_challenge"),
    ("DataDome", rb"captcha-delivery\.com|geo\.captcha-delivery"),
    ("a captcha", rb"g-recaptcha[^<]{0,300}(robot|human)|h-captcha[^<]{0,300}(robot|human)"),
    ("a browser check", rb"(checking|verifying) (your browser|you are human|if the site connection is secure)"),
    ("a browser check", rb"enable javascript and cookies to continue|browser integrity check|/ddos-protection/"),
    ("a browser check", "(п|П)роверк(а|и) (вашего )?браузера|подтвердите, что вы (не робот|человек)".encode()),
)
_COMPILED = tuple((maker, re.compile(mark)) for maker, mark in _MARKS)
# A page without text whose script sets a cookie and loads the page again, whoever wrote it.
_COOKIE = re.compile(rb"document\.cookie\s*=", re.IGNORECASE)
_AGAIN = re.compile(
    rb"location\.reload\s*\(|(?:window|document|top|self)?\.?location(?:\.href)?\s*=|location\.replace\s*\(|"
    rb"http-equiv\s*=\s*[\"']?refresh",
    re.IGNORECASE,
)
# What is not shown begins like this: a script and its like, a comment, any other tags with nothing between them (no more
# than a hundred, as each is remembered until the last is found). What a tag holds is all but < and >, named in three
# spans and in one case, so that each byte is looked up in a table: to be asked whether it is either takes twice as long.
_NAMED, _IN_TAG = rb"(?i:script|style|noscript|template)", rb"[\x00-;=?-\xff]*+"
_OPENING = re.compile(
    rb"<(?:(%(named)s)\b|(!--)|%(in_tag)s>(?:\s*+<(?!%(named)s\b|!--)%(in_tag)s>){0,99}+)"
    % {b"named": _NAMED, b"in_tag": _IN_TAG}
)
_CLOSING = {
    name: re.compile(rb"</%s\s*>" % name, re.IGNORECASE) for name in (b"script", b"style", b"noscript", b"template")
}
_WORD = re.compile(rb"[^\s<>]{2,}")


def maker(status: int, headers: Mapping[str, str], body: bytes) -> str:
    """Return whose challenge an answer is, such as "DDoS-Guard"; "" where it is none.

    header names in lower case; body is its beginning, decoded from content-encoding.
    """
    for name, value, who in _HEADERS:
        if headers.get(name, "").lower().startswith(value):
            return who
    if body.find(b"<", 0, REACH) < 0:
        return ""
    words = _words(body)  # of all of it: many a real page begins with more script than that
    if words > _WORDS:
        return ""
    start = body[:REACH]
    lower = start.lower()  # to look for letters of either case takes three times as long
    for who, mark in _COMPILED:
        if mark.search(lower):
            return who
    if headers.get("server", "").lower().startswith("ddos-guard") and status in (403, 503) and b"<script" in start:
        return "DDoS-Guard"
    walled = words <= _SILENT and _COOKIE.search(start) and _AGAIN.search(start)
    return "a script that wants a cookie" if walled else ""


def _words(body: bytes) -> int:
    """Count the words a page shows; where they are more than any wall's, no further than that."""
    words = end = 0
    for start, after in _unseen(body):
        words += len(_WORD.findall(body, end, start))
        if words > _WORDS:
            return words
        end = after
    return words + len(_WORD.findall(body, end))


def _unseen(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each part of a page begins and ends that is not shown; what nothing closes goes to the end."""
    at = 0
    while found := _OPENING.search(body, at):
        at = found.end()
        if found[1]:
            closed = _CLOSING[found[1].lower()].search(body, at)
            at = closed.end() if closed else len(body)
        elif found[2]:
            at = body.find(b"-->", at) + 3
            at = at if at > 2 else len(body)
        yield found.start(), at
