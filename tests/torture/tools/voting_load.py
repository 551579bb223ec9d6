"""Many participants vote over real sockets; every acknowledged vote is recorded."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field

from middleground.dialogues.identity.tokens import read_token

CARD = re.compile(
    rb'data-vote-form>\s*<input type="hidden" name="statement" value="(\d+)">'
    rb'\s*<input type="hidden" name="proof" value="([^"]+)"'
)
COOKIE = re.compile(rb"set-cookie: __Host-participant=([^;]+)", re.IGNORECASE)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
WORDS = (b"agree", b"disagree", b"pass")


@dataclass
class Noted:
    """The clients' record."""

    # (cookie, statement number, word): the server acknowledged that the vote is stored.
    acknowledged: set[tuple[str, int, str]] = field(default_factory=set)
    # Sent without an answer: either state, stored or not, is right.
    unanswered: set[tuple[str, int, str]] = field(default_factory=set)
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    workers_killed: int = 0  # of those that compute maps
    cookies: set[str] = field(default_factory=set)  # of all participants

    def tokens(self) -> set[bytes]:
        return {token for cookie in self.cookies if (token := read_token(cookie))}


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes, bytes]:
    """Status, head and body. Raises ``OSError`` or ``EOFError`` when the server ends."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return int(head[9:12]), head, body


def vote_request(slug: str, cookie: bytes, number: bytes, proof: bytes, word: bytes) -> bytes:
    form = b"statement=%b&proof=%b&from=card&vote=%b" % (number, proof, word)
    head = (
        b"POST /d/%b/vote HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\n"
        b"Cookie: __Host-participant=%b\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (slug.encode(), cookie, len(form)) + form


async def one_connection(port: int, slug: str, noted: Noted, stop: asyncio.Event) -> None:
    """Participants vote one after the other on every statement, until the server ends."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return
    try:
        while not stop.is_set():
            await one_participant(reader, writer, slug, noted, stop)
    except (OSError, EOFError):
        return
    finally:
        writer.close()


async def one_participant(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    slug: str,
    noted: Noted,
    stop: asyncio.Event,
) -> None:
    page = f"GET /d/{slug}/take-part/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    status, head, body = await ask(reader, writer, page)
    cookie, card = COOKIE.search(head), CARD.search(body)
    if status != 200 or not cookie:
        noted.refused.append((status, body))
        await asyncio.sleep(0.2)
        return
    noted.cookies.add(cookie[1].decode())
    while card is not None and not stop.is_set():
        word = WORDS[int(card[1]) % 3]
        vote = cookie[1].decode(), int(card[1]), word.decode()
        noted.unanswered.add(vote)
        request = vote_request(slug, cookie[1], card[1], card[2], word)
        status, _, body = await ask(reader, writer, request)
        noted.unanswered.remove(vote)
        if status != 200:
            noted.refused.append((status, body))
            await asyncio.sleep(0.05)
            return
        noted.acknowledged.add(vote)
        card = CARD.search(body)


async def load(
    port: int, slug: str, noted: Noted, stop: asyncio.Event, connections: int = 24
) -> None:
    await asyncio.gather(*(one_connection(port, slug, noted, stop) for _ in range(connections)))


async def load_again(
    port: int, slug: str, noted: Noted, stop: asyncio.Event, connections: int = 24
) -> None:
    """As ``load``, but a connection that a killed process held is opened again."""

    async def one() -> None:
        while not stop.is_set():
            await one_connection(port, slug, noted, stop)
            await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(connections)))
