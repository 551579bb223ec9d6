"""Appending a record to the log; it waits in the database until the next publication."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from middleground.core import dates
from middleground.ledger import LoggedRecord, write_entry
from middleground.publiclog.models import PendingRecord


def append(record: LoggedRecord, document: bytes | None = None, replaces: str = "") -> None:
    """Queue the record for the next batch; records are logged in the order of the calls.

    Call this in the transaction of the action that the record describes. ``document`` is the file
    that the record names by its hash. ``replaces`` drops the documents of earlier pending records
    of the same name: see ``PendingRecord``.
    """
    if replaces:
        waiting = PendingRecord.objects.filter(replaces=replaces)
        waiting.update(document=None, replaces="")
    PendingRecord.objects.create(entry=write_entry(record), document=document, replaces=replaces)


def stands_since(document: bytes, logged: str, logged_on: date | None) -> str:
    """Since when something stands as it does, for verifiers: the day on which it was logged.

    It is today if that is still to be done. ``logged`` and ``logged_on``: the hash of what was
    logged last, and when.
    """
    if sha256(document).hexdigest() != logged:
        return dates.today().isoformat()
    return logged_on.isoformat() if logged_on else ""
