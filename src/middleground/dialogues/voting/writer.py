"""The one thread that writes votes: ballots that arrive during a commit form the next batch.

One transaction per batch makes durable writes (an fsync each) cheap: under load many ballots share
one commit, and a single ballot does not wait.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf

from django.db import DatabaseError, IntegrityError, connections
from django.utils import timezone

from middleground.core.threads import urgent
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, Outcome, store_votes

logger = logging.getLogger(__name__)

LARGEST_BATCH = 400
LONGEST_QUEUE = 20_000
# Right after a batch more ballots are about to arrive. Waiting a moment for them saves commits (as
# PostgreSQL's commit_delay and commit_siblings do), each of which costs the processor as much as
# twenty votes. After a large batch many arrive at once, from those who were just answered.
MANY = 8
RIGHT_AFTER_SECONDS = 0.02
GATHER_MANY_SECONDS = 0.001
GATHER_FEW_SECONDS = 0.003


class NotStored(Exception):
    """The database could not store the ballot (a full disk, say). It can be sent again."""


@dataclass(frozen=True, slots=True)
class PendingVote:
    """A ballot and the future that awaits its outcome."""

    ballot: Ballot
    answer: asyncio.Future[Outcome]


class VoteWriter:
    """Collects ballots from the event loop and stores them in a thread of its own."""

    def __init__(self, pools: StatementPools | None = None) -> None:
        self.pools = pools or StatementPools()
        self._waiting: queue.SimpleQueue[PendingVote | None]
        self._waiting = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stored_at, self._stored = -inf, 0  # when the last batch was stored, and its size

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="vote-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store the ballots handed in so far, then end."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join(timeout=30)
            self._thread = None

    async def submit(self, ballot: Ballot) -> Outcome:
        """Hand in a ballot; returns when it is on disk. Raises ``NotStored``."""
        if self._waiting.qsize() >= LONGEST_QUEUE or self._thread is None:
            raise NotStored
        handed_in = PendingVote(ballot, asyncio.get_running_loop().create_future())
        self._waiting.put(handed_in)
        return await handed_in.answer

    def _run(self) -> None:
        batch = self._next_batch()
        while batch:
            self._store(batch)
            batch = self._next_batch()
        connections.close_all()

    def _next_batch(self) -> list[PendingVote]:
        """Wait for one ballot, then take all that wait. Empty when the writer is to stop."""
        batch = []
        item = self._waiting.get()
        if item is not None:
            self._gather()
        while item is not None:
            batch.append(item)
            if len(batch) == LARGEST_BATCH or self._waiting.empty():
                return batch
            item = self._waiting.get()
        if batch:
            self._waiting.put(None)  # store these first, then stop
        return batch

    def _gather(self) -> None:
        """Wait for more ballots if they are about to arrive."""
        since = time.monotonic() - self._stored_at
        if since < RIGHT_AFTER_SECONDS and self._waiting.qsize() < LARGEST_BATCH:
            time.sleep(GATHER_MANY_SECONDS if self._stored >= MANY else GATHER_FEW_SECONDS)

    def _store(self, batch: list[PendingVote]) -> None:
        ballots = [handed_in.ballot for handed_in in batch]
        outcomes: Sequence[Outcome | NotStored]
        try:
            with urgent.votes.doing():
                outcomes = self._take(ballots)
        except DatabaseError as error:
            # Never log the error's text: it may contain parameters.
            logger.error("%d votes were not stored: %s", len(batch), type(error).__name__)
            connections["default"].close_if_unusable_or_obsolete()
            outcomes = [NotStored()] * len(batch)
        except Exception as error:  # noqa: BLE001
            # The thread must survive any bug, or no vote is ever stored again. Log where it
            # happened, but not the text: it may contain a pseudonym.
            where = "".join(traceback.format_tb(error.__traceback__))
            logger.error("%d votes were not stored: %s\n%s", len(batch), type(error), where)
            outcomes = [NotStored()] * len(batch)
        self._stored_at, self._stored = time.monotonic(), len(batch)
        # One call into the event loop per batch: waking it costs more than the calls themselves.
        with suppress(RuntimeError):  # the loop is closed, so nobody waits for an answer
            batch[0].answer.get_loop().call_soon_threadsafe(_answer, batch, outcomes)

    def _take(self, ballots: Sequence[Ballot]) -> list[Outcome]:
        try:
            return store_votes(ballots, self.pools, timezone.now())
        except IntegrityError:
            # On PostgreSQL, votes can be deleted between our read and our write.
            return store_votes(ballots, self.pools, timezone.now())


def _answer(batch: Sequence[PendingVote], outcomes: Sequence[Outcome | NotStored]) -> None:
    for handed_in, outcome in zip(batch, outcomes, strict=True):
        if handed_in.answer.done():
            continue  # the browser disconnected; the vote is stored anyway
        if isinstance(outcome, NotStored):
            handed_in.answer.set_exception(outcome)
        else:
            handed_in.answer.set_result(outcome)
