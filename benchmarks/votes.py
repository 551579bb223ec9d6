"""Durable votes through HTTP: how many a second, how long each takes, and whether any is lost.

Starts a real server on loopback with a data folder of its own and lets many participants vote over
keep-alive connections exactly as a browser does: the proof comes from the page, the next statement
from the answer. Counts acknowledged votes against the database. In the same run it measures the
same server's empty answer (a vote without a cookie, refused before anything is stored) and a page
of Django's, so that the figures say how near to the server's limit the votes are. Stops by itself.

    python benchmarks/votes.py --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

CARD = re.compile(
    rb'data-vote-form>\s*<input type="hidden" name="statement" value="(\d+)">'
    rb'\s*<input type="hidden" name="proof" value="([^"]+)"'
)
COOKIE = re.compile(rb"set-cookie: (__Host-participant=[^;]+)", re.IGNORECASE)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
CHOICES = (b"agree", b"disagree", b"pass")
COMPARISON_SECONDS = 8.0


@dataclass
class Tally:
    """The responses that the clients received."""

    seconds: list[float] = field(default_factory=list)
    participants: int = 0
    refused: int = 0


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


async def take_part(port: int, slug: str, until: float, tally: Tally) -> None:
    """Let participants vote on all statements, one after the other over one connection."""
    connection = await connect(port)
    page = f"GET /d/{slug}/take-part/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    while time.perf_counter() < until:
        status, head, body = await connection.ask(page)
        cookie, card = COOKIE.search(head), CARD.search(body)
        if status != 200 or not cookie or not card:
            raise SystemExit(f"the page answered {status}")
        tally.participants += 1
        await vote_on_all(connection, slug, cookie[1], card, until, tally)
    connection.writer.close()


async def vote_on_all(
    connection: Connection,
    slug: str,
    cookie: bytes,
    card: re.Match[bytes] | None,
    until: float,
    tally: Tally,
) -> None:
    while card is not None and time.perf_counter() < until:
        choice = CHOICES[int(card[1]) % 3]
        form = b"statement=%b&proof=%b&from=card&vote=%b" % (card[1], card[2], choice)
        began = time.perf_counter()
        status, _, body = await connection.ask(vote_request(slug, form, cookie))
        if status != 200:
            tally.refused += 1
            return
        tally.seconds.append(time.perf_counter() - began)
        card = CARD.search(body)


def vote_request(slug: str, form: bytes, cookie: bytes) -> bytes:
    return (
        b"POST /d/%b/vote HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nCookie: %b\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
    ) % (slug.encode(), cookie, len(form), form)


async def repeat(port: int, request: bytes, connections: int) -> float:
    """Measure the responses per second to one repeated request."""
    count = 0
    began = time.perf_counter()

    async def one() -> None:
        nonlocal count
        connection = await connect(port)
        while time.perf_counter() < began + COMPARISON_SECONDS:
            await connection.ask(request)
            count += 1
        connection.writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return count / (time.perf_counter() - began)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_dialogue(data: str, statements: int) -> str:
    """Create an open dialogue with statements and return its slug."""
    os.environ["MIDDLEGROUND_DATA"] = data
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from django.utils import timezone

    from middleground.config import server
    from middleground.dialogues.models import Dialogue, Statement
    from middleground.texts.normalise import dedup_hash

    server.prepare()
    dialogue = Dialogue.objects.create(
        slug="bench", question="How fast is a vote?", host_name="Benchmark", state="open"
    )
    for number in range(1, statements + 1):
        text = f"Statement number {number} is about as long as people write them, or a bit longer."
        Statement.objects.create(
            dialogue=dialogue, number=number, text=text, dedup_hash=dedup_hash(text),
            status="approved", origin="seed", received_on=timezone.now().date(),
        )  # fmt: skip
    return dialogue.slug


def start_server(data: str, port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "MIDDLEGROUND_DATA": data}
    command = [sys.executable, "-m", "middleground", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server did not start")


def stored_votes(data: str) -> int:
    with sqlite3.connect(Path(data) / "middleground.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM dialogues_vote").fetchone()[0])


def processor_seconds(process: int) -> float:
    """Return the processor time that the server has used so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def run(
    port: int, process: int, slug: str, seconds: float, connections: int
) -> dict[str, float]:
    tally, used = Tally(), processor_seconds(process)
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(take_part(port, slug, until, tally) for _ in range(connections)))
    used = processor_seconds(process) - used
    rate = len(tally.seconds) / (time.perf_counter() - began)
    empty = await repeat(port, vote_request(slug, b"", b"none=1"), connections)
    page = b"GET /style/000000000000.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    django_pages = await repeat(port, page, connections)
    times = sorted(tally.seconds)
    return {
        "votes": len(times),
        "refused": tally.refused,
        "participants": tally.participants,
        "votes_per_second": round(rate),
        "server_microseconds_per_vote": round(1e6 * used / len(times)),
        "p50_ms": round(1000 * times[len(times) // 2], 1),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        "max_ms": round(1000 * times[-1], 1),
        "empty_answers_per_second": round(empty),
        "votes_to_empty_answers": round(rate / empty, 2),
        "django_pages_per_second": round(django_pages),
        "votes_to_django_pages": round(rate / django_pages, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--statements", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        # In a separate process, because no server starts on a database that this process writes.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            slug = apart.submit(make_dialogue, data, chosen.statements).result()
        port = free_port()
        server = start_server(data, port)
        try:
            result = asyncio.run(run(port, server.pid, slug, chosen.seconds, chosen.connections))
        finally:
            server.terminate()
            server.wait(timeout=60)
        lost = result["votes"] - stored_votes(data)
        print(json.dumps({**result, "lost": lost}, indent=2))
        if lost > 0:
            raise SystemExit("acknowledged votes were lost")


if __name__ == "__main__":
    main()
