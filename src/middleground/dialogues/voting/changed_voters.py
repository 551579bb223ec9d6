"""Whose votes have changed since a dialogue's last map: a set in memory, and nowhere else.

Stored, it would tell when somebody took part. It is kept for dialogues whose maps are carried on
(``maps/incremental.py``), by the one process that writes their votes, and is gone when that ends.
Of all dialogues it is known whether anybody's have changed since they were last looked at.

Whoever changes votes, or whether they count, marks the people **after** the change is stored:
marked before, they could be taken by a map that does not see the change yet.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable

_lock = threading.Lock()
_touched: dict[int, set[int]] = {}
_stirred: set[int] = set()


def follow(dialogue_id: int) -> None:
    """Begin, or go on, to keep the set of a dialogue."""
    with _lock:
        _touched.setdefault(dialogue_id, set())


def leave(dialogue_id: int) -> None:
    """Keep it no longer: the next map is computed from all votes."""
    with _lock:
        _touched.pop(dialogue_id, None)


def mark(people: Iterable[tuple[int, int]]) -> None:
    """Pairs of dialogue and participant. Who it was is kept for dialogues that are followed."""
    with _lock:
        for dialogue_id, participant in people:
            _stirred.add(dialogue_id)
            if dialogue_id in _touched:
                _touched[dialogue_id].add(participant)


def is_stirred(dialogue_id: int) -> bool:
    return dialogue_id in _stirred


def settle(dialogue_id: int) -> None:
    """From here on, whoever changes their votes stirs the dialogue anew."""
    with _lock:
        _stirred.discard(dialogue_id)


def count(dialogue_id: int) -> int:
    with _lock:
        return len(_touched.get(dialogue_id, ()))


def take(dialogue_id: int) -> set[int] | None:
    """The set, which is empty afterwards; None where the dialogue is not followed."""
    with _lock:
        if dialogue_id not in _touched:
            return None
        taken, _touched[dialogue_id] = _touched[dialogue_id], set()
        return taken


def put_back(dialogue_id: int, people: Collection[int]) -> None:
    """What was taken for a map that was not published."""
    with _lock:
        if dialogue_id in _touched:
            _touched[dialogue_id].update(people)
