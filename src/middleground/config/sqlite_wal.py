"""Checkpoints of SQLite's write-ahead log: by one connection at a time, between writes.

By default SQLite makes a checkpoint at the end of some commit, on any connection. In versions
before 3.51.3, a commit that restarts the log during another connection's checkpoint can, very
rarely, lose pages; two threads suffice. So automatic checkpoints are off on all connections of
the server, and nobody can commit during a checkpoint (docs/decisions/0013).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

# In bytes: some seconds of voting on a busy evening. Reads get slower as the log gets longer.
LONG_LOG = 4_000_000

_one_at_a_time = threading.Lock()


def disable_autocheckpoint() -> None:
    """Switch off automatic checkpoints for all connections of this process."""
    connection_created.connect(_disable_on)
    if connection.connection is not None:
        _disable_on(connection)


def _disable_on(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=0")


def shorten_write_ahead_log() -> None:
    """Empty the log if it is long."""
    if connection.vendor != "sqlite":
        return
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    try:
        long = log.stat().st_size > LONG_LOG
    except FileNotFoundError:
        return
    if long:
        empty_write_ahead_log()


def empty_write_ahead_log() -> None:
    """Move SQLite's log into the database and truncate it to one page without personal data.

    The log holds pages in the order of writing, and deleted text; both must not stay there. In the
    database ``secure_delete`` overwrites deleted text. If a long reader, such as a backup, prevents
    the truncation, this does not wait, as that would block votes; the next call tries again.
    """
    if connection.vendor != "sqlite":
        return
    with _one_at_a_time:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor, write_lock_held():
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            other.close()
        _restart_log()


@contextmanager
def write_lock_held() -> Iterator[None]:
    """Hold SQLite's write lock without writing. Raises ``OperationalError`` if it is busy.

    It bypasses Django's transactions, because there is nothing to commit.
    """
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _restart_log() -> None:
    """Restart the log by writing one page.

    The first write after a complete checkpoint restarts the log at its beginning, and
    ``journal_size_limit`` truncates the old content. ``user_version`` is unused and unchanged.
    """
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            number = int(cursor.execute("PRAGMA user_version").fetchone()[0])
            cursor.execute(f"PRAGMA user_version={number}")
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
