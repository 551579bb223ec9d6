"""The proxies of docs/hosting.md: the configurations as they stand there, run and driven through.

Ports, the certificate's folder and the address of the server are put in for the test.
"""

from __future__ import annotations

import http.server
import os
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from support.hosting_page import block, need
from support.serving.servers import free_port

NAME = "dialogue.example.org"
PATIENCE = 30.0
FORGED = {
    "Host": NAME,
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
}


class Upstream(http.server.BaseHTTPRequestHandler):
    """Stands for the server: keeps the heads of requests and answers with the body's length."""

    protocol_version = "HTTP/1.1"
    heads: list[dict[str, str]]

    def do_GET(self) -> None:
        self.heads.append({name.lower(): value for name, value in self.headers.items()})
        length = int(self.headers.get("Content-Length", 0))
        answer = str(len(self.rfile.read(length))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def upstream() -> Iterator[tuple[int, list[dict[str, str]]]]:
    handler: Any = type("Kept", (Upstream,), {"heads": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, handler.heads
    finally:
        server.shutdown()
        server.server_close()


class Visitor:
    """Asks a proxy on these ports of this machine."""

    def __init__(self, http: int, https: int) -> None:
        self.http, self.https = http, https

    def plainly(self, path: str, host: str) -> HTTPResponse:
        with closing(HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE)) as connection:
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse()

    def securely(self, *headers: dict[str, str], body: bytes | None = None) -> list[int]:
        """The statuses of requests with these headers, on one connection."""
        statuses = []
        with closing(_Named("127.0.0.1", self.https, timeout=PATIENCE)) as connection:
            for each in headers:
                method = "GET" if body is None else "POST"
                connection.request(method, "/x", body, {"Host": NAME, **each})
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
        return statuses


class _Named(HTTPSConnection):
    """Connects to an address, and asks for the certificate of the name."""

    def connect(self) -> None:
        HTTPConnection.connect(self)
        context = ssl._create_unverified_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=NAME)


@contextmanager
def running(command: list[str], visitor: Visitor, tmp_path: Path) -> Iterator[Visitor]:
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        )
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                visitor.securely({})
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "output").read_text()
                assert time.monotonic() < end, (tmp_path / "output").read_text()
                time.sleep(0.05)
        yield visitor
    finally:
        process.terminate()
        process.wait(PATIENCE)


def nginx_command(configuration: str, tmp_path: Path) -> list[str]:
    pair = [tmp_path / "privkey.pem", tmp_path / "fullchain.pem"]
    subprocess.run(
        [
            need("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={NAME}",
            "-keyout", str(pair[0]), "-out", str(pair[1]),
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    sites = configuration.replace("/etc/ssl/dialogue/", f"{tmp_path}/")
    kept = "".join(f"{each}_temp_path {tmp_path}/{each};\n" for each in ("client_body", "proxy"))
    # The visitor's address comes from a header, since this machine has few of its own.
    visitors = "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Test-Visitor;\n"
    file = tmp_path / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # otherwise it may not use the folder
    file.write_text(
        f"{user}daemon off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\n"
        f"http {{\n{kept}{visitors}{sites}\n}}\n"
    )
    return [need("nginx", "nginx-light"), "-p", str(tmp_path), "-c", str(file)]


@contextmanager
def nginx(tmp_path: Path, port: int, **changes: str) -> Iterator[Visitor]:
    visitor = Visitor(free_port(), free_port())
    sites = block("map $remote_addr $visitor").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    for old, new in (("80", visitor.http), ("443", visitor.https)):
        # IPv6 may be switched off where tests run.
        sites = re.sub(rf"\n *listen \[::\]:{old}\b[^\n]*", "", sites)
        sites = re.sub(rf"(listen ){old}\b", rf"\g<1>127.0.0.1:{new}", sites)
    for old, changed in changes.items():
        assert old in sites
        sites = sites.replace(old, changed)
    with running(nginx_command(sites, tmp_path), visitor, tmp_path):
        yield visitor


def test_nginx_passes_on_what_it_should_and_no_address(tmp_path: Path) -> None:
    with upstream() as (port, heads), nginx(tmp_path, port) as visitor:
        answer = visitor.plainly("/d/harbour/?a=b", host="evil.example")
        assert (answer.status, answer.headers["Location"]) == (
            301,
            f"https://{NAME}/d/harbour/?a=b",
        )
        heads.clear()
        assert visitor.securely(FORGED) == [200]
        assert heads == [
            {"host": NAME, "x-forwarded-proto": "https", "accept-encoding": "identity"}
        ]
        assert visitor.securely({}, body=b"a" * 1_900_000) == [200]
        assert visitor.securely({}, body=b"a" * 2_200_000) == [413]
    written = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"203.0.113.9" not in written


def test_nginx_limits_a_network_of_ipv6_as_one_visitor(tmp_path: Path) -> None:
    # So slow a rate that the burst alone counts, however slow the machine is.
    with (
        upstream() as (port, _),
        nginx(tmp_path, port, **{"rate=20r/s": "rate=1r/m"}) as visitor,
    ):
        hosts = [{"X-Test-Visitor": f"2001:db8:1:2::{number:x}"} for number in range(1, 71)]
        assert visitor.securely(*hosts) == [200] * 61 + [503] * 9
        for other in ("2001:db8:1:3::1", "203.0.113.7", "203.0.113.8"):
            assert visitor.securely({"X-Test-Visitor": other}) == [200]


def test_control_a_word_that_nginx_does_not_know_is_refused(tmp_path: Path) -> None:
    broken = block("map $remote_addr $visitor").replace("limit_req zone", "limit_nothing zone")
    done = subprocess.run(
        [*nginx_command(broken, tmp_path), "-t"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "limit_nothing" in done.stderr


def test_caddy_passes_on_what_it_should_and_no_address(tmp_path: Path) -> None:
    visitor = Visitor(free_port(), free_port())
    with upstream() as (port, heads):
        site = block("{\n\tlog default").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        ports = f"http_port {visitor.http}\n\thttps_port {visitor.https}\n"
        own = f"admin off\n\tskip_install_trust\n\tlocal_certs\n\t{ports}"
        file = tmp_path / "Caddyfile"
        file.write_text(site.replace("{\n", f"{{\n\t{own}", 1))
        command = [need("caddy", "caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]
        with running(command, visitor, tmp_path):
            answer = visitor.plainly("/x", host=NAME)
            assert (answer.status, answer.headers["Location"][:28]) == (308, f"https://{NAME}")
            heads.clear()
            assert visitor.securely(FORGED) == [200]
            (head,) = heads
            assert (head["host"], head["x-forwarded-proto"]) == (NAME, "https")
            assert "x-forwarded-for" not in head
            assert visitor.securely({}, body=b"a" * 1_900_000) == [200]
    assert b"203.0.113.9" not in (tmp_path / "output").read_bytes()


@pytest.mark.parametrize(
    ("address", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2"),
        ("2001:db8:1::6", "2001:db8:1::"),
        ("2001:db8::6", "2001:db8::"),
    ],
)
def test_a_network_of_ipv6_is_one_visitor(address: str, visitor: str) -> None:
    """As nginx reads a map: the first expression that matches, then the default."""
    rows = re.findall(r'"~(\^.*?)"\s+(\S+);', block("map $remote_addr $visitor"))
    for expression, value in rows:
        if found := re.search(expression, address):
            assert value.replace("$1", found[1]) == visitor
            return
    assert address == visitor
