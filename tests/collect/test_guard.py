"""Which addresses may be connected to."""

from __future__ import annotations

import pytest

from pipeline.collect.guard import Guard, parse_allowance
from pipeline.errors import FetchError

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a02:6b8::2:242", "64:ff9b::5db8:d822", "::ffff:8.8.8.8"]
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "0.0.0.0",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.251", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:1::1", "2001::1", "2001:db8::1", "fc00::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "100::1", "4000::1", "not an address",
]  # fmt: skip


def judged(guard: Guard, host: str, port: int, *addresses: str) -> str:
    try:
        return guard.judge(host, port, addresses)
    except FetchError as error:
        return error.kind


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert judged(Guard(), "site.test", 443, address) == address


@pytest.mark.parametrize("address", PRIVATE)
def test_all_others_are_blocked(address: str) -> None:
    assert judged(Guard(), "site.test", 443, address) == "blocked-address"
    assert judged(Guard(), "site.test", 443, "8.8.8.8", address) == "blocked-address"


def test_the_first_answer_is_taken_and_no_answer_is_a_dns_failure() -> None:
    assert judged(Guard(), "site.test", 80, "8.8.4.4", "8.8.8.8") == "8.8.4.4"
    assert judged(Guard(), "site.test", 80) == "dns"


@pytest.mark.parametrize(
    ("allowance", "host", "port", "address", "passes"),
    [
        ("127.0.0.1:8000", "127.0.0.1", 8000, "127.0.0.1", True),
        ("127.0.0.1:8000", "127.0.0.1", 8001, "127.0.0.1", False),
        ("127.0.0.1:8000", "any.test", 8000, "127.0.0.1", True),
        ("127.0.0.1:*", "127.0.0.1", 1, "127.0.0.1", True),
        ("127.0.0.1:*", "127.0.0.2", 1, "127.0.0.2", False),
        ("127.0.0.1:80", "x.test", 80, "::ffff:127.0.0.1", True),
        ("10.0.0.0/8:80", "x.test", 80, "10.200.0.1", True),
        ("10.0.0.0/8:80", "x.test", 80, "192.168.0.1", False),
        ("[::1]:8000", "::1", 8000, "::1", True),
        ("[fd00::/8]:*", "x.test", 9, "fd12::1", True),
        ("[fd00::/8]:*", "x.test", 9, "10.0.0.1", False),
        ("Intranet.Test.:8080", "intranet.test", 8080, "10.0.0.1", True),
        ("intranet.test:8080", "other.test", 8080, "10.0.0.1", False),
        ("пример.рф:80", "xn--e1afmkfd.xn--p1ai", 80, "10.0.0.1", True),
    ],
)
def test_an_allowance_covers_what_it_says(allowance: str, host: str, port: int, address: str, passes: bool) -> None:
    guard = Guard([parse_allowance(allowance)])

    assert (judged(guard, host, port, address) == address) is passes


def test_an_allowance_for_one_address_does_not_excuse_another_of_the_same_name() -> None:
    guard = Guard([parse_allowance("127.0.0.1:80")])

    assert judged(guard, "x.test", 80, "127.0.0.1", "10.0.0.1") == "blocked-address"


def test_where_nobody_answers_for_us_only_allowed_loopback_is_left() -> None:
    guard = Guard([parse_allowance("127.0.0.1:8000"), parse_allowance("10.0.0.1:8000")], loopback_only=True)

    assert judged(guard, "x.test", 8000, "127.0.0.1") == "127.0.0.1"
    assert judged(guard, "x.test", 8001, "127.0.0.1") == "blocked-address"
    assert judged(guard, "x.test", 8000, "10.0.0.1") == "blocked-address"
    assert judged(guard, "x.test", 8000, "8.8.8.8") == "blocked-address"


def test_a_refusal_says_what_would_allow_it() -> None:
    with pytest.raises(FetchError, match=r"--allow-address 127\.0\.0\.1:8000"):
        Guard().judge("localhost", 8000, ["127.0.0.1"])


@pytest.mark.parametrize(
    "text",
    ["", "127.0.0.1", "host", "host:", ":80", "host:0", "host:65536", "host:http", "host:-1", "host:٣", "10.0.0.0/99:80",
     "::1:80:x", "*:80", "a/b:80", ".:80", "[::1]"],
)  # fmt: skip
def test_an_allowance_that_says_nothing_clear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"should be|is no"):
        parse_allowance(text)
