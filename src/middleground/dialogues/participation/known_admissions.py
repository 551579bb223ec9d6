"""Who was admitted in which hour by which way, as far as this server process admitted them.

It is kept in memory only. Stored, even under the dialogue's key, it would tell whoever seizes the
server and a browser when that person came. A restart forgets it, and no process knows whom another
admitted: ``set_aside_hours.py`` says what follows from that.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from middleground.core.dates import hour_of
from middleground.dialogues.participation.hours import HOURS_KEPT

# Eight bytes each. Beyond that the oldest hours are forgotten.
MOST_KNOWN = 1_000_000


class KnownAdmissions:
    """Pseudonyms by dialogue, hour and way, for the hours whose counts are kept. Thread-safe."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._most = most
        self._known: dict[tuple[int, int, str], array[int]] = {}
        self._size = 0
        self._lock = threading.Lock()

    def note(self, dialogue_id: int, way: str, participant: int, now: datetime) -> None:
        """Remember that this participant was admitted. Call it after the commit."""
        hour = hour_of(now)
        with self._lock:
            self._known.setdefault((hour, dialogue_id, str(way)), array("q")).append(participant)
            self._size += 1
            while self._size > self._most:
                self._drop([min(self._known)])

    def of(self, dialogue_id: int, hour: int, way: str) -> NDArray[np.int64]:
        """The known participants, ascending."""
        with self._lock:
            found = self._known.get((hour, dialogue_id, str(way)), array("q"))
            return np.unique(np.array(found, dtype=np.int64))

    def dialogues(self) -> set[int]:
        """The dialogues of which anybody is known."""
        with self._lock:
            return {dialogue_id for _hour, dialogue_id, _way in self._known}

    def forget_old(self, now: datetime) -> None:
        with self._lock:
            self._drop([key for key in self._known if key[0] <= hour_of(now) - HOURS_KEPT])

    def forget_dialogues(self, dialogue_ids: Collection[int]) -> None:
        with self._lock:
            self._drop([key for key in self._known if key[1] in dialogue_ids])

    def _drop(self, keys: list[tuple[int, int, str]]) -> None:
        for key in keys:
            self._size -= len(self._known.pop(key))


# One per process. Tests create their own.
known_admissions = KnownAdmissions()
