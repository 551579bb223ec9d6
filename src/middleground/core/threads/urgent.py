"""Work that goes first: all other threads wait for it a moment.

Python runs one thread at a time. A thread that calls the database gives the interpreter away at
each call, and gets it back from a busy thread only after 5 ms, of which ``SWITCH_SECONDS`` leaves
half. So a batch of votes, with dozens of short calls, took a tenth of a second and more beside an
event loop that answers pages without a pause. Whoever is not urgent therefore waits while something
urgent is done, for some milliseconds.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# To be set for the process: a busy thread is asked to give Python's lock away after so long. Urgent
# work has no right of way while it waits for the disk, and needs the lock afterwards. With 1 ms
# Django's pages came a fifth less often, because their threads take the lock from each other.
SWITCH_SECONDS = 0.0025
# The longest wait, and the shortest time of other work between two.
WAIT_SECONDS = 0.008
WORK_SECONDS = 0.003
LOOK_SECONDS = 0.001  # between two looks whether urgent work is done


class UrgentWork:
    """Used by one thread that does urgent work and any number that give way."""

    def __init__(self) -> None:
        self._none = threading.Event()
        self._none.set()

    @contextmanager
    def doing(self) -> Iterator[None]:
        self._none.clear()
        try:
            yield
        finally:
            self._none.set()

    @contextmanager
    def resting(self) -> Iterator[Callable[[], None]]:
        """Give a function to call when the work only waits for the disk, until the block ends."""
        urgent = self.waits
        try:
            yield self._none.set
        finally:
            if urgent:
                self._none.clear()

    def give_way(self, seconds: float = WAIT_SECONDS) -> None:
        """Wait until no urgent work is done, but not longer than ``seconds``."""
        self._none.wait(seconds)

    @property
    def waits(self) -> bool:
        """Whether urgent work is being done."""
        return not self._none.is_set()


class Pauses:
    """Lets one busy thread give way at intervals."""

    def __init__(self, urgent: UrgentWork) -> None:
        self._urgent = urgent
        self._works_since = 0.0

    def give_way(self) -> None:
        """To be called before each piece of work; waits only if the last time was long ago."""
        if self._urgent.waits and time.perf_counter() - self._works_since > WORK_SECONDS:
            self._urgent.give_way()
            self._works_since = time.perf_counter()


class Turns:
    """Does the work of an event loop in short turns, and gives way between them.

    Between two turns the loop does what else there is: it reads and answers what is urgent. Without
    turns one round of the loop would do all the work that has come in, and whatever needs several
    rounds would wait for hundreds of others in each.
    """

    def __init__(self, urgent: UrgentWork) -> None:
        self._urgent = urgent
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_due = False  # whether the loop will take the next turn
        self._work_after: float | None = None  # while giving way: until then at the longest

    def add(self, work: Callable[[], None]) -> None:
        """Let the running loop do the work, after all that was added before."""
        self._waiting.append(work)
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._take_turn)

    def _take_turn(self) -> None:
        loop = asyncio.get_running_loop()
        if self._gives_way():
            loop.call_later(LOOK_SECONDS, self._take_turn)
            return
        end = time.perf_counter() + WORK_SECONDS
        try:
            while self._waiting and time.perf_counter() < end:
                self._waiting.popleft()()
        finally:
            self._is_due = bool(self._waiting)
            if self._is_due:
                loop.call_soon(self._take_turn)

    def _gives_way(self) -> bool:
        if not self._urgent.waits:
            self._work_after = None
            return False
        now = time.perf_counter()
        if self._work_after is None:
            self._work_after = now + WAIT_SECONDS
        if now < self._work_after:
            return True
        self._work_after = None
        return False


# The storing of votes. One per process.
votes = UrgentWork()
