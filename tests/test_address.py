"""Addresses: two spellings of one page are one, two pages are two."""

from __future__ import annotations

import itertools
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import address

#: Each row: spellings of one page.
SAME = {
    "scheme": ["http://site.test/news/5", "https://site.test/news/5"],
    "www and case of the host": ["https://www.Site.TEST/news/5", "https://site.test/news/5"],
    "end slash": ["https://site.test/news/5", "https://site.test/news/5/", "https://site.test/news/5//"],
    "trailing dot of the host": ["https://lenta.test./news/5", "https://lenta.test/news/5"],
    "default ports": ["https://site.test:443/news/5", "http://site.test:80/news/5", "https://site.test/news/5"],
    "fragment": ["https://site.test/news/5#comments", "https://site.test/news/5"],
    "a category's view": ["https://visit.test/en/news/1396/?category=4", "https://visit.test/en/news/1396/"],
    "a page's view": ["https://site.test/news/5?page=2&per-page=1", "https://site.test/news/5"],
    "AMP by parameter": ["https://tyres.test/tpost/k1-slug?amp=true", "https://tyres.test/tpost/k1-slug"],
    "AMP by path": ["https://site.test/news/5/amp", "https://site.test/news/5/amp/", "https://site.test/news/5"],
    "index files": ["https://site.test/news/index.html", "https://site.test/news/index.php", "https://site.test/news/"],
    "tracking": ["https://site.test/news/5?utm_source=tg&utm_medium=x&yclid=7", "https://site.test/news/5?fbclid=z", "https://site.test/news/5"],
    "a template's remains": ["https://site.test/news/5039/'+item.image+'/", "https://site.test/news/5039/"],
    "more remains": ['https://site.test/news/5039/"><b', "https://site.test/news/5039/"],
    "percent-encoding": ["https://site.test/%D0%BD%D0%BE%D0%B2/1", "https://site.test/нов/1", "https://site.test/%d0%bd%d0%be%d0%b2/1"],
    "needless percent-encoding": ["https://site.test/%6Eews/5", "https://site.test/news/5"],
    "percent-encoded query": ["https://site.test/n?t=%D0%BD", "https://site.test/n?t=н"],
    "punycode": ["https://пример.рф/5", "https://ПРИМЕР.рф/5", "https://xn--e1afmkfd.xn--p1ai/5"],
    "order of parameters": ["https://site.test/n.php?id=5&lang=l2", "https://site.test/n.php?lang=l2&id=5"],
    "twice-escaped ampersands": ["https://site.test/n.php?id=5&amp;lang=l2", "https://site.test/n.php?id=5&lang=l2"],
    "dot segments": ["https://site.test/a/../news/./5", "https://site.test/news/5", "https://site.test/a/%2E%2E/news/5"],
    "sessions": ["https://site.test/5?s=df38bf2cbfa9a380c90dc51e82213564", "https://site.test/5;jsessionid=AF12", "https://site.test/5"],
    "user names": ["https://anna:x@site.test/5", "https://site.test/5"],
    "white space around": [" https://site.test/5\n", "https://site.test/5"],
}  # fmt: skip

