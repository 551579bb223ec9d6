"""What this process knows about each dialogue's maps and the votes behind them.

It is kept in memory only, because in the database it would reveal when somebody took part. A
restart loses it; ``release.py`` says what follows from that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from middleground.dialogues.maps.load_votes import Fingerprints, Heard
from middleground.engine import Attribute


@dataclass(frozen=True, slots=True)
class Baseline:
    """Who was heard when a map was published or, after a restart, when votes were first read."""

    map_id: int
    heard: Heard


@dataclass(frozen=True, slots=True)
class TierBaseline:
    """The votes behind the map whose tiers are shown, and each participant's tier at that time."""

    map_id: int
    votes: Fingerprints
    admitted: Attribute


@dataclass(frozen=True, slots=True)
class Look:
    """When all votes of a dialogue were last read, and the counts at that time.

    ``took``: seconds of processor time, because on a busy machine most of the elapsed time is
    waiting, which costs others nothing.
    """

    counts: tuple[int, ...]
    at: float
    took: float


@dataclass(slots=True)
class LiveMap:
    """The state of one dialogue's maps.

    ``published``: who was heard in the newest map. ``there``: the participants whose votes counted
    when votes were last looked at. ``newcomers``: whether some of them were not there at the look
    before. ``sample``: the participants among whom the last sample was drawn, and those who were.
    ``tiers``: the votes behind the map whose tiers are shown. ``reactions``: those behind the order
    of comments. ``beat``: the number of the beat in which the clock last looked.
    ``seconds_to_make``: how long the last map took.
    """

    published: Baseline | None = None
    there: NDArray[np.int64] | None = None
    newcomers: bool = False
    sample: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    tiers: TierBaseline | None = None
    reactions: Fingerprints | None = None
    last_look: Look | None = None
    beat: int | None = None
    seconds_to_make: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def making(self) -> Iterator[bool]:
        """Yield True in the one thread that may make this dialogue's map now, else False."""
        free = self._lock.acquire(blocking=False)
        try:
            yield free
        finally:
            if free:
                self._lock.release()


class LiveMaps:
    """The ``LiveMap`` of each dialogue, created on first use."""

    def __init__(self) -> None:
        self._maps: dict[int, LiveMap] = {}
        self._lock = threading.Lock()

    def of(self, dialogue_id: int) -> LiveMap:
        with self._lock:
            return self._maps.setdefault(dialogue_id, LiveMap())


# One per process. Tests create their own.
live_maps = LiveMaps()
