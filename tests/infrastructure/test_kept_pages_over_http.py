"""Kept pages as the server sends them: the bytes of uvicorn's own way, in the order of requests."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from support.serving.servers import Server, give_static_files, give_tables, serving

KEPT, PRIVATE = "/method/", "/accounts/login/"
SECONDS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("data")
    give_static_files(data)
    give_tables(data)
    with serving(data) as server:
        yield server


@pytest.fixture
def connection(server: Server) -> Iterator[socket.socket]:
    place = urlsplit(server.address)
    with socket.create_connection((place.hostname or "", place.port or 0), SECONDS) as made:
        yield made


def request(path: str, *lines: str, method: str = "GET", body: str = "") -> bytes:
    first = f"{method} {path} HTTP/1.1"
    return "\r\n".join([first, "Host: localhost", *lines, "", body]).encode()


def answers(connection: socket.socket, methods: str) -> list[tuple[bytes, bytes]]:
    """So many answers with head and body; ``methods`` has the first letter of each request's."""
    found = []
    with connection.makefile("rb") as stream:
        for method in methods:
            head = b"".join(iter(stream.readline, b"\r\n"))
            length = re.search(rb"content-length: (\d+)", head)
            has_body = length is not None and method == "G"
            found.append((head, stream.read(int(length[1])) if length and has_body else b""))
    return found


def undated(head: bytes) -> bytes:
    return re.sub(rb"date: [^\r]*\r\n|connection: close\r\n", b"", head)


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_kept_answer_is_what_uvicorn_would_send(
    server: Server, connection: socket.socket, encoding: str, method: str
) -> None:
    """A request whose connection is to be closed is left to uvicorn."""
    accept = f"Accept-Encoding: {encoding}"
    connection.sendall(request(KEPT, accept, method=method) * 2)
    kept = answers(connection, method[0] * 2)
    connection.sendall(request(KEPT, accept, "Connection: close", method=method))
    (closed,) = answers(connection, method[0])
    assert b"connection: close\r\n" in closed[0]
    assert b"connection: close\r\n" not in kept[1][0]
    assert kept[1][0].startswith(b"HTTP/1.1 200 OK\r\ndate: ")
    assert [(undated(head), body) for head, body in kept] == 2 * [(undated(closed[0]), closed[1])]
    assert connection.recv(1) == b""


def test_a_page_that_is_known_has_no_body(connection: socket.socket) -> None:
    connection.sendall(request(KEPT))
    ((head, _),) = answers(connection, "G")
    tag = re.search(rb"etag: ([^\r]*)", head)
    assert tag is not None
    connection.sendall(request(KEPT, f"If-None-Match: {tag[1].decode()}") + request(KEPT))
    (known, nothing), (whole, _) = answers(connection, "GG")
    assert (known.split(b"\r\n")[0], nothing) == (b"HTTP/1.1 304 Not Modified", b"")
    assert whole.startswith(b"HTTP/1.1 200 OK")


def test_answers_come_in_the_order_of_the_requests(connection: socket.socket) -> None:
    connection.sendall(b"".join(request(path) for path in (KEPT, PRIVATE, KEPT, "/", KEPT)))
    bodies = [body for _, body in answers(connection, "GGGGG")]
    assert bodies[0] == bodies[2] == bodies[4]
    assert b"<form" in bodies[1]
    assert len({*bodies}) == 3


def test_more_requests_at_once_than_python_calls_can_be_nested(connection: socket.socket) -> None:
    connection.sendall(request(PRIVATE) + request(KEPT) * 1_500)
    found = answers(connection, "G" * 1_501)
    assert len({body for _, body in found[1:]}) == 1


def test_the_body_of_a_request_for_a_page_is_passed_over(connection: socket.socket) -> None:
    connection.sendall(request(KEPT, "Content-Length: 5", body="GET /") + request("/"))
    (first, page), (second, home) = answers(connection, "GG")
    assert first.startswith(b"HTTP/1.1 200 OK")
    assert second.startswith(b"HTTP/1.1 200 OK")
    assert page != home


def test_whoever_reads_late_gets_everything(connection: socket.socket) -> None:
    connection.sendall(request(KEPT))
    ((_, page),) = answers(connection, "G")
    # Far more of both than the buffers of the sockets hold.
    count, long = 60_000_000 // len(page), "X: " + 15_000 * "x"
    sender = threading.Thread(target=connection.sendall, args=(request(KEPT, long) * count,))
    sender.start()
    sender.join(2)
    assert sender.is_alive()  # the server reads no more requests before its answers are read
    assert {body for _, body in answers(connection, "G" * count)} == {page}
    sender.join()


def test_whoever_goes_away_disturbs_nobody(server: Server, connection: socket.socket) -> None:
    place = urlsplit(server.address)
    for _ in range(20):
        with socket.create_connection((place.hostname or "", place.port or 0), SECONDS) as other:
            other.sendall(request(KEPT) * 200)
    connection.sendall(request(KEPT))
    ((head, _),) = answers(connection, "G")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Traceback" not in server.log.read_bytes()
