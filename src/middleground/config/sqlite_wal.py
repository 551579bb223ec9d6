"""Moving SQLite's write-ahead log into the database: one connection at a time, between writes.

Left to itself SQLite does this at the end of some commit, on whichever connection. In versions
before 3.51.3 a commit that starts the log anew during another connection's checkpoint can, very
rarely, lose pages; two threads suffice for it. So no connection of the server does it by itself,
and the one that does keeps everybody else from committing meanwhile (docs/decisions/0013).
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

# At the rate of a busy evening, some seconds' worth; reading slows down with the log's length.
LONG_LOG = 4_000_000

_one_at_a_time = threading.Lock()


def leave_to_us() -> None:
    """From here on no connection of this process moves the log by itself."""
    connection_created.connect(_never_by_itself)
    if connection.connection is not None:
        _never_by_itself(connection)


def _never_by_itself(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=0")


def shorten_write_ahead_log() -> None:
    """Empty the log if it has become long."""
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
    """Move SQLite's log into the database and cut it to one page that tells of nobody.

    The log holds pages in the order in which they were written, deleted text among them. Now and
    then both are gone from it; in the database ``secure_delete`` overwrites what was deleted.
    Readers are not waited for, so that a long one (a backup) holds up no vote: next time, then.
    """
    if connection.vendor != "sqlite":
        return
    with _one_at_a_time:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor, nobody_commits():
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            other.close()
        _begin_anew()


@contextmanager
def nobody_commits() -> Iterator[None]:
    """Hold SQLite's one right to write without writing. Raises ``OperationalError`` if it is busy.

    Not a transaction of Django's: there is nothing to commit.
    """
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _begin_anew() -> None:
    """Write one harmless page.

    The first write after a complete checkpoint starts the log at its beginning, and
    ``journal_size_limit`` cuts off what the log had before. The number is not used for anything and
    stays as it was.
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
