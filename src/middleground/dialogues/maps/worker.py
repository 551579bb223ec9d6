"""Computes a map in a separate process, so that pages never wait for it.

This module must not import Django: the process must start fast and must not reach the database.
"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any

import numpy as np
from numpy.typing import NDArray

from middleground.engine import (
    Attribute,
    MapFacts,
    OpinionMap,
    Options,
    Votes,
    analyse,
    with_excluded_counts,
)

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
# A participant is counted in a group if they belong to it with at least this probability.
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Members:
    """Which participants of a map are in which group. Never stored.

    ``labels``: the groups. ``participants`` (n,) ascending; ``group`` (n,): the index of each one's
    group, or -1 if it is in doubt.
    """

    labels: tuple[str, ...]
    participants: NDArray[np.int64]
    group: NDArray[np.int64]

    @classmethod
    def of(cls, found: OpinionMap) -> Members:
        labels, people = tuple(group.label for group in found.groups), found.participants
        if not labels or not len(people):
            return cls(labels, people, np.full(len(people), -1))
        chances = found.membership(people)
        group = np.where(chances.max(axis=1) >= _LIKELY, chances.argmax(axis=1), -1)
        return cls(labels, people, group)

    def group_of(self, participants: NDArray[np.int64]) -> NDArray[np.int64]:
        """The index of each one's group, or -1 if they are in none, or not in the map."""
        if not len(self.participants):
            return np.full(len(participants), -1)
        at = np.minimum(
            np.searchsorted(self.participants, participants), len(self.participants) - 1
        )
        group: NDArray[np.int64] = np.where(
            self.participants[at] == participants, self.group[at], -1
        )
        return group


@dataclass(frozen=True, slots=True)
class Computed:
    """A map's facts as plain data, and who is in its groups."""

    data: dict[str, Any]
    members: Members


def compute(
    votes: Votes,
    options: Options,
    seed: int,
    previous: MapFacts | None = None,
    admitted: Attribute | None = None,
    beside: Votes | None = None,
) -> Computed:
    """Compute a map; blocks until done. A dead process is replaced once.

    ``previous`` is the map before, whose group letters are kept. ``admitted`` gives each
    participant's tier: findings must hold when any one tier is left out. ``beside`` holds the votes
    of participants who do not count in the map but are shown beside it.
    """
    arguments = votes, options, seed, previous, admitted, beside
    try:
        return _current_pool().submit(_analyse, *arguments).result()
    except BrokenProcessPool:
        close()
        return _current_pool().submit(_analyse, *arguments).result()


def start() -> None:
    """Start the process, so that the first map does not wait for it. Returns at once."""
    _current_pool().submit(os.getpid)


def close() -> None:
    """End the process if it runs. The next map starts another."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.shutdown(cancel_futures=True)
            _pool = None


def _current_pool() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            # Not fork: the server has threads, and a fork would copy their locks in an arbitrary
            # state.
            _pool = ProcessPoolExecutor(
                max_workers=1, mp_context=get_context("spawn"), initializer=_init_worker
            )
        return _pool


def _init_worker() -> None:
    """Lower the priority, ignore Ctrl-C, and end when the web process ends."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _analyse(
    votes: Votes,
    options: Options,
    seed: int,
    previous: MapFacts | None,
    admitted: Attribute | None,
    beside: Votes | None,
) -> Computed:
    """Runs in the child process."""
    found = analyse(votes, options, seed, previous, tiers=admitted)
    members = Members.of(found)
    if beside is not None and admitted is not None:
        found = with_excluded_counts(found, beside, admitted)
    return Computed(found.facts.to_dict(), members)
