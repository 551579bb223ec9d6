"""Whether the database is of a newer version than this program, which then must not touch it."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.loader import MigrationLoader


class NewerDatabase(Exception):
    """The database has migrations that this program does not know; the message says what to do."""


def refuse_newer_database() -> None:
    """Raise ``NewerDatabase`` if a newer version of the program has been at work on it."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    if unknown := sorted(set(loader.applied_migrations) - set(loader.disk_migrations)):
        app, name = unknown[0]
        raise NewerDatabase(
            f"The database is of a newer middleground: it has {app} {name}, which this one does"
            " not know. Install the newer version again, or restore a backup that this version"
            " made: see “Going back after an update” in docs/hosting.md."
        )
