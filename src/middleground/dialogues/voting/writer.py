"""The one thread that writes votes: ballots that arrive while it commits go in the next batch.

One transaction a batch makes durable writes (an fsync each) cheap: under load many ballots share
one commit, and alone a ballot waits for nothing.
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

from middleground.dialogues.voting.dealing import Decks
from middleground.dialogues.voting.store import Ballot, Outcome, take_ballots

logger = logging.getLogger(__name__)

LARGEST_BATCH = 400
LONGEST_QUEUE = 20_000
# Right after a batch of many, more are on their way: who has just been answered votes again. To
# wait a moment for them makes fewer commits (as PostgreSQL's commit_delay and commit_siblings do).
MANY = 8
RIGHT_AFTER_SECONDS = 0.02
GATHER_SECONDS = 0.001


class NotStored(Exception):
    """The database could not store the ballot (a full disk, say). It can be sent again."""


@dataclass(frozen=True, slots=True)
class PendingVote:
    """A ballot and who waits for its outcome."""

    ballot: Ballot
    answer: asyncio.Future[Outcome]


class VoteWriter:
    """Collects ballots from the event loop and stores them from a thread of its own."""

    def __init__(self, decks: Decks | None = None) -> None:
        self.decks = decks or Decks()
        self._waiting: queue.SimpleQueue[PendingVote | None]
        self._waiting = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._many_until = -inf  # when a batch of many was last stored

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ballot-box", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store what has been handed in, then end."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join(timeout=30)
            self._thread = None

    async def cast(self, ballot: Ballot) -> Outcome:
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
        """Wait for one ballot, then take all that wait. Empty when the box is to stop."""
        batch = []
        item = self._waiting.get()
        if item is not None and self._more_are_coming():
            time.sleep(GATHER_SECONDS)
        while item is not None:
            batch.append(item)
            if len(batch) == LARGEST_BATCH or self._waiting.empty():
                return batch
            item = self._waiting.get()
        if batch:
            self._waiting.put(None)  # store these first, then stop
        return batch

    def _more_are_coming(self) -> bool:
        since = time.monotonic() - self._many_until
        return since < RIGHT_AFTER_SECONDS and self._waiting.qsize() < LARGEST_BATCH

    def _store(self, batch: list[PendingVote]) -> None:
        ballots = [handed_in.ballot for handed_in in batch]
        outcomes: Sequence[Outcome | NotStored]
        try:
            outcomes = self._take(ballots)
        except DatabaseError as error:
            # Never the error's text: it may hold parameters.
            logger.error("%d votes were not stored: %s", len(batch), type(error).__name__)
            connections["default"].close_if_unusable_or_obsolete()
            outcomes = [NotStored()] * len(batch)
        except Exception as error:  # noqa: BLE001
            # The thread must outlive any mistake of ours, or no vote is ever stored again. Where
            # it happened is logged, and again not the text: it may name a pseudonym.
            where = "".join(traceback.format_tb(error.__traceback__))
            logger.error("%d votes were not stored: %s\n%s", len(batch), type(error), where)
            outcomes = [NotStored()] * len(batch)
        if len(batch) >= MANY:
            self._many_until = time.monotonic()
        # One call into the event loop a batch: waking it costs more than all that it then does.
        with suppress(RuntimeError):  # the loop is closed: nobody waits for an answer any more
            batch[0].answer.get_loop().call_soon_threadsafe(_answer, batch, outcomes)

    def _take(self, ballots: Sequence[Ballot]) -> list[Outcome]:
        try:
            return take_ballots(ballots, self.decks, timezone.now())
        except IntegrityError:
            # On PostgreSQL somebody can delete their votes between our look and our write.
            return take_ballots(ballots, self.decks, timezone.now())


def _answer(batch: Sequence[PendingVote], outcomes: Sequence[Outcome | NotStored]) -> None:
    for handed_in, outcome in zip(batch, outcomes, strict=True):
        if handed_in.answer.done():
            continue  # the browser went away; the vote is stored all the same
        if isinstance(outcome, NotStored):
            handed_in.answer.set_exception(outcome)
        else:
            handed_in.answer.set_result(outcome)