#: Each row: addresses of different pages.
DIFFERENT = {
    "ids in the query": ["https://site.test/news/?ELEMENT_ID=12", "https://site.test/news/?ELEMENT_ID=13", "https://site.test/news/"],
    "languages in the query": ["https://site.test/n.php?news_id=1923&lang=l2", "https://site.test/n.php?news_id=1923&lang=l1"],
    "languages in the path": ["https://site.test/news/385/", "https://site.test/en/news/385/"],
    "languages in the host": ["https://en.site.test/5", "https://site.test/5"],
    "ports": ["https://site.test:8443/5", "https://site.test/5"],
    "case of the path": ["https://site.test/News/A", "https://site.test/news/a"],
    "pages by name": ["https://site.test/index.php?page=about", "https://site.test/index.php?page=news"],
    "pages by number, with nothing else": ["https://site.test/?page=12", "https://site.test/?page=13"],
    "an apostrophe": ["https://site.test/don't-stop", "https://site.test/don"],
    "a slash in a part": ["https://site.test/a%2Fb", "https://site.test/a/b"],
    "a short s": ["https://site.test/?s=clusters", "https://site.test/"],
    "values of one name": ["https://site.test/n?a=1&a=2", "https://site.test/n?a=2&a=1"],
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_spellings_of_one_page_have_one_key(name: str) -> None:
    keys = {address.key(url) for url in SAME[name]}
    ids = {address.article_id(url) for url in SAME[name]}

    assert len(keys) == 1, keys
    assert len(ids) == 1


@pytest.mark.parametrize("name", DIFFERENT)
def test_different_pages_have_different_keys(name: str) -> None:
    for one, other in itertools.combinations(DIFFERENT[name], 2):
        assert address.key(one) != address.key(other)


@pytest.mark.parametrize(
    "url",
    ["", "news/5", "//site.test/5", "mailto:a@site.test", "javascript:void(0)", "file:///etc/passwd", "data:text/html,x",
     "http://", "http:///5", "https://:80/", "http://site.test:port/", "http://site.test:99999/", "http://[::1/", "http://./",
     "http://exa mple.test/", "http://host\\path/", "ftp://site.test/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        address.clean(url)

    assert address.resolve("", url) is None


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("HTTPS://Site.Test", "https://site.test/"),
        ("https://site.test/нов ости?т=э то#x", "https://site.test/%D0%BD%D0%BE%D0%B2%20%D0%BE%D1%81%D1%82%D0%B8?%D1%82=%D1%8D%20%D1%82%D0%BE"),
        ("https://site.test/%ED%EE%E2", "https://site.test/%ED%EE%E2"),
        ("https://site.test/100%", "https://site.test/100%25"),
        ("https://site.test/n?b=2&utm_source=x&a=1", "https://site.test/n?b=2&a=1"),
        ("https://site.test/n?utm_source=x", "https://site.test/n"),
        ("https://site.test/?ELEMENT_ID=12", "https://site.test/?ELEMENT_ID=12"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://site.test//news//5", "https://site.test//news//5"),
    ],
)  # fmt: skip
def test_a_clean_address_can_be_asked_for(url: str, cleaned: str) -> None:
    assert address.clean(url) == cleaned


@pytest.mark.parametrize(
    ("href", "url"),
    [("6/", "https://site.test/news/6/"), ("/6", "https://site.test/6"), ("?page=2", "https://site.test/news/?page=2"),
     ("//other.test/6", "https://other.test/6"), ("../en/6", "https://site.test/en/6"), (" 6\n", "https://site.test/news/6"),
     ("../../../6", "https://site.test/6")],
)  # fmt: skip
def test_relative_addresses_start_from_their_page(href: str, url: str) -> None:
    assert address.resolve("https://site.test/news/", href) == url


TIDY = st.text(alphabet=st.sampled_from("ab/.:;@-~"), max_size=12)


@given(
    st.sampled_from(["https://site.test/news/", "http://Site.test:8080", "http://u:p@site.test./a;b", "", "file:///a", "/a", "//"]),
    st.sampled_from(["", "/", "//", "http://", "https://a.test", "http://a.test:80", "https://a.test:70000/"]), TIDY,
)  # fmt: skip
def test_the_short_ways_to_an_address_lead_where_the_long_one_does(base: str, start: str, rest: str) -> None:
    try:
        joined: str | None = address.clean(urljoin(base, start + rest) + "#")  # what ends so is taken apart
    except ValueError:
        joined = None

    assert address.resolve(base, start + rest) == joined


def test_an_origin_is_scheme_host_and_port() -> None:
    assert address.origin("https://site.test:8443/a?b") == "https://site.test:8443"


ODD = st.text(alphabet=st.sampled_from("abяЁ%25fF/.?&=#;:@'\"<+ \\[]{}|~^`\t\udc80\ud800"), max_size=40)


@given(ODD, ODD)
def test_cleaning_twice_changes_nothing(path: str, query: str) -> None:
    cleaned = address.resolve("https://site.test/a/b", f"/{path}?{query}")

    if cleaned is not None:
        assert cleaned.isascii()
        assert address.clean(cleaned) == cleaned
        assert address.key(cleaned) == address.key(address.clean(cleaned))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    for url in (text, f"https://{text}", f"https://site.test/{text}"):
        cleaned = address.resolve("https://site.test/", url)

        assert cleaned is None or address.clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "shown"),
    [("https://xn--b1amnebsh.xn--p1ai/news/?a=1", "https://новости.рф/news/?a=1"),
     ("http://www.xn--e1afmkfd.xn--p1ai:8080/", "http://www.пример.рф:8080/"),
     ("dns: xn--e1afmkfd.xn--p1ai:80 (the name has no address)", "dns: пример.рф:80 (the name has no address)"),
     ("desk@xn--e1afmkfd.xn--p1ai", "desk@пример.рф"), ("https://site.ru/xn--e1afmkfd/", "https://site.ru/xn--e1afmkfd/"),
     ("http://xn--zzzzz---.ru/", "http://xn--zzzzz---.ru/"), ("https://site.ru/новости/", "https://site.ru/новости/"), ("", "")],
)  # fmt: skip
def test_hosts_are_shown_as_people_write_them(text: str, shown: str) -> None:
    assert address.shown(text) == shown


@given(st.from_regex(r"[а-яё]{1,20}(\.[а-яё0-9]{1,10}){0,2}\.рф", fullmatch=True))
def test_what_is_shown_is_the_same_address(host: str) -> None:
    url = address.clean(f"https://{host}/a")

    assert "xn--" in url
    assert address.clean(address.shown(url)) == url
