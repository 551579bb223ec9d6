"""Whether the database is of a newer version than this program, which then must not touch it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.loader import MigrationLoader

# Apps that a setting switches on. Their tables stay when it is unset, and then nothing uses them.
SWITCHED = frozenset({"socialaccount"})


class NewerDatabase(Exception):
    """The database has migrations that this program does not know; the message says what to do."""


def unknown_migrations(
    applied: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """App and name of the migrations that a newer version has made."""
    return sorted({each for each in applied if each[0] not in SWITCHED} - set(known))


def refuse_newer_database() -> None:
    """Raise ``NewerDatabase`` if a newer version of the program has been at work on it."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    if unknown := unknown_migrations(loader.applied_migrations, loader.disk_migrations):
        app, name = unknown[0]
        raise NewerDatabase(
            f"The database is of a newer middleground: it has {app} {name}, which this one does"
            " not know. Install the newer version again, or restore a backup that this version"
            " made: see “Going back after an update” in docs/hosting.md."
        )
