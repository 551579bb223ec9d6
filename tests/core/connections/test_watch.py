"""Connections that send or read too slowly are ended, others are not; with real sockets."""

from __future__ import annotations

import io
import resource
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPResponse
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from middleground.core.connections.answers import WholeAnswers, handing_files_over
from middleground.core.connections.protocol import WatchedConnection
from middleground.core.connections.watch import Patience, Watch
from support.serving.in_process import PATIENCE, answering

LARGE = 8_000_000
GET = b"GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """As many bytes as the path says."""
    body = b"a" * int(scope["path"][1:])
    head = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


def watching(**patience: Any) -> type[WatchedConnection]:
    class Watched(WatchedConnection):
        watch = Watch(Patience(**patience))

    return Watched


def connect(port: int, sent: bytes = b"") -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    made.settimeout(PATIENCE)
    made.connect(("127.0.0.1", port))
    made.sendall(sent)
    return made


def answer(connection: socket.socket, wait: float = 0) -> bytes:
    """The body, read in pieces with a pause after each."""
    response = HTTPResponse(connection)
    response.begin()
    body = b""
    while piece := response.read(400_000):
        body += piece
        time.sleep(wait)
    return body


def bytes_until_ended(connection: socket.socket) -> int:
    """How much the server sends and ends it; raises ``TimeoutError`` if it waits instead."""
    count = 0
    with connection, suppress(ConnectionError):
        while piece := connection.recv(65_536):
            count += len(piece)
    return count


def is_ended(connection: socket.socket) -> bool:
    return bytes_until_ended(connection) >= 0


def test_a_head_that_does_not_end_is_not_waited_for() -> None:
    with answering(app, watching(seconds=0.3)) as port:
        idle = connect(port, GET % 1)
        assert answer(idle) == b"a"
        for sent in (b"", b"GET /1 HTTP/1.1\r\nHost:", b"\r\n"):
            assert is_ended(connect(port, sent))
        followed = connect(port, GET % 1)
        assert answer(followed) == b"a"
        followed.sendall(b"\r\n")  # stops uvicorn's own timer, and begins no request
        assert is_ended(followed)
        idle.sendall(GET % 2)  # it was idle for longer than a head may take
        assert answer(idle) == b"aa"
        idle.close()


def test_control_without_the_watch_a_head_is_waited_for() -> None:
    with answering(app) as port, connect(port, b"GET /1 HTTP/1.1\r\nHost:") as waiting:
        waiting.settimeout(2)
        with pytest.raises(TimeoutError):
            waiting.recv(1)


def test_a_head_that_is_too_long_is_refused() -> None:
    with answering(app, watching(head_bytes=10_000)) as port:
        with connect(port, b"GET /1 HTTP/1.1\r\nX: " + b"a" * 10_000) as long:
            assert long.recv(12) == b"HTTP/1.1 431"
        with connect(port, b"GET /1 HTTP/1.1\r\nX: %b\r\n\r\n" % (b"a" * 9_000)) as long:
            assert answer(long) == b"a"


async def after_the_body(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await app({**scope, "path": "/1"}, receive, send)


CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
BESIDE_A_BODY = [b"1;" + b"a" * 10**6, b"0\r\nX: " + b"a" * 10**6, b"0\r\n" + b"X: a\r\n" * 10**5]


@pytest.mark.parametrize("beside", BESIDE_A_BODY, ids=["extension", "trailer", "trailers"])
def test_what_stands_beside_a_body_without_an_end_is_refused(beside: bytes) -> None:
    """The parser keeps it: by one connection a server's memory was full within seconds."""
    with answering(after_the_body, watching(head_bytes=10_000)) as port:
        with connect(port, CHUNKED) as long:
            with suppress(ConnectionError):
                long.sendall(beside)
            assert is_ended(long)
        with connect(port, CHUNKED + b"2000\r\n%b\r\n" % (b"a" * 8_192) * 9) as whole:
            whole.sendall(b"0\r\nX: %b\r\n\r\n" % (b"a" * 5_000))
            assert answer(whole) == b"a"


def test_control_without_the_limit_it_is_taken_in() -> None:
    with answering(after_the_body, watching(head_bytes=10**9)) as port:
        for beside in BESIDE_A_BODY:
            with connect(port, CHUNKED + beside) as long:
                long.settimeout(0.5)
                with pytest.raises(TimeoutError):
                    long.recv(1)


def test_who_does_not_read_is_let_go_and_who_reads_slowly_gets_all() -> None:
    with answering(app, watching(seconds=0.5)) as port:
        asked = time.monotonic()
        never = connect(port, GET % LARGE)
        with connect(port, GET % LARGE) as slow:
            assert answer(slow, wait=0.1) == b"a" * LARGE
        assert time.monotonic() - asked > 1.5
        assert is_ended(never)


