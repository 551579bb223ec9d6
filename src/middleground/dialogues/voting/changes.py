"""In which dialogues votes have changed: a counter for each, in memory and nowhere else.

Stored, it would tell when somebody took part. It says that votes have changed, never whose.

The counter is raised **after** the change is stored. Raised before, a reader could see the new
number and still read the old votes.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

_lock = threading.Lock()
_changes: Counter[int] = Counter()


def note_changes(dialogue_ids: Iterable[int]) -> None:
    """Somebody's votes in these dialogues have changed, or whether they count."""
    with _lock:
        _changes.update(dialogue_ids)


def number_of_changes(dialogue_id: int) -> int:
    """A number that is another one whenever votes have changed since it was read."""
    with _lock:
        return _changes[dialogue_id]
