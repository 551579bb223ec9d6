"""Computes a map in a separate process, so that pages never wait for it.

This module must not import Django: the process must start fast and must not reach the database.
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
    """Compute the map's facts as plain data; blocks until done. A dead process is replaced once.

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
) -> dict[str, Any]:
    """Runs in the child process."""
    found = analyse(votes, options, seed, previous, tiers=admitted)
    if beside is not None and admitted is not None:
        found = with_excluded_counts(found, beside, admitted)
    return found.facts.to_dict()
