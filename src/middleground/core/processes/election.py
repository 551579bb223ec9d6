"""Which of several processes on one PostgreSQL does what only one may do: maps, log and jobs.

The elected process is the one whose session holds an advisory lock. When it ends, however it ends,
PostgreSQL frees the lock, and another process gets it within seconds. A process that is paused or
cut off sends no sign of life, so the database ends its session.

A process may learn late that it is no longer elected: it may be paused in the middle of its work
and go on much later. Three things keep it from publishing then:

* A transaction that publishes calls ``fence`` first. It takes a second lock in shared form and
  looks whether this process's session still holds the first one. Whoever is elected next takes the
  second lock alone before it begins, so it waits for such transactions, and later ones are refused.
* Before a file is written, ``require_elected`` compares the clock with the last sign of life. The
  clock also runs while a process is paused.
* What can still be written between that look and the system call is either the same for every
  process or mended by the next run (``publiclog/publisher.py``).

On SQLite there is one process, and it is always elected.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from middleground.core.processes import locks
from middleground.core.processes.own_connection import own_connection

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

TRY_SECONDS = 1.0  # between two attempts to be elected, and between two signs of life
SILENT_SECONDS = 6.0  # the database ends a session that is silent for so long
LEASE_SECONDS = SILENT_SECONDS - 1  # so long after a sign of life the lock is certainly held
# A transaction that publishes is ended if its process does nothing in it for so long.
IDLE_TRANSACTION_SECONDS = 5.0
FENCE_SECONDS = 3.0  # an elected process waits so long for transactions of the one before


class NotElected(Exception):
    """Another process is elected, or may be. Nothing was published."""


@dataclass(slots=True)
class Term:
    """The time for which a process is elected. ``backend`` is the session that holds the locks."""

    backend: int
    number: int = field(default_factory=lambda: secrets.randbelow(2**31))
    _until: float = 0.0

    def prolong(self, sign_of_life: float) -> None:
        """``sign_of_life``: the time at which the last answered question was sent."""
        self._until = sign_of_life + LEASE_SECONDS

    def end(self) -> None:
        self._until = 0.0

    def holds(self) -> bool:
        """Whether the session certainly holds its lock now, unless somebody has ended it."""
        return time.monotonic() < self._until


_acting: ContextVar[Term | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as_elected(term: Term | None) -> Iterator[None]:
    """Do the block's work for this term. None: this is the only process."""
    before = _acting.set(term)
    try:
        yield
    finally:
        _acting.reset(before)


def require_elected() -> None:
    """Raise ``NotElected`` if the term is over for which this thread works."""
    term = _acting.get()
    if term is not None and not term.holds():
        raise NotElected


def fence() -> None:
    """Raise ``NotElected`` unless this process stays elected until the open transaction ends."""
    term = _acting.get()
    if term is None:
        return
    require_elected()
    if not connection.in_atomic_block:
        raise RuntimeError("A fence needs a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true)",
            (str(round(IDLE_TRANSACTION_SECONDS * 1000)),),
        )
        # In this order: whoever is elected next waits for this lock before it begins.
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", locks.FENCE)
        if not cursor.fetchone()[0]:
            raise NotElected
        cursor.execute(_HOLDS, (term.backend, *locks.ELECTED, *locks.term(term.number)))
        if cursor.fetchone()[0] != 2:
            raise NotElected


_HOLDS = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = %s
AND (classid, objid) IN ((%s::oid, %s::oid), (%s::oid, %s::oid))
"""


class Election:
    """This process's part in the election: a thread that holds the lock or tries to get it."""

    def __init__(self, begin: Callable[[Term], None], end: Callable[[Term], None]) -> None:
        """``begin`` and ``end`` are called from the thread and must return at once."""
        self._begin, self._end = begin, end
        self._stopping = threading.Event()
        self._tried = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._tried.clear()
        self._thread = threading.Thread(target=self._run, name="election", daemon=True)
        self._thread.start()

    def wait_for_first_try(self, seconds: float) -> bool:
        """Wait until the lock was asked for once; then this process is elected or another is."""
        return self._tried.wait(seconds)

    def stop(self) -> None:
        """Give the lock back. Whatever was done under it must have ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def _run(self) -> None:
        import psycopg

        while not self._stopping.is_set():
            try:
                with own_connection("election") as session:
                    self._stand(session)
            except psycopg.Error as error:
                logger.warning("The election was interrupted: %s.", type(error).__name__)
            self._tried.set()  # without a database nothing can be decided
            self._stopping.wait(TRY_SECONDS)

    def _stand(self, session: psycopg.Connection) -> None:
        """Try to be elected, and stay elected. Raises ``psycopg.Error``."""
        session.execute(
            "SELECT set_config('idle_session_timeout', %s, false)",
            (str(round(SILENT_SECONDS * 1000)),),
        )
        while not self._stopping.is_set():
            term = _elected(session)
            if term is not None:
                self._serve(session, term)
                return
            self._tried.set()
            self._stopping.wait(TRY_SECONDS)

    def _serve(self, session: psycopg.Connection, term: Term) -> None:
        """Give signs of life until the end. Raises ``psycopg.Error``."""
        logger.info("This process is elected: it makes maps, and the public log grows here.")
        try:
            self._begin(term)
            self._tried.set()
            while not self._stopping.wait(TRY_SECONDS):
                asked = time.monotonic()
                session.execute("SELECT 1")
                term.prolong(asked)
        finally:
            term.end()
            self._end(term)


def _elected(session: psycopg.Connection) -> Term | None:
    """A new term if the session got the lock. Raises ``psycopg.Error``."""
    if not _is_true(session, "SELECT pg_try_advisory_lock(%s, %s)", locks.ELECTED):
        return None
    term = Term(session.info.backend_pid)
    _is_true(session, "SELECT pg_try_advisory_lock(%s, %s)", locks.term(term.number))
    # Wait for the transactions that the one before has fenced.
    milliseconds = str(round(FENCE_SECONDS * 1000))
    session.execute("SELECT set_config('lock_timeout', %s, false)", (milliseconds,))
    session.execute("SELECT pg_advisory_lock(%s, %s)", locks.FENCE)
    asked = time.monotonic()
    session.execute("SELECT pg_advisory_unlock(%s, %s)", locks.FENCE)
    term.prolong(asked)
    return term


def _is_true(session: psycopg.Connection, query: str, parameters: tuple[int, int]) -> bool:
    row = session.execute(query, parameters).fetchone()
    return bool(row and row[0])