def test_of_too_much_that_waits_the_oldest_is_let_go() -> None:
    lost = threading.Event()

    class Noting(watching(seconds=600, unsent_bytes=LARGE)):  # type: ignore[misc]
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lost.set()

    with answering(app, Noting) as port:
        first, second = (connect(port, GET % LARGE) for _ in range(2))
        assert lost.wait(PATIENCE)  # read before, it would get all of its answer
        assert bytes_until_ended(first) < LARGE
        assert len(answer(second)) == LARGE
        second.close()


def test_the_slowest_gives_its_place_to_a_newcomer() -> None:
    with answering(app, watching(seconds=600, at_once=3)) as port:
        first = connect(port)
        others = [connect(port, GET % 1) for _ in range(2)]
        assert [answer(each) for each in others] == [b"a", b"a"]
        with connect(port, GET % 1) as newcomer:
            assert answer(newcomer) == b"a"
        assert is_ended(first)
        for each in others:
            each.sendall(GET % 1)
            assert answer(each) == b"a"
            each.close()


def test_an_idle_connection_takes_one_of_the_files_that_may_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (400, 400))  # 100 are kept for the rest
    with answering(app, watching(seconds=600)) as port:
        idle = [connect(port, GET % 1) for _ in range(300)]
        assert {answer(each) for each in idle} == {b"a"}
        for each in idle:
            each.sendall(GET % 1)
        assert {answer(each) for each in idle} == {b"a"}
        with connect(port, GET % 1) as newcomer:
            assert answer(newcomer) == b"a"
        assert is_ended(idle[0])
        for each in idle[1:]:
            each.sendall(GET % 1)
        assert {answer(each) for each in idle[1:]} == {b"a"}
        for each in idle:
            each.close()


def file_of_ten_million_bytes(
    environ: dict[str, Any], start: Callable[..., Any], made: list[io.BytesIO]
) -> Any:
    made.append(io.BytesIO(bytes(range(256)) * 40_000))
    start("200 OK", [("Content-Length", str(len(made[-1].getvalue())))])
    return environ["wsgi.file_wrapper"](made[-1], 4_096)


def sending_files(watched: type[WatchedConnection], made: list[io.BytesIO]) -> Any:
    wsgi = handing_files_over(partial(file_of_ten_million_bytes, made=made))
    return WholeAnswers(WSGIMiddleware(wsgi, workers=1), watched.watch)  # type: ignore[arg-type]


def test_a_file_that_is_sent_takes_a_place_beside_its_connection() -> None:
    watched, made = watching(seconds=600, at_once=4), list[io.BytesIO]()
    files = sending_files(watched, made)

    async def app_or_file(scope: Any, receive: Any, send: Any) -> None:
        await (files if scope["path"] == "/9" else app)(scope, receive, send)

    with answering(app_or_file, watched) as port:
        idle = connect(port, GET % 1)
        assert answer(idle) == b"a"
        never = connect(port, GET % 9)
        assert never.recv(12) == b"HTTP/1.1 200"
        second = connect(port, GET % 1)
        assert answer(second) == b"a"
        idle.sendall(GET % 1)
        assert answer(idle) == b"a"  # three connections and a file are not too many
        with connect(port, GET % 1) as third:
            assert answer(third) == b"a"
            assert is_ended(second)  # it was idle for longest
            with connect(port, GET % 9) as another:  # takes the places of two
                assert another.recv(12) == b"HTTP/1.1 200"
                assert is_ended(idle)
                assert is_ended(third)
        never.close()
        wait_until_closed(made)


def wait_until_closed(made: list[io.BytesIO]) -> None:
    end = time.monotonic() + PATIENCE
    while not all(each.closed for each in made) and time.monotonic() < end:
        threading.Event().wait(0.05)
    assert {each.closed for each in made} == {True}


def test_files_keep_no_thread_arrive_unchanged_and_are_closed() -> None:
    watched, made = watching(seconds=600), list[io.BytesIO]()
    with answering(sending_files(watched, made), watched) as port:
        never = [connect(port, GET % 1) for _ in range(5)]
        with connect(port, GET % 1) as reader:
            assert answer(reader) == bytes(range(256)) * 40_000
        with connect(port, (GET % 1).replace(b"GET", b"HEAD")) as asked:
            asked.settimeout(PATIENCE)
            assert asked.recv(15) == b"HTTP/1.1 200 OK"
        for each in never:
            each.close()
        wait_until_closed(made)
        assert len(made) == 7
