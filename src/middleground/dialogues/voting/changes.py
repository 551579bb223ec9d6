"""A counter of vote changes for each dialogue, kept in memory only.

If it were stored, it would reveal when somebody took part. It says that votes have changed, never
whose.

The counter is raised **after** the change is stored. If it were raised before, a reader could see
the new number and still read the old votes.

Of several processes on PostgreSQL each tells the others, at most once a second, in which dialogues
votes have changed (``core/processes/notices.py``). Whoever may have missed that takes it that they
have changed everywhere.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

from middleground.core.processes.notices import notices

_TOPIC = "votes"
_lock = threading.Lock()
_changes: Counter[int] = Counter()
_EVERYWHERE = 0  # no dialogue's key


def note_changes(dialogue_ids: Iterable[int]) -> None:
    """Record that votes in these dialogues, or whether they count, have changed.

    Call this after the commit.
    """
    for dialogue_id in dialogue_ids:
        notices.tell(_TOPIC, str(dialogue_id))


def number_of_changes(dialogue_id: int) -> int:
    """A number that differs if votes have changed since it was last read."""
    with _lock:
        return _changes[dialogue_id] + _changes[_EVERYWHERE]


def _count_change(dialogue_id: str) -> None:
    with _lock:
        _changes[int(dialogue_id)] += 1


notices.on(_TOPIC, _count_change)
notices.on_gap(lambda: _count_change(str(_EVERYWHERE)))
