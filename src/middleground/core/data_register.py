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
        _("Lists that the software needs"),
        Subject.MACHINE,
        {
            "django_content_type": "id app_label model",
            "auth_permission": "id name content_type_id codename",
            "auth_group": "id name",
            "auth_group_permissions": "id group_id permission_id",
            "django_migrations": "id app name applied",
            "sqlite_sequence": "name seq",
        },
        _("As long as the site runs."),
        _("When it was updated, and how many rows of each kind it ever had."),
        NO_MORE,
    ),
    StoredData(
        _("The site's name, its logo and its accent color"),
        Subject.PUBLIC,
        {
            "core_sitelook": "id site_name host_name accent logo logo_hash logo_width logo_height"
            " logo_plate name_beside"
        },
        _("Until the host changes it."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("Background jobs that are failing now"),
        Subject.MACHINE,
        {"core_jobtrouble": "id job about cause error times since last_at"},
        _("Until the job works again."),
        _("Which job fails, how often, since when, and why. Never what anybody wrote or did."),
        NO_MORE,
    ),
    StoredCookie(
        settings.CSRF_COOKIE_NAME,
        Subject.YOURS,
        _(
            "A random number from pages with a form. It shows that the form is ours. It leads "
            "to nothing."
        ),
        _("Until the browser closes, or “Forget me here”."),
    ),
    StoredFile(
        "middleground.sqlite3",
        False,
        _("The database"),
        _("Everything above. SQLite overwrites what was deleted."),
    ),
    StoredFile(
        "middleground.sqlite3-wal",
        False,
        _("The database’s log"),
        _("Which numbers voted in about the last twenty seconds, in order."),
    ),
    StoredFile(
        "middleground.sqlite3-shm", False, _("An index of that log"), _("Nothing by itself.")
    ),
    StoredFile(
        "before-restore-*/*",
        False,
        _("The state before a backup was restored, until the host deletes it"),
        _("Everything the database held then, even what was deleted since."),
    ),
    StoredFile(
        "other-address.json",
        False,
        _("The site’s address, if the settings name a wrong one"),
        _("How often it was used since the server started. Nothing about visitors."),
    ),
    StoredFile("writer.lock", False, _("A mark that a server is running"), _("Nothing.")),
    StoredFile("static/*", False, _("Styles and scripts"), _("What everyone can download.")),
    StoredFile(
        "secret.key", True, _("The secret for staff sessions and forms"), _("See sessions, above.")
    ),
    # Logs and backups are kept by the host's machine, not by this software or its tables.
    StoredElsewhere(
        _("Log of the server"),
        _(
            "Starts, stops and errors. No visits, nothing that anybody sent. The host’s proxy "
            "must not log visits either."
        ),
    ),
    StoredElsewhere(
        _("Backups"),
        _(
            "Everything the database held that day, even what was deleted since. They must "
            "not hold the keys. Ask the host how long they stay."
        ),
    ),
    StoredElsewhere(
        _("Memory of the server"),
        _(
            "While it runs: votes, keys, and, to limit rates, a hash of part of the address, "
            "gone when the program ends. Whoever controls the running server can see all of it."
        ),
    ),
)
