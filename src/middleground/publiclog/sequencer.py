"""Assigning places to entries, first in the database, so that a power cut changes no order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from middleground.core.processes.election import fence
from middleground.publiclog.models import LogEntry, LogState, PendingRecord

_Entry = tuple[bytes, bytes | memoryview | None]  # entry and the document that it names, if any


class Sequencer:
    """Assigns the next free places to entries, while it holds the row lock of ``LogState``."""

    def __init__(self, state: LogState) -> None:
        self._state = state

    def place(self, entries: Sequence[bytes]) -> int:
        """Assign the next places to the entries; return the first of these places."""
        return self._place([(entry, None) for entry in entries])

    def place_pending(self) -> None:
        """Assign places to all pending records, in the order in which they were appended."""
        waiting = list(PendingRecord.objects.order_by("id"))
        self._place([(bytes(each.entry), each.document) for each in waiting])
        PendingRecord.objects.filter(pk__in=[each.pk for each in waiting]).delete()

    def _place(self, entries: Sequence[_Entry]) -> int:
        first = self._state.placed
        LogEntry.objects.bulk_create(
            [
                LogEntry(index=index, entry=entry, document=document)
                for index, (entry, document) in enumerate(entries, start=first)
            ],
            batch_size=1_000,
        )
        self._state.placed += len(entries)
        self._state.save(update_fields=["placed"])
        return first


@contextmanager
def sequencing() -> Iterator[Sequencer]:
    """Context manager: a transaction in which entries get their places.

    Raises ``NotElected`` if another process gives the places now.
    """
    with transaction.atomic():
        fence()
        LogState.objects.get_or_create(pk=1)
        yield Sequencer(LogState.objects.select_for_update().get(pk=1))
