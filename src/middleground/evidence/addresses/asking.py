"""One request to one machine: by the number that was checked, with limits of time and size.

``http.client`` over a socket of our own, because a client that is given a name looks it up itself,
after the check.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from threading import Timer

from middleground.evidence.addresses.guard import Guard, Target, number_of

SECONDS_TO_CONNECT = 10
SECONDS_IN_ALL = 20
MOST_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """The status, and the two headers that matter."""

    status: int
    location: str
    retry_after: str


@dataclass(frozen=True, slots=True)
class Asking:
    """How requests are made. Tests give another guard, authority and time."""

    agent: str
    guard: Guard = field(default_factory=Guard)
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = SECONDS_IN_ALL


def ask(asking: Asking, method: str, target: Target) -> WebAnswer:
    """Send the request. Raises ``NotAllowed``, ``OSError`` and ``HTTPException``."""
    number = number_of(target, asking.guard)
    connection = socket.create_connection((number, target.port), SECONDS_TO_CONNECT)
    if target.scheme == "https":
        connection = asking.tls().wrap_socket(
            connection, server_hostname=target.host, do_handshake_on_connect=False
        )
    # Without it a server that sends a byte every few seconds would hold the job for ever.
    watch = Timer(asking.seconds, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        return _over(connection, asking, method, target)
    finally:
        watch.cancel()
        connection.close()


def _over(connection: socket.socket, asking: Asking, method: str, target: Target) -> WebAnswer:
    if isinstance(connection, ssl.SSLSocket):
        connection.do_handshake()  # it compares the certificate with the name
    client = http.client.HTTPConnection(target.host, target.port)
    with closing(client):
        client.sock = connection
        client.auto_open = 0  # it would look the name up again
        headers = {
            "Host": _host(target),
            "User-Agent": asking.agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        client.request(method, target.path, headers=headers)
        response = client.getresponse()
        if method == "GET":
            response.read(MOST_BYTES)
        return WebAnswer(
            response.status,
            response.headers.get("Location", ""),
            response.headers.get("Retry-After", ""),
        )


def _host(target: Target) -> str:
    return target.address.split("/")[2]


def _cut(connection: socket.socket) -> None:
    """Shut the connection below TLS, which the other thread has."""
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
