"""Requests over keep-alive connections, and votes sent exactly as a browser sends them."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

CARD = re.compile(
    rb'data-vote-form>\s*<input type="hidden" name="statement" value="(\d+)">'
    rb'\s*<input type="hidden" name="proof" value="([^"]+)"'
)
COOKIE = re.compile(rb"set-cookie: (__Host-participant=[^;]+)", re.IGNORECASE)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
CHOICES = (b"agree", b"disagree", b"pass")


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send the request and return status, head and body."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await self.reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, body


async def connect(port: int) -> Connection:
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


def page_request(address: str, *headers: str) -> bytes:
    lines = [f"GET {address} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def vote_request(slug: str, form: bytes, cookie: bytes) -> bytes:
    return (
        b"POST /d/%b/vote HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nCookie: %b\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
    ) % (slug.encode(), cookie, len(form), form)


def vote_form(card: re.Match[bytes], choice: bytes) -> bytes:
    """The form of the vote on this card's statement."""
    return b"statement=%b&proof=%b&from=card&vote=%b" % (card[1], card[2], choice)


async def first_card(connection: Connection, slug: str) -> tuple[bytes, re.Match[bytes]]:
    """Open the page of the votes as a new participant; return the cookie and the first card."""
    status, head, body = await connection.ask(page_request(f"/d/{slug}/take-part/"))
    cookie, card = COOKIE.search(head), CARD.search(body)
    if status != 200 or not cookie or not card:
        raise SystemExit(f"the page answered {status}")
    return cookie[1], card
