"""The doctor's checks of SQLite: its version, and how it keeps and erases."""

from __future__ import annotations

import sqlite3

from django.db import connection

from middleground.config.doctor.messages import Messages, critical, error, well

SUBJECT = "SQLite"
OLDEST = (3, 34, 0)  # has the trigram tokenizer of FTS5, which the search uses
SYNCHRONOUS_FULL = 2
# Older release lines that have the fix of 3.51.3.
MENDED = {(3, 50): (3, 50, 7), (3, 44): (3, 44, 6)}


def check_sqlite_version() -> Messages:
    """Check that this SQLite can hold the database. Needs no Django settings."""
    yield from judge_sqlite_version(sqlite3.sqlite_version_info)


def judge_sqlite_version(version: tuple[int, int, int]) -> Messages:
    if version < OLDEST:
        message = f"Version {_dotted(version)} is older than {_dotted(OLDEST)}:"
        message += " it cannot index texts."
        hint = "Use a Python with a newer SQLite, or PostgreSQL: docs/hosting.md."
        yield critical(37, SUBJECT, message, hint)


def _dotted(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))


def check_sqlite() -> Messages:
    """Check the database's settings. Needs an open database."""
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        erases = cursor.execute("PRAGMA secure_delete").fetchone()[0]
    if mode != "wal":
        message = f"Its journal mode is {mode}, not wal: reads would wait for votes."
        yield error(44, SUBJECT, message, "Is the data folder on a network disk?")
    if synchronous != SYNCHRONOUS_FULL or not erases:
        yield error(45, SUBJECT, "synchronous must be FULL and secure_delete on.")
    version = sqlite3.sqlite_version
    yield well(46, SUBJECT, f"Version {version}, journal {mode}.{_known_fault()}")


def _known_fault() -> str:
    """Describe a fault of this version of SQLite, which the server avoids (decision 0013)."""
    found = sqlite3.sqlite_version_info
    if found >= (3, 51, 3) or (found[:2] in {(3, 50), (3, 44)} and found >= MENDED[found[:2]]):
        return ""
    return " It may lose pages if several programs write at once, so only middleground should."
