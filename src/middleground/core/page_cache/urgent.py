"""Work that goes first: all other threads wait for it a moment.

Python runs one thread at a time. A thread that calls the database gives the interpreter away at
each call, and gets it back from a busy thread only after 5 ms. So a batch of votes, with dozens of
short calls, took a tenth of a second and more beside an event loop that answers pages without a
pause. Whoever is not urgent therefore waits while something urgent is done, for some milliseconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# The longest wait, and the shortest time of other work between two. Urgent work also waits for the
# disk, in which time others would work in vain if they waited for its end.
WAIT_SECONDS = 0.008
WORK_SECONDS = 0.003


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

    def give_way(self, seconds: float = WAIT_SECONDS) -> None:
        """Wait until no urgent work is done, but not longer than ``seconds``."""
        self._none.wait(seconds)

    @property
    def waits(self) -> bool:
        """Whether urgent work is being done."""
        return not self._none.is_set()


class Turns:
    """Lets one busy thread give way at intervals."""

    def __init__(self, urgent: UrgentWork) -> None:
        self._urgent = urgent
        self._worked_since = 0.0

    def give_way(self) -> None:
        if self._urgent.waits and time.perf_counter() - self._worked_since > WORK_SECONDS:
            self._urgent.give_way()
            self._worked_since = time.perf_counter()


# The storing of votes. One per process.
votes = UrgentWork()
