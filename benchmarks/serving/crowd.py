"""Participants who vote at a given rate, whatever the server does (an open loop)."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import re
import time
from collections import deque
from dataclasses import dataclass, field

from serving.requests import (
    CARD,
    CHOICES,
    Connection,
    connect,
    first_card,
    vote_form,
    vote_request,
)

CONNECTIONS = 64
PAGES_AT_ONCE = 8
# Of two camps each agrees with its half of the statements and disagrees with the other, mostly.
FAITHFUL = 0.85
SPARE = 2 * CONNECTIONS
# So many votes have a place on the map.
ENOUGH_VOTES = 5


@dataclass
class Participant:
    cookie: bytes
    card: re.Match[bytes]
    camp: int
    votes: int = 0

    def choice(self) -> bytes:
        if random.random() > FAITHFUL:
            return random.choice(CHOICES)
        return CHOICES[(int(self.card[1]) + self.camp) % 2]


@dataclass
class VoteTimes:
    """Seconds from when each vote was due to its answer, and votes that were not stored."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    def figures(self) -> dict[str, float]:
        times = sorted(self.seconds) or [0.0]
        return {
            "votes": len(self.seconds),
            "votes_refused": self.refused,
            "votes_p50_ms": round(1000 * times[len(times) // 2], 1),
            "votes_p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        }


class Crowd:
    """Participants of one dialogue who take turns. Their first cards come from the page.

    ``placed`` holds the cookies of those who have a place on the map.
    """

    def __init__(self, port: int, slug: str, statements: int, rate: float) -> None:
        self.rate = rate
        self.placed: list[bytes] = []
        self._port, self._slug, self._statements = port, slug, statements
        self._waiting: deque[Participant] = deque()

    async def invite(self, seconds: float) -> None:
        """Let as many open the page of the votes as are needed to vote for so long."""
        left = sum(self._statements - participant.votes for participant in self._waiting)
        more = (self.rate * seconds - left) / self._statements
        numbers = iter(range(max(0, math.ceil(more) + SPARE)))

        async def open_pages() -> None:
            connection = await connect(self._port)
            for number in numbers:
                cookie, card = await first_card(connection, self._slug)
                self._waiting.append(Participant(cookie, card, number % 2))
            connection.writer.close()

        await asyncio.gather(*(open_pages() for _ in range(PAGES_AT_ONCE)))

    async def vote(self, seconds: float) -> VoteTimes:
        """Send the votes that fall due within so many seconds, and wait for their answers."""
        times, began, turns = VoteTimes(), time.perf_counter(), itertools.count()

        async def take_turns() -> None:
            connection = await connect(self._port)
            while (due := began + next(turns) / self.rate) < began + seconds:
                await asyncio.sleep(due - time.perf_counter())
                await self._vote_once(connection, due, times)
            connection.writer.close()

        await asyncio.gather(*(take_turns() for _ in range(CONNECTIONS)))
        return times

    async def _vote_once(self, connection: Connection, due: float, times: VoteTimes) -> None:
        participant = self._waiting.popleft()
        form = vote_form(participant.card, participant.choice())
        request = vote_request(self._slug, form, participant.cookie)
        status, _, body = await connection.ask(request)
        if status != 200:
            times.refused += 1
            return
        times.seconds.append(time.perf_counter() - due)
        participant.votes += 1
        if participant.votes == ENOUGH_VOTES:
            self.placed.append(participant.cookie)
        card = CARD.search(body)
        if card:
            participant.card = card
            self._waiting.append(participant)
