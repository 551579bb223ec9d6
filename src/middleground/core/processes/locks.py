"""The advisory locks on PostgreSQL, all in one place so that no two are the same.

The first number of a lock is ours, the second says which it is. Processes of other versions know
the same numbers, so a lock never gets another.
"""

from __future__ import annotations

Lock = tuple[int, int]

_OURS = 0x6D6964

ELECTED: Lock = _OURS, 1  # held by the session of the elected process
FENCE: Lock = _OURS, 2  # shared by transactions that publish
MIGRATION: Lock = _OURS, 3  # one process at a time migrates the database
TRIGGERS: Lock = _OURS, 4  # one process at a time makes the triggers
WAITING: Lock = _OURS, 5  # one participant at a time takes a place in the waiting line


def term(number: int) -> Lock:
    """The lock of one term of an elected process."""
    return 0x6D6965, number
