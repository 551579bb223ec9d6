"""Ends connections whose other end sends or reads too slowly, and those beyond a number.

uvicorn waits without an end for the head of a request and for somebody who does not read. One look
a second at all connections costs less than a timer for each of them.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

LOOK_SECONDS = 1.0
# Of the files that may be open, so many are kept for the database and everything else.
LEAST_OTHER_FILES = 100
MOST_OTHER_FILES = 512


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a slow connection is waited for, and how much may be held for all of them."""

    seconds: float = 20.0  # for a head, and without any progress for whoever reads
    bytes_per_second: int = 1_000  # of whoever reads, on the average
    head_bytes: int = 65_536
    unsent_bytes: int = 128_000_000  # of all answers together that wait to be read
    # Connections and the files that they are sent; 0: as many as the limit of open files allows.
    at_once: int = 0


class Owes(Enum):
    """What a connection still has to send."""

    NEXT = auto()  # another request, if it wants to: uvicorn has a timer for that
    HEAD = auto()
    BODY = auto()  # which ``core/bodies`` or the vote's route waits for
    NOTHING = auto()


class Watched(Protocol):
    """A connection, as the watch sees it."""

    transport: asyncio.Transport
    owes: Owes


@dataclass(slots=True)
class _Unread:
    """Since when an answer of so many bytes waits for the other end."""

    since: float
    size: int


class Watch:
    """All connections of this process."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._all: set[Watched] = set()
        self._owing: dict[Watched, float] = {}  # since when, from who owes something longest
        self._unread: dict[Watched, _Unread] = {}
        self._files = 0  # that are being sent
        self._most = self.patience.at_once
        self._looks = False

    def add(self, connection: Watched) -> None:
        """Take a new connection in. If there are too many, the slowest is ended."""
        if not self._looks:
            self._looks = True
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)
        self._all.add(connection)
        if self._are_too_many():
            self._end(self._slowest() or connection)
        self.note_owing(connection)

    def remove(self, connection: Watched) -> None:
        self._all.discard(connection)
        self._owing.pop(connection, None)
        self._unread.pop(connection, None)

    @contextmanager
    def sending_a_file(self) -> Iterator[None]:
        """Count the file, which is open beside its connection. It may cost the slowest its place.

        If nobody is slow, all files are sent soon, and the few beyond the number do no harm.
        """
        self._files += 1
        try:
            if self._are_too_many() and (slowest := self._slowest()):
                self._end(slowest)
            yield
        finally:
            self._files -= 1

    def note_owing(self, connection: Watched) -> None:
        """Note that the connection owes something from now on."""
        self._owing.pop(connection, None)
        self._owing[connection] = time.monotonic()

    def note_whole(self, connection: Watched) -> None:
        """Note that its request has arrived whole."""
        self._owing.pop(connection, None)

    def note_unread(self, connection: Watched) -> None:
        """Note that much of an answer waits for the other end."""
        size = connection.transport.get_write_buffer_size()
        self._unread.setdefault(connection, _Unread(time.monotonic(), size))

    def note_read(self, connection: Watched) -> None:
        """Note that the other end has read nearly all that was sent."""
        self._unread.pop(connection, None)

    def _are_too_many(self) -> bool:
        self._most = self._most or _most_at_once()
        return len(self._all) + self._files > self._most

    def _look(self) -> None:
        now = time.monotonic()
        for connection in [*self._late_heads(now), *self._slow_readers(now)]:
            self._end(connection)
        self._looks = bool(self._all)
        if self._looks:
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _late_heads(self, now: float) -> Iterator[Watched]:
        for connection, since in self._owing.items():
            if now - since > self.patience.seconds and connection.owes is Owes.HEAD:
                yield connection

    def _slowest(self) -> Watched | None:
        """Who owes something longest, or else who leaves an answer unread longest."""
        if self._owing:
            return next(iter(self._owing))
        return min(self._unread, key=lambda each: self._unread[each].since, default=None)

    def _slow_readers(self, now: float) -> Iterator[Watched]:
        """Those who read too slowly, and if too much waits, those who wait longest."""
        held = 0
        for connection in self._all:
            size = connection.transport.get_write_buffer_size()
            held += size
            if self._reads_too_slowly(connection, size, now):
                yield connection
        for connection, unread in sorted(self._unread.items(), key=lambda item: item[1].since):
            if held <= self.patience.unsent_bytes or unread.since == now:
                return
            held -= connection.transport.get_write_buffer_size()
            yield connection

    def _reads_too_slowly(self, connection: Watched, size: int, now: float) -> bool:
        unread = self._unread.get(connection)
        if not size:
            self._unread.pop(connection, None)
        elif unread is None or size > unread.size:
            self._unread[connection] = _Unread(now, size)
        else:
            read = unread.size - size
            allowed = self.patience.seconds + read / self.patience.bytes_per_second
            return now - unread.since > allowed
        return False

    def _end(self, connection: Watched) -> None:
        """End it at once: ``close`` would wait until what is unsent is read."""
        self._owing.pop(connection, None)
        self._unread.pop(connection, None)
        connection.transport.abort()


def _most_at_once() -> int:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files == resource.RLIM_INFINITY:
        files = 1_048_576
    others = min(max(files // 4, LEAST_OTHER_FILES), MOST_OTHER_FILES)
    return max(files - others, 16)
