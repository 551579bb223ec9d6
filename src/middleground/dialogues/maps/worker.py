"""Computing a map in a process of its own, so that pages never wait for it.

This module must not import Django: the process starts fast, and it cannot reach the database.
"""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any

from middleground.engine import (
    Attribute,
    MapFacts,
    Options,
    Votes,
    analyse,
    with_excluded_counts,
)

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def compute(
    votes: Votes,
    options: Options,
    seed: int,
    previous: MapFacts | None = None,
    admitted: Attribute | None = None,
    beside: Votes | None = None,
) -> dict[str, Any]:
    """The map's facts as plain data. Waits for them; a process that died is replaced once.

    ``previous`` is the map before, whose letters the groups keep. ``admitted`` tells how
    participants came: findings have to hold without each way. ``beside`` are votes of
    people who do not count in the map, and are shown beside it.
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
    """End the process, if there is one. The next map starts another."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.shutdown(cancel_futures=True)
            _pool = None


def _current_pool() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            # Not fork: the server has threads, which a fork would leave in the middle of things.
            _pool = ProcessPoolExecutor(
                max_workers=1, mp_context=get_context("spawn"), initializer=_settle_in
            )
        return _pool


def _settle_in() -> None:
    """Yield to the web process, leave Ctrl-C to it, and do not outlive it."""
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
) -> dict[str, Any]:
    """In the child process."""
    found = analyse(votes, options, seed, previous, tiers=admitted)
    if beside is not None and admitted is not None:
        found = with_excluded_counts(found, beside, admitted)
    return found.facts.to_dict()
