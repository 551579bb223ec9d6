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
import sqlite3
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from serving.requests import (
    CARD,
    CHOICES,
    Connection,
    connect,
    first_card,
    page_request,
    vote_form,
    vote_request,
)
from serving.server import (
    free_port,
    processor_seconds,
    serving,
    stop_children_when_terminated,
)

COMPARISON_SECONDS = 8.0


@dataclass
class Tally:
    """The responses that the clients received."""

    seconds: list[float] = field(default_factory=list)
    participants: int = 0
    refused: int = 0


async def take_part(port: int, slug: str, until: float, tally: Tally) -> None:
    """Let participants vote on all statements, one after the other over one connection."""
    connection = await connect(port)
    while time.perf_counter() < until:
        cookie, card = await first_card(connection, slug)
        tally.participants += 1
        await vote_on_all(connection, slug, cookie, card, until, tally)
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
        request = vote_request(slug, vote_form(card, choice), cookie)
        began = time.perf_counter()
        status, _, body = await connection.ask(request)
        if status != 200:
            tally.refused += 1
            return
        tally.seconds.append(time.perf_counter() - began)
        card = CARD.search(body)


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


def make_dialogue(data: str, statements: int) -> str:
    """Create an open dialogue with statements and return its slug."""
    os.environ["MIDDLEGROUND_DATA"] = data
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from django.utils import timezone

    from middleground.config import server
    from middleground.dialogues.models import Dialogue, Statement
    from middleground.texts.sameness import dedup_hash

    server.prepare()
    dialogue = Dialogue.objects.create(
        slug="bench",
        question="How fast is a vote?",
        host_name="Benchmark",
        state="open",
        vote_goal=statements,  # so that nobody stops before the last one
    )
    for number in range(1, statements + 1):
        text = f"Statement number {number} is about as long as people write them, or a bit longer."
        Statement.objects.create(
            dialogue=dialogue, number=number, text=text, dedup_hash=dedup_hash(text),
            status="approved", origin="seed", received_on=timezone.now().date(),
        )  # fmt: skip
    return dialogue.slug


def stored_votes(data: str) -> int:
    with sqlite3.connect(Path(data) / "middleground.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM dialogues_vote").fetchone()[0])


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
    page = page_request("/style/000000000000.css")
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
    stop_children_when_terminated()
    with tempfile.TemporaryDirectory() as data:
        # In a separate process, because no server starts on a database that this process writes.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            slug = apart.submit(make_dialogue, data, chosen.statements).result()
        port = free_port()
        with serving(data, port) as server:
            result = asyncio.run(run(port, server.pid, slug, chosen.seconds, chosen.connections))
        lost = result["votes"] - stored_votes(data)
        print(json.dumps({**result, "lost": lost}, indent=2))
        if lost > 0:
            raise SystemExit("acknowledged votes were lost")


if __name__ == "__main__":
    main()
