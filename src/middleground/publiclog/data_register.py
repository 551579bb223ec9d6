"""The stored data of the public log: entries that are not published yet, and its files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredData, StoredFile, Subject, register

register(
    StoredData(
        _("The public log on its way: waiting entries, and how far it is"),
        Subject.PUBLIC,
        {
            "publiclog_pendingrecord": "id entry document replaces",
            "publiclog_logentry": "index entry document",
            "publiclog_logstate": "id placed signed verifier damage",
        },
        _("Until the next batch."),
        _("What everyone can soon read in the log."),
        NO_MORE,
    ),
    StoredFile("ledger/*", False, _("The public log"), _("What everyone can download.")),
    StoredFile(
        "ledger.key",
        True,
        _("The key that signs the public log"),
        _("Nothing about anybody. Whoever has it can sign a false log."),
    ),
    StoredFile(
        "ledger.signed-*",
        True,
        _("How far the public log is signed, so that it is never signed twice"),
        _("A number and a hash that everyone can read in the log."),
    ),
    StoredFile(
        "ledger.name",
        True,
        _("The public log's name"),
        _("The first address of this site. Everyone can read it in the log."),
    ),
)
