"""The doctor's checks that need Django: database, static files, staff."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import NotSupportedError

from middleground.config.doctor.checks import CheckResult, CheckResults, Level

SUBJECT = "Database"
START = "Start the server once; it does this by itself."
# With other values a power cut can lose an acknowledged vote.
POSTGRES_DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}
# With other values the database records when a participant voted, and the vote.
POSTGRES_SILENT = {
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "track_commit_timestamp": {"off"},
}
SYNCHRONOUS_FULL = 2
# Older release lines that have the fix of 3.51.3.
MENDED = {(3, 50): (3, 50, 7), (3, 44): (3, 44, 6)}


def check_connection() -> CheckResults:
    """Check that the database exists, answers and has all migrations."""
    if connection.vendor == "sqlite":
        file = Path(str(settings.DATABASES["default"]["NAME"]))
        if not file.exists():
            yield CheckResult(Level.MEND, SUBJECT, f"There is no {file} yet. {START}", True)
            return
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, NotSupportedError) as trouble:
        yield CheckResult(Level.MEND, SUBJECT, f"It does not answer: {trouble}".strip(), True)
        return
    if waiting:
        yield CheckResult(
            Level.MEND, SUBJECT, f"{len(waiting)} migrations are not applied. {START}", True
        )
        return
    yield CheckResult(Level.OK, SUBJECT, f"{connection.display_name}, up to date.")


def check_durability() -> CheckResults:
    """Check that acknowledged votes survive a power cut and that deleted data are erased."""
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgres()


def _sqlite() -> CheckResults:
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        erases = cursor.execute("PRAGMA secure_delete").fetchone()[0]
    version = sqlite3.sqlite_version
    if mode != "wal":
        message = f"Its journal mode is {mode}, not wal: reads would wait for votes."
        yield CheckResult(Level.MEND, "SQLite", f"{message} Is the data folder on a network disk?")
    if synchronous != SYNCHRONOUS_FULL or not erases:
        yield CheckResult(Level.MEND, "SQLite", "synchronous must be FULL and secure_delete on.")
    yield CheckResult(Level.OK, "SQLite", f"Version {version}, journal {mode}.{_known_fault()}")


def _known_fault() -> str:
    """Describe a fault of this version of SQLite, which the server avoids (decision 0013)."""
    found = sqlite3.sqlite_version_info
    if found >= (3, 51, 3) or (found[:2] in {(3, 50), (3, 44)} and found >= MENDED[found[:2]]):
        return ""
    return " It may lose pages if several programs write at once, so only middleground should."


def _postgres() -> CheckResults:
    subject = "PostgreSQL"
    names = [*POSTGRES_DURABLE, *POSTGRES_SILENT]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
        found = dict(cursor.fetchall())
    yield from judge_postgres(found)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        yield CheckResult(Level.OK, subject, f"Version {cursor.fetchone()[0]}.")


def judge_postgres(found: dict[str, str]) -> CheckResults:
    """Check the settings above; ``found`` maps their names to the server's values."""
    for wanted, why in (
        (POSTGRES_DURABLE, "a power cut could lose acknowledged votes"),
        (POSTGRES_SILENT, "its log or rows would tell when somebody voted"),
    ):
        for name, good in wanted.items():
            value = found.get(name)
            if value is not None and value not in good:
                message = f"{name} is {value}: {why}. Set it to {' or '.join(sorted(good))}."
                yield CheckResult(Level.MEND, "PostgreSQL", message)


def check_static_files() -> CheckResults:
    subject = "Static files"
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield CheckResult(Level.MEND, subject, f"They are not collected. {START}")
        return
    yield CheckResult(Level.OK, subject, "Collected.")


def check_staff(local: bool) -> CheckResults:
    """Check that a facilitator exists and that all staff have a second factor."""
    from allauth.mfa.models import Authenticator

    from middleground.people.models import User

    subject = "Staff"
    active = User.objects.filter(is_active=True)
    facilitators = active.filter(role=User.Role.FACILITATOR).count()
    if not facilitators:
        message = "Nobody may make dialogues. Run: middleground create-admin"
        yield CheckResult(Level.MEND, subject, message)
        return
    protected = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    bare = active.exclude(pk__in=protected.values("user")).count()
    if bare:
        message = (
            f"{bare} of {active.count()} sign in with a password alone. Let them add a passkey or "
            "an authenticator app, under Account on the desk."
        )
        yield CheckResult(Level.ADVICE if local else Level.MEND, subject, message)
        return
    yield CheckResult(Level.OK, subject, f"{active.count()}, each with a second factor.")
