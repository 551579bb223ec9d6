"""Drive the ASGI application that the server runs, message by message, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.tokens import new_token, write_token

Form = Mapping[str, str] | bytes


def server() -> Any:
    """The module of the application. It needs the static files, which a fixture collects."""
    from middleground.config import asgi

    return asgi


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    text: str
    chunks_read: int = 0

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


@dataclass(frozen=True)
class Voter:
    """A participant's browser."""

    token: bytes

    def headers(self, htmx: bool = True) -> list[tuple[bytes, bytes]]:
        headers = [(b"host", b"localhost"), (b"cookie", self.cookie)]
        return [*headers, (b"hx-request", b"true")] if htmx else headers

    @property
    def cookie(self) -> bytes:
        return f"{COOKIE}={write_token(self.token)}".encode()

    def form(self, statement: Any, vote: str = "agree", /, **fields: Any) -> dict[str, str]:
        """The fields of the vote form that our pages would show for this statement."""
        dealt = bool(fields.pop("dealt", True))
        mark = proof(statement.dialogue_id, self.token, statement.pk, dealt)
        values = {"statement": statement.number, "proof": mark, "from": "card", "vote": vote}
        return {name: str(value) for name, value in {**values, **fields}.items()}

    async def send(self, statement: Any, vote: str = "agree", /, **fields: Any) -> Answer:
        htmx = fields.pop("htmx", True)
        path = f"/d/{statement.dialogue.slug}/vote"
        return await ask(path, self.form(statement, vote, **fields), self.headers(htmx))


def voter() -> Voter:
    return Voter(new_token())


async def ask(
    path: str,
    body: Form | Sequence[bytes] = b"",
    headers: Sequence[tuple[bytes, bytes]] = ((b"host", b"localhost"),),
    method: str = "POST",
    query: bytes = b"",
) -> Answer:
    """Send one request; the body is a form, bytes, or a sequence of chunks."""
    if isinstance(body, Mapping):
        body = urlencode(body).encode()
    chunks = [body] if isinstance(body, bytes) else list(body)
    length = str(sum(len(chunk) for chunk in chunks)).encode()
    form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", length)]
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "scheme": "http",
        "raw_path": path.encode(), "query_string": query, "server": ("localhost", 8000),
        "client": ("203.0.113.7", 50_123), "headers": [*form, *headers],
    }  # fmt: skip
    read = 0
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        nonlocal read
        if read == len(chunks):
            return {"type": "http.disconnect"}
        read += 1
        more = read < len(chunks)
        return {"type": "http.request", "body": chunks[read - 1], "more_body": more}

    async def send(message: Any) -> None:
        sent.append(message)

    await server().application(scope, receive, send)
    start, *bodies = sent
    text = b"".join(message.get("body", b"") for message in bodies).decode()
    kept = [(name.decode(), value.decode()) for name, value in start["headers"]]
    return Answer(start["status"], kept, text, read)


def vote(voter: Voter, statement: Any, value: str = "agree", /, **fields: Any) -> Answer:
    return asyncio.run(voter.send(statement, value, **fields))


def post(path: str, body: Form | Sequence[bytes], headers: Sequence[tuple[bytes, bytes]]) -> Answer:
    return asyncio.run(ask(path, body, headers))


@pytest.fixture
def vote_writer(keys: Path) -> Iterator[Any]:
    """The application's vote writer, started, without memory of an earlier test's dialogues.

    Other threads must see the test's database: ``django_db(transaction=True)``.
    """
    asgi = server()
    asgi.statement_pools._pools.clear()
    asgi.vote_writer.start()
    try:
        yield asgi.vote_writer
    finally:
        asgi.vote_writer.stop()
        _close_connections_of(asgi.django_pages.executor, asgi.PAGES_AT_ONCE)
        _close_connections_of(asgi.django_pictures.executor, asgi.PICTURES_AT_ONCE)
        _close_connections_of(asgi.django_sign_ins.executor, 1)


def _close_connections_of(threads: ThreadPoolExecutor, count: int) -> None:
    """Close the database connection that each page-answering thread keeps."""
    together = Barrier(count)

    def close() -> None:
        together.wait(timeout=30)  # so that every thread runs one of these
        connections.close_all()

    for done in [threads.submit(close) for _ in range(count)]:
        done.result()
