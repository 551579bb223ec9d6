"""An OpenID provider on loopback: discovery, keys, authorization code with PKCE, user information.

It behaves well unless a test tells it otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "middleground", "a secret of the tests"
Json = dict[str, Any]


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key of this name, made once."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Provider:
    """``claims``: of the person who signs in. ``change``: what a test does to an ID token."""

    claims: Json = field(default_factory=dict)
    info: Json = field(default_factory=dict)  # what only the user information tells
    sign: Callable[[Json], str] = field(default=lambda claims: signed(claims))
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # instead, at a path
    hanging: set[str] = field(default_factory=set)  # paths that are never answered
    published: list[str] = field(default_factory=lambda: ["first"])  # names of keys
    asked: list[str] = field(default_factory=list)  # paths
    go_on: threading.Event = field(default_factory=threading.Event)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    address: str = ""
    asks: bool = False  # on a page of its own, before it sends the browser back

    def description(self) -> Json:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/person",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def key_set(self) -> Json:
        algorithm = jwt.algorithms.RSAAlgorithm
        public = [(name, algorithm.to_jwk(key(name).public_key())) for name in self.published]
        return {"keys": [{**json.loads(jwk), "kid": name, "use": "sig"} for name, jwk in public]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The address to which the browser is sent back."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Json]:
        asked = self.codes.pop(form.get("code", ""), None)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {wanted}":
            return 400, {"error": "invalid_grant"}
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if (challenge, form["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        fixed = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300}
        id_token = self.sign({**fixed, "nonce": asked["nonce"], **self.claims})
        return 200, {"access_token": "for the person", "token_type": "Bearer", "id_token": id_token}


def signed(claims: Json, name: str = "first", *, kid: str = "") -> str:
    return jwt.encode(claims, key(name), "RS256", {"kid": kid or name})


@contextmanager
def providing(port: int = 0) -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider = Provider()
    server = _Server(("127.0.0.1", port), _Handler)
    server.provider = provider
    provider.address = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        provider.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        provider, (path, _, query) = self.server.provider, self.path.partition("?")
        if self._behaves_badly(path):
            return
        if path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            back = provider.authorize(asked)
            if provider.asks:
                page = f'<!doctype html><title>City</title><a href="{escape(back)}">It is me</a>'
                self._send_bytes(200, page.encode(), **{"Content-Type": "text/html"})
            else:
                self._send_bytes(302, b"", Location=back)
        elif path == "/keys":
            self._send(200, provider.key_set())
        elif path == "/person" and self.headers["Authorization"] == "Bearer for the person":
            self._send(200, provider.info)
        elif path == "/.well-known/openid-configuration":
            self._send(200, provider.description())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if not self._behaves_badly(self.path):
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*self.server.provider.token(form, self.headers.get("Authorization", "")))

    def _behaves_badly(self, path: str) -> bool:
        provider = self.server.provider
        provider.asked.append(path)
        if path in provider.hanging:
            provider.go_on.wait(60)
            return True
        if path in provider.answers:
            self._send_bytes(*provider.answers[path])
            return True
        return False

    def _send(self, status: int, answer: Json) -> None:
        self._send_bytes(status, json.dumps(answer).encode())

    def _send_bytes(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        fixed = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, value in {**fixed, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
