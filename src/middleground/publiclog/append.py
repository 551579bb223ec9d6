"""Appending a record to the log: it waits in the database until the log grows."""

from __future__ import annotations

from middleground.ledger import LoggedRecord, write_entry
from middleground.publiclog.models import PendingRecord


def append(record: LoggedRecord, document: bytes | None = None, replaces: str = "") -> None:
    """Let the record go into the log with the next batch, in the order of the calls.

    Call it in the transaction of the act that the record is about. ``document`` is the file that
    the record names by its hash. With ``replaces``, documents of earlier records of the same name
    that still wait are dropped: see ``PendingRecord``.
    """
    if replaces:
        waiting = PendingRecord.objects.filter(replaces=replaces)
        waiting.update(document=None, replaces="")
    PendingRecord.objects.create(entry=write_entry(record), document=document, replaces=replaces)
