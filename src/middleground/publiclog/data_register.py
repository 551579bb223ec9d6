"""The stored data of the public log: entries that are not published yet, and its files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, StoredFile, Subject, register

register(
    StoredData(
        _("Entries that wait for the public log"),
        Subject.PUBLIC,
        {
            "publiclog_pendingrecord": "id entry document replaces",
            "publiclog_logentry": "index entry document",
            "publiclog_logstate": "id placed signed verifier damage",
        },
        _("Until the next batch."),
        _("What the log soon shows."),
        NO_MORE,
    ),
    StoredFile("ledger/*", False, _("The public log"), _("What everyone can download.")),
    StoredFile(
        "ledger.key",
        True,
        _("The key that signs the public log"),
        _("Nothing about anybody, but it can sign a false log."),
    ),
    StoredFile(
        "ledger.signed-*",
        True,
        _("How far the public log is signed"),
        _("What the log shows."),
    ),
    StoredFile(
        "ledger.name",
        True,
        _("The public log's name"),
        _("What the log shows."),
    ),
)
