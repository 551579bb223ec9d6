"""The stored data of the installation itself: database file, lock, secret, Django's tables."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import (
    NO_MORE,
    StoredCookie,
    StoredData,
    StoredElsewhere,
    StoredFile,
    Subject,
    register,
)

register(
    StoredData(
        _("Lists that the software itself needs"),
        Subject.MACHINE,
        {
            "django_content_type": "id app_label model",
            "auth_permission": "id name content_type_id codename",
            "auth_group": "id name",
            "auth_group_permissions": "id group_id permission_id",
            "django_migrations": "id app name applied",
            "sqlite_sequence": "name seq",
        },
        _("As long as the installation."),
        _("When the software was updated, and how many rows of each kind there ever were."),
        NO_MORE,
    ),
    StoredData(
        _("Background jobs of the server that fail at the moment"),
        Subject.MACHINE,
        {"core_jobtrouble": "id job about cause error times since last_at"},
        _("Until the job works again."),
        _(
            "Which job fails, with which dialogue, how often and since when, and the kind of the"
            " fault; never what anybody wrote or did."
        ),
        NO_MORE,
    ),
    StoredCookie(
        settings.CSRF_COOKIE_NAME,
        Subject.YOURS,
        _(
            "Another random number, from pages with a form. It shows that a form was sent from our"
            " page and not from another site. It leads to nothing, and we store it nowhere."
        ),
        _("Until you close the browser, or press “Forget me here”."),
    ),
    StoredFile(
        "middleground.sqlite3",
        False,
        _("The database"),
        _("What stands above, and nothing that was deleted: SQLite overwrites it."),
    ),
    StoredFile(
        "middleground.sqlite3-wal",
        False,
        _("The database's log of the last seconds"),
        _(
            "The last changes in the order in which they came: which numbers voted in the last"
            " twenty seconds or so. It is emptied that often."
        ),
    ),
    StoredFile(
        "middleground.sqlite3-shm", False, _("An index of that log"), _("Nothing by itself.")
    ),
    StoredFile(
        "before-restore-*/*",
        False,
        _("What was here before an older backup was restored, until the host deletes it"),
        _("What the database held then, also what was deleted since."),
    ),
    StoredFile(
        "other-address.json",
        False,
        _("By which other address visitors ask for the site, if the settings name a wrong one"),
        _("That address of the site, and how often since the server started; of visitors nothing."),
    ),
    StoredFile("writer.lock", False, _("A mark that a server runs"), _("Nothing.")),
    StoredFile("static/*", False, _("Styles and scripts"), _("What everyone can download.")),
    StoredFile(
        "secret.key", True, _("The secret of staff sessions and forms"), _("See sessions, above.")
    ),
    # Logs and backups are kept by the host's machine, not by this software or its tables.
    StoredElsewhere(
        _("Log of the server"),
        _(
            "Starts, stops and faults, by the place in the program, and never what anybody sent."
            " The software writes no log of visits; the host's proxy must not either."
        ),
    ),
    StoredElsewhere(
        _("Backups"),
        _(
            "What the database held on that day, so also votes and texts that were deleted since."
            " They must not hold the keys. How long the host keeps them, the host says."
        ),
    ),
    StoredElsewhere(
        _("Memory of the server"),
        _(
            "While it runs: votes, keys, and for rate limits a hash of a part of the address with a"
            " key that dies with the process. Whoever controls the running server sees all of it."
        ),
    ),
)
