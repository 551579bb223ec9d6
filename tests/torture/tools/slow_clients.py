"""Connections that are slow, each in one way, and the server without what stands against them."""

from __future__ import annotations

import asyncio
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from subprocess import DEVNULL, Popen

from support.serving.servers import free_port, outside_environment
from torture.tools.voting_load import CARD, COOKIE, ask, vote_request

LARGE = "texts/large"  # a file of the public log, as a large dialogue has
LARGE_BYTES = 8_000_000
FILES = 400  # so many files the server may open: fewer than there are connections
LOCAL = "127.0.0.1"

# Runs the server with this limit of open files, and, for the control, without any patience.
SERVE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
from middleground.config import asgi
if {defenceless}:
    from a2wsgi import WSGIMiddleware
    from middleground.core.connections.watch import Patience, Watch
    asgi.Protocol.watch = Watch(Patience(seconds=86_400, at_once=1_000_000))
    asgi.pages = WSGIMiddleware(asgi.wsgi_application, workers=asgi.PAGES_AT_ONCE)
from middleground.cli.app import main
sys.argv = ["middleground", "serve", "--port", "{port}"]
main()
"""

HEAD = b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
READ = (
    b"GET /ledger/%b HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n" % LARGE.encode()
)
POST = b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf"
WAYS: dict[str, bytes] = {
    # First, since uvicorn lets them wait for half a minute: those who follow take their places.
    "idle after an answer": HEAD + b"\r\n",
    "nothing": b"",
    "half a head": HEAD,
    "half a form": POST % b"/accounts/login/",
    "half a vote": POST % b"/d/harbour/vote",
    "never reading": READ,
}


def start(data: Path, patience: float, defenceless: bool = False) -> tuple[Popen[bytes], int]:
    """The server's process and port; it may not listen yet."""
    file = data / "ledger" / LARGE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a" * LARGE_BYTES)
    port = free_port()
    settings = {
        "MIDDLEGROUND_ORIGIN": f"http://localhost:{port}",
        "MIDDLEGROUND_PATIENCE_SECONDS": str(patience),
        "DJANGO_SETTINGS_MODULE": "middleground.config.settings",
    }
    code = SERVE.format(files=FILES, port=port, defenceless=defenceless)
    environment = outside_environment(data, **settings)
    with (data / "output").open("wb") as output:
        command = [sys.executable, "-c", code]
        process = Popen(command, env=environment, stdin=DEVNULL, stdout=output, stderr=output)
    return process, port


@contextmanager
def slow(port: int, sent: bytes, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that sent this much, and read nothing."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        yield [stack.enter_context(_slow_one(port, sent)) for _ in range(count)]


def _slow_one(port: int, sent: bytes) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)  # so that little is read unasked
    made.settimeout(20)
    with suppress(ConnectionError):
        made.connect((LOCAL, port))
        made.sendall(sent)
    return made


def open_files(process: Popen[bytes]) -> int:
    """How many files and connections the server has open."""
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def status(port: int, path: str, patience: float = 60) -> int:
    """The status of a page that somebody asks for on a new connection."""
    connection = HTTPConnection(LOCAL, port, timeout=patience)
    with closing(connection):
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        return answer.status


async def vote(port: int) -> int:
    """The status of the first vote of somebody new."""
    reader, writer = await asyncio.open_connection(LOCAL, port)
    try:
        page = b"GET /d/harbour/take-part/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
        _, head, body = await ask(reader, writer, page)
        cookie, card = COOKIE.search(head), CARD.search(body)
        assert cookie, head
        assert card, body
        request = vote_request("harbour", cookie[1], card[1], card[2], b"agree")
        answer, _, _ = await ask(reader, writer, request)
    finally:
        writer.close()
    return answer
