"""A counter of vote changes for each dialogue, kept in memory only.

If it were stored, it would reveal when somebody took part. It says that votes have changed, never
whose.

The counter is raised **after** the change is stored. If it were raised before, a reader could see
the new number and still read the old votes.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

_lock = threading.Lock()
_changes: Counter[int] = Counter()


def note_changes(dialogue_ids: Iterable[int]) -> None:
    """Record that votes in these dialogues, or whether they count, have changed."""
    with _lock:
        _changes.update(dialogue_ids)


def number_of_changes(dialogue_id: int) -> int:
    """A number that differs if votes have changed since it was last read."""
    with _lock:
        return _changes[dialogue_id]
