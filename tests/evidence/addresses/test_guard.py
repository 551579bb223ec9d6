"""Where the server lets itself be sent, and where not; each with an address that passes."""

from __future__ import annotations

import socket

import pytest

from evidence.addresses.web import HERE, leads_to
from middleground.evidence.addresses.guard import (
    Guard,
    NotAllowed,
    is_public,
    number_of,
    target_of,
)

PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
]
PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254",
    "172.16.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:101:101::1",
    "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
    "2606:4700::1111%eth0", "", "web.test", "1.1.1",
]  # fmt: skip


@pytest.mark.parametrize("number", PUBLIC)
def test_numbers_of_the_public_internet(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize("number", PRIVATE)
def test_all_other_numbers(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://example.org", ("http", "example.org", 80, "/")),
        ("https://example.org:443/a b?c=ü#d", ("https", "example.org", 443, "/a%20b?c=%C3%BC")),
        ("https://example.org/%7Ea?b=%20", ("https", "example.org", 443, "/%7Ea?b=%20")),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443, "/")),
        ("http://[2606:4700::1111]/", ("http", "2606:4700::1111", 80, "/")),
        ("http://example.org/a\r\nHost: b", ("http", "example.org", 80, "/aHost:%20b")),
    ],
)
def test_what_is_asked_for(address: str, asked: tuple[object, ...]) -> None:
    target = target_of(address, Guard())
    assert (target.scheme, target.host, target.port, target.path) == asked


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/",
        "example.org", "", "http://", "http:///a", "http://[::1/", "http://example.org:99999/",
        "http://example.org:22/", "http://example.org:8080/", "https://example.org:8443/",
        "http://example.org:0/", "http://me@example.org/", "http://me:secret@example.org/",
        "http://@example.org/", "http://exa mple.org/", "http://example.org\\@127.0.0.1/",
        "http://" + "a" * 64 + ".org/", "http://example.org/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_what_is_not_asked_for(address: str) -> None:
    with pytest.raises(NotAllowed):
        target_of(address, Guard())


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "[::1]", "localhost"]
)
def test_this_machine_by_any_of_its_names(host: str) -> None:
    """With the real look-up, which reads all these spellings."""
    target = target_of(f"http://{host}/", Guard())
    with pytest.raises((NotAllowed, socket.gaierror)):
        number_of(target, Guard())
    # The control: the same name leads to this machine if a test allows that.
    here = Guard(lambda number: number in {HERE, "::1"})
    try:
        assert number_of(target, here) in {HERE, "::1"}
    except socket.gaierror:
        assert host == "[::1]"  # a machine without IPv6


def test_a_name_that_also_leads_inside_is_refused_whole() -> None:
    target = target_of("http://web.test/", Guard())

    def both(_host: str, port: int, **_options: object) -> list[object]:
        return [(0, 0, 0, "", (number, port)) for number in ("1.1.1.1", "10.0.0.1")]

    with pytest.raises(NotAllowed):
        number_of(target, Guard(look_up=both))
    with pytest.raises(NotAllowed):
        number_of(target, Guard(look_up=lambda *_a, **_o: []))
    assert number_of(target, Guard(look_up=leads_to("1.1.1.1"))) == "1.1.1.1"  # the control
