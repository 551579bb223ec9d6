"""Computing a map in a process of its own, so that pages never wait for it.

This module must not import Django: the process starts fast, and it cannot reach the database.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any

from middleground.engine import (
    Attribute,
    MapFacts,
    OpinionMap,
    Options,
    Votes,
    analyse,
    with_excluded_counts,
)
from middleground.engine.incremental.report import carried_on, hash_onward
from middleground.engine.incremental.state import State
from middleground.engine.votes import BoolArray, IntArray, ValueArray

Columns = tuple[IntArray, IntArray, ValueArray, BoolArray | None]

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def compute(
    votes: Votes,
    options: Options,
    seed: int,
    previous: MapFacts | None = None,
    admitted: Attribute | None = None,
    beside: Votes | None = None,
    keep: int | None = None,
) -> dict[str, Any]:
    """The map's facts as plain data. Waits for them; a process that died is replaced once.

    ``previous`` is the map before, whose letters the groups keep. ``admitted`` tells how
    participants came: findings have to hold without each way. ``beside`` are votes of
    people who do not count in the map, and are shown beside it. ``keep`` is a dialogue whose map
    can be carried on: what that takes is made once this has returned.
    """
    arguments = (
        keep,
        _columns(votes),
        options,
        seed,
        previous,
        admitted,
        _columns(beside) if beside else None,
    )
    try:
        found = _current_pool().submit(_analyse, *arguments).result()
    except BrokenProcessPool:
        close()
        found = _current_pool().submit(_analyse, *arguments).result()
    if keep is not None:
        _later(_keep, keep)
    return found


def carry_on(
    dialogue_id: int, input_hash: str, people: IntArray, votes: Votes
) -> dict[str, Any] | None:
    """The facts of the kept map, as if these people had given these votes and no others.

    ``input_hash`` is the kept map's. None where there is no such map, or a whole one is due.
    """
    arguments = dialogue_id, input_hash, people, _columns(votes)
    try:
        return _current_pool().submit(_carry_on, *arguments).result()
    except BrokenProcessPool:
        close()
        return None


def drop(dialogue_id: int) -> None:
    """Keep nothing of a dialogue any more. Returns at once."""
    _later(_drop, dialogue_id)


def _later(work: Callable[[int], None], dialogue_id: int) -> None:
    """Let the process do this after what it does now, if there is one."""
    pool = _pool
    if pool is not None:
        with suppress(BrokenProcessPool, RuntimeError):
            pool.submit(work, dialogue_id)


def _columns(votes: Votes) -> Columns:
    return votes.participant, votes.statement, votes.value, votes.dealt


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


@dataclass(slots=True)
class _Kept:
    """A whole map, the state that it left behind, and the newest input hash."""

    whole: MapFacts
    state: State
    input_hash: str


# In the child process only.
_fresh: dict[int, tuple[OpinionMap, Votes]] = {}
_kept: dict[int, _Kept] = {}


def _analyse(
    keep: int | None,
    columns: Columns,
    options: Options,
    seed: int,
    previous: MapFacts | None,
    admitted: Attribute | None,
    beside: Columns | None,
) -> dict[str, Any]:
    votes = Votes(*columns)
    found = analyse(votes, options, seed, previous, tiers=admitted)
    if keep is not None:
        _drop(keep)
        _fresh[keep] = found, votes
    if beside is not None and admitted is not None:
        found = with_excluded_counts(found, Votes(*beside), admitted)
    return found.facts.to_dict()


def _keep(dialogue_id: int) -> None:
    found, votes = _fresh.pop(dialogue_id)
    if found.status != "too_little":
        _kept[dialogue_id] = _Kept(found.facts, State.of(found, votes), found.facts.input_hash)


def _carry_on(
    dialogue_id: int, input_hash: str, people: IntArray, columns: Columns
) -> dict[str, Any] | None:
    kept, votes = _kept.get(dialogue_id), Votes(*columns)
    if kept is None or kept.input_hash != input_hash:
        return None
    state = kept.state.exchanged(votes, people)
    onward = hash_onward(kept.input_hash, votes, people)
    facts = carried_on(kept.whole, state, onward)
    if facts is None:
        _drop(dialogue_id)
        return None
    _kept[dialogue_id] = _Kept(kept.whole, state, onward)
    return facts.to_dict()


def _drop(dialogue_id: int) -> None:
    _fresh.pop(dialogue_id, None)
    _kept.pop(dialogue_id, None)
