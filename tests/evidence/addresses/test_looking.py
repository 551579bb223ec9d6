"""Looks at addresses of a real server on this machine: what is sent, followed, cut and found."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from evidence.addresses.web import (
    AGENT,
    HERE,
    WebServer,
    asking,
    certificate_for,
    leads_to,
    web_server,
)
from middleground.evidence.addresses.asking import Asking
from middleground.evidence.addresses.guard import Guard
from middleground.evidence.addresses.look import AddressLook, Found, look_at

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as started:
        yield started


def found(server: WebServer, path: str, how: Asking | None = None) -> Found:
    return look_at(server.url(path), how or asking(server.port), NOW).found


def test_a_look_sends_the_address_and_who_asks_and_nothing_else(server: WebServer) -> None:
    server.says("/a%20b?c=1", 200)
    assert found(server, "/a b?c=1#part") is Found.ANSWERS
    assert server.asked == [("HEAD", "/a%20b?c=1")]
    assert server.heads == [
        {
            "Host": f"web.test:{server.port}",
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
    ]


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (200, Found.ANSWERS), (204, Found.ANSWERS), (304, Found.ANSWERS),
        # Somebody is there, who shows nothing to a program.
        (401, Found.ANSWERS), (403, Found.ANSWERS), (405, Found.ANSWERS), (451, Found.ANSWERS),
        (404, Found.FAILS), (410, Found.FAILS), (500, Found.FAILS), (503, Found.FAILS),
        (301, Found.FAILS), (429, Found.BUSY),
    ],
)  # fmt: skip
def test_what_a_status_says(server: WebServer, status: int, what: Found) -> None:
    server.says("/", status)
    assert found(server, "/") is what


def test_get_follows_where_head_is_not_taken(server: WebServer) -> None:
    server.says("/", 200, method="GET")
    assert found(server, "/") is Found.ANSWERS
    assert server.asked == [("HEAD", "/"), ("GET", "/")]
    server.asked.clear()
    server.says("/", 404)
    assert found(server, "/") is Found.FAILS
    assert server.asked == [("HEAD", "/"), ("GET", "/")]


@pytest.mark.parametrize(
    ("status", "says", "wait"),
    [
        (429, "120", 120), (503, "3600", 3600), (429, "", 0), (429, "soon", 0), (429, "-5", 0),
        (429, "Sun, 03 May 2026 13:00:00 GMT", 3600), (429, "Sat, 02 May 2026 13:00:00 GMT", 0),
        (429, "9" * 50, 999_999_999),
        # No date that a calendar has, from a server that wants to stop us.
        (429, "Mon, 01 Jan 99999999999 00:00:00 GMT", 0),
        (503, f"Mon, 01 Jan 2026 00:00:00 +{'9' * 20}", 0),
    ],
)  # fmt: skip
def test_it_asks_once_and_hears_how_long_to_stay_away(
    server: WebServer, status: int, says: str, wait: int
) -> None:
    server.says("/", status, Retry_After=says)
    assert look_at(server.url("/"), asking(server.port), NOW) == AddressLook(Found.BUSY, wait)
    assert len(server.asked) == 1


def test_redirects_are_followed_a_few_times(server: WebServer) -> None:
    for step in range(1, 9):
        server.says(f"/{step}", 302, Location=f"/{step + 1}#there")
    server.says("/9", 200)
    assert found(server, "/4") is Found.ANSWERS  # five of them
    assert found(server, "/3") is Found.FAILS
    server.says("/round", 301, Location="/round")
    assert found(server, "/round") is Found.FAILS


@pytest.mark.parametrize(
    "there",
    ["ftp://web.test/", "file:///etc/passwd", "http://me:secret@web.test/", "http://[::1/",
     "http://web.test:1/"],
)  # fmt: skip
def test_no_redirect_leads_past_the_guard(server: WebServer, there: str) -> None:
    server.says("/go", 302, Location=there)
    assert found(server, "/go") is Found.REFUSED


def test_no_redirect_leads_to_another_port_or_inside(server: WebServer) -> None:
    with web_server() as inside:
        inside.says("/", 200)
        server.says("/go", 302, Location=inside.url("/"))
        assert found(server, "/go") is Found.REFUSED
        assert inside.asked == []
        # The control: where the guard allows the port, the same redirect leads there.
        assert found(server, "/go", asking(server.port, inside.port)) is Found.ANSWERS
        assert inside.asked == [("HEAD", "/")]


def test_a_redirect_to_a_name_that_leads_inside_is_refused(server: WebServer) -> None:
    """The name leads to an allowed number when it is asked for first, and elsewhere then."""
    server.says("/go", 302, Location="/there")
    server.says("/there", 200)
    rebound = Guard(lambda n: n == HERE, frozenset({server.port}), leads_to(HERE, "127.0.0.2"))
    assert found(server, "/go", Asking(AGENT, rebound)) is Found.REFUSED
    assert server.asked == [("HEAD", "/go")]
    server.asked.clear()
    assert found(server, "/go") is Found.ANSWERS  # the control
    assert server.asked == [("HEAD", "/go"), ("HEAD", "/there")]


def test_the_connection_goes_to_the_number_that_was_checked(server: WebServer) -> None:
    server.says("/", 200)
    assert found(server, "/") is Found.ANSWERS
    # The control: a client that is given the name looks it up itself, and finds no such name.
    client = http.client.HTTPConnection("web.test", server.port)
    with pytest.raises(socket.gaierror):
        client.request("HEAD", "/")


def test_without_an_allowance_nothing_is_asked_of_this_machine(server: WebServer) -> None:
    server.says("/", 200)
    public = Guard(ports=frozenset({server.port}))
    for host in (HERE, "localhost"):
        assert look_at(server.url("/", host), Asking(AGENT, public), NOW).found is Found.REFUSED
    assert server.asked == []
    assert look_at(server.url("/", HERE), asking(server.port), NOW).found is Found.ANSWERS


def test_a_connection_that_breaks_is_not_made_again(server: WebServer) -> None:
    server.replies["/"] = lambda asked: asked.connection.shutdown(socket.SHUT_RDWR)
    assert found(server, "/") is Found.SILENT
    assert server.asked == [("HEAD", "/")]


def test_a_port_that_nobody_listens_on(server: WebServer) -> None:
    with socket.create_server((HERE, 0)) as listening:
        port = listening.getsockname()[1]
    assert look_at(f"http://web.test:{port}/", asking(port), NOW).found is Found.SILENT


def test_a_server_that_sends_byte_after_byte_is_cut(server: WebServer) -> None:
    cut = threading.Event()

    def drip(asked: BaseHTTPRequestHandler) -> None:
        try:
            asked.wfile.write(b"HTTP/1.1 ")
            while True:
                asked.wfile.write(b"x")
                cut.wait(0.01)
        except OSError:
            cut.set()

    server.replies["/"] = drip
    assert found(server, "/", asking(server.port, seconds=0.3)) is Found.SILENT
    assert cut.wait(20)


def test_a_server_that_never_ends_its_handshake_is_cut() -> None:
    with socket.create_server((HERE, 0)) as listening:
        port = listening.getsockname()[1]
        how = asking(port, seconds=0.3)
        assert look_at(f"https://web.test:{port}/", how, NOW).found is Found.SILENT


def test_of_a_page_without_end_only_the_beginning_is_read(server: WebServer) -> None:
    stopped = threading.Event()

    def endless(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(405 if asked.command == "HEAD" else 200)
        asked.end_headers()
        try:
            while asked.command == "GET":
                asked.wfile.write(b"x" * 65_536)
        except OSError:
            stopped.set()

    server.replies["/"] = endless
    assert found(server, "/") is Found.ANSWERS
    assert stopped.wait(20)


def test_headers_without_end_are_not_read(server: WebServer) -> None:
    server.says("/many", 200, **{f"X-{n}": "1" for n in range(200)})
    server.says("/long", 200, X="1" * 70_000)
    server.says("/few", 200, **{f"X-{n}": "1" for n in range(50)})
    assert [found(server, path) for path in ("/many", "/long", "/few")] == [
        Found.SILENT, Found.SILENT, Found.ANSWERS,
    ]  # fmt: skip


def test_the_certificate_is_compared_with_the_name(tmp_path: Path) -> None:
    certificate = certificate_for("right.test", tmp_path)

    def trusting() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(certificate))

    with web_server(certificate) as server:
        server.says("/", 200)
        right = f"https://right.test:{server.port}/"
        wrong = f"https://wrong.test:{server.port}/"
        trusted = asking(server.port, tls=trusting)
        assert look_at(right, trusted, NOW).found is Found.ANSWERS
        assert look_at(wrong, trusted, NOW).found is Found.SILENT
        # Nobody vouches for it.
        assert look_at(right, asking(server.port), NOW).found is Found.SILENT
        assert server.asked == [("HEAD", "/")]
