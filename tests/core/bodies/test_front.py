"""Slow, long and many bodies, sent to a real server; and what stops without the layer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from middleground.core.bodies.front import BodyFront, Limits
from support.serving.in_process import PATIENCE, answering

THREADS = 4
SLOW = 500


def _wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"%d %d" % (len(body), sum(body))]


def _connect(port: int, sent: bytes, patience: float = PATIENCE) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=patience)
    connection.sendall(sent)
    return connection


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the body."""
    with connection, HTTPResponse(connection) as response:
        response.begin()
        return response.status, response.read()


def _post(length: int, body: bytes, extra: bytes = b"") -> bytes:
    head = b"POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    return head + extra + b"Content-Length: %d\r\n\r\n" % length + body


GET = b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SESSION = b"Cookie: a=b; sessionid=known\r\n"
INVENTED = b"Cookie: a=b; sessionid=invented\r\n"


def _is_signed_in(cookie: bytes) -> bool:
    return b"sessionid=known" in cookie


def _front(folder: Path, **limits: Any) -> BodyFront:
    django: Any = WSGIMiddleware(_wsgi, workers=THREADS)  # type: ignore[arg-type]
    return BodyFront(django, folder, _is_signed_in, Limits(**limits))


def test_five_hundred_slow_bodies_stop_no_page(tmp_path: Path) -> None:
    with answering(_front(tmp_path, first_seconds=600)) as port:
        slow = [_connect(port, _post(1_000, b"half")) for _ in range(SLOW)]
        assert _answer(_connect(port, GET)) == (200, b"0 0")
        assert _answer(_connect(port, _post(3, b"abc"))) == (200, b"3 294")
        for connection in slow:
            connection.close()


def test_without_the_layer_four_slow_bodies_stop_all_pages() -> None:
    with answering(WSGIMiddleware(_wsgi, workers=THREADS)) as port:  # type: ignore[arg-type]
        assert _answer(_connect(port, GET)) == (200, b"0 0")
        slow = [_connect(port, _post(1_000, b"half")) for _ in range(THREADS)]
        for connection in slow:  # each has a thread once the server waits for its body
            connection.settimeout(0.3)
            with suppress(TimeoutError):
                connection.recv(1)
        with pytest.raises(TimeoutError):
            _answer(_connect(port, GET, patience=2))
        for connection in slow:
            connection.settimeout(PATIENCE)
            connection.sendall(b"x" * 996)
            connection.close()


def test_a_body_that_is_too_slow_gets_its_page_and_a_slow_honest_one_passes(tmp_path: Path) -> None:
    with answering(_front(tmp_path, first_seconds=0.5)) as port:
        status, page = _answer(_connect(port, _post(1_000, b"half")))
    assert (status, b"This took too long to arrive" in page) == (408, True)
    with answering(_front(tmp_path, first_seconds=0.01, bytes_per_second=1)) as port:
        connection = _connect(port, _post(1_001, b"a" * 1_000))
        threading.Event().wait(0.3)  # longer than the first seconds, and faster than the rate
        connection.sendall(b"a")
        assert _answer(connection) == (200, b"1001 97097")


def test_what_is_long_is_taken_from_who_is_signed_in_and_arrives_unchanged(tmp_path: Path) -> None:
    body = bytes(range(256)) * 1_000
    with answering(_front(tmp_path)) as port:
        assert _answer(_connect(port, _post(len(body), body, SESSION))) == (
            200,
            b"%d %d" % (len(body), sum(body)),
        )
        status, page = _answer(_connect(port, _post(100_001, b"")))
        assert (status, b"This is too long" in page) == (413, True)
        assert _answer(_connect(port, _post(3_000_001, b"", SESSION)))[0] == 413
        assert _answer(_connect(port, _post(100_001, b"", INVENTED)))[0] == 413
        chunked = _post(0, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        sent = chunked + b"%x\r\n%b\r\n0\r\n\r\n" % (100_001, b"a" * 100_001)
        assert _answer(_connect(port, sent))[0] == 413
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("in_memory", "lies_in"), [(True, "memory"), (False, "a file")])
def test_what_must_never_lie_on_the_disk_stays_in_memory(
    tmp_path: Path, in_memory: bool, lies_in: str
) -> None:
    """Looked at from the kernel, while the application reads; the other half is the control."""

    def where(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        environ["wsgi.input"].read()
        open_files = [
            each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()
        ]
        start("200 OK", [("Content-Type", "text/plain")])
        there = any(name.is_relative_to(tmp_path) for name in open_files)
        return [b"a file" if there else b"memory"]

    django: Any = WSGIMiddleware(where, workers=1)  # type: ignore[arg-type]
    front = BodyFront(django, tmp_path, _is_signed_in, never_on_disk=lambda _path: in_memory)
    with answering(front) as port:
        answer = _answer(_connect(port, _post(500_000, b"x" * 500_000, SESSION)))
    assert answer == (200, lies_in.encode())


def test_beyond_so_many_at_once_the_answer_is_503_until_they_are_gone(tmp_path: Path) -> None:
    with answering(_front(tmp_path, at_once=3)) as port:
        slow = [_connect(port, _post(1_000, b"half")) for _ in range(3)]
        status, page = _answer(_connect(port, _post(3, b"abc")))
        assert (status, b"Too many people are sending at once" in page) == (503, True)
        assert _answer(_connect(port, GET)) == (200, b"0 0")
        for connection in slow:
            connection.close()
        for _ in range(300):
            threading.Event().wait(0.1)
            if _answer(_connect(port, _post(3, b"abc"))) == (200, b"3 294"):
                break
        else:
            pytest.fail("Bodies that broke off are still counted.")


def test_invented_sessions_keep_no_place_of_staff(tmp_path: Path) -> None:
    with answering(_front(tmp_path, large_at_once=1)) as port:
        invented = [_connect(port, _post(200_000, b"", INVENTED)) for _ in range(20)]
        assert _answer(_connect(port, _post(200_000, b"a" * 200_000, SESSION)))[0] == 200
        assert {_answer(each)[0] for each in invented} == {413}
