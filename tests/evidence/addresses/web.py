"""A web server on this machine for tests, and the guard that lets them reach it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from middleground.evidence.addresses.asking import Asking
from middleground.evidence.addresses.guard import Guard

AGENT = "middleground (https://harbour.example; looks whether a cited address answers)"
HERE = "127.0.0.1"
Reply = Callable[[BaseHTTPRequestHandler], None]


class WebServer(ThreadingHTTPServer):
    """Answers each path as it was told to, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HERE, 0), _Handler)
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, str]] = []
        self.heads: list[dict[str, str]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "web.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, status: int, method: str = "", **headers: str) -> None:
        """Let the path answer with this status; ``method``: only to this one, and 405 to others."""

        def reply(asked: BaseHTTPRequestHandler) -> None:
            wrong = method and asked.command != method
            asked.send_response(405 if wrong else status)
            for name, value in headers.items():
                asked.send_header(name.replace("_", "-"), value)
            asked.end_headers()

        self.replies[path] = reply


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.heads.append(dict(self.headers.items()))
        reply = self.server.replies.get(self.path)
        if reply is None:
            self.send_error(404)
        else:
            reply(self)

    do_HEAD = do_GET  # noqa: N815 -- as http.server calls it

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def web_server(certificate: Path | None = None) -> Iterator[WebServer]:
    """A server, with TLS if there is a certificate."""
    server = WebServer()
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def leads_to(*numbers: str) -> Callable[..., list[Any]]:
    """A look-up by which every name leads to these numbers, one more at each call."""
    calls = iter(numbers)
    last = [numbers[0]]

    def look_up(_host: str, port: int, **_options: Any) -> list[Any]:
        last[0] = next(calls, last[0])
        return [(None, None, 0, "", (last[0], port))]

    return look_up


def asking(port: int, *more: int, **fields: Any) -> Asking:
    """Requests that may go to this machine, by any name, to these ports and no others."""
    allowed = Guard(lambda number: number == HERE, frozenset({port, *more}), leads_to(HERE))
    return Asking(AGENT, **{"guard": allowed, **fields})


def certificate_for(host: str, folder: Path) -> Path:
    """A file with a key and a certificate for the host, which signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == HERE:
        names = [x509.IPAddress(ip_address(host))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{host}.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
