"""Django's SQLite connection through apsw, so that the product's statements run on a test disk.

Python's sqlite3 module cannot use a file layer written in Python. apsw can, with its own version
of SQLite; the product's own SQLite opens the resulting files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import apsw
from django.db import connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, DatabaseWrapper

from middleground.config.environment import database


@contextmanager
def as_sqlite3_says() -> Iterator[None]:
    """Convert apsw's errors to those of the module that Django knows."""
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except (apsw.FullError, apsw.IOError, apsw.BusyError, apsw.CantOpenError) as error:
        raise sqlite3.OperationalError(str(error)) from error
    except apsw.Error as error:
        raise sqlite3.DatabaseError(str(error)) from error


class Cursor:
    """The parts of a DB-API cursor that Django uses."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.rowcount = -1

    def execute(self, query: str, params: Sequence[Any] | None = None) -> Cursor:
        if params is not None:
            query = FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
        before = self._connection.total_changes()
        with as_sqlite3_says():
            self._cursor.execute(query, tuple(map(_plain, params or ())))
        self.rowcount = self._connection.total_changes() - before
        return self

    def executemany(self, query: str, many: Iterable[Sequence[Any]]) -> Cursor:
        for params in many:
            self.execute(query, params)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        with as_sqlite3_says():
            return self._cursor.fetchone()

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        rows = [self.fetchone() for _ in range(size)]
        return [row for row in rows if row is not None]

    def fetchall(self) -> list[tuple[Any, ...]]:
        with as_sqlite3_says():
            return list(self._cursor.fetchall())

    def close(self) -> None:
        self._cursor.close()

    @property
    def lastrowid(self) -> int:
        return self._connection.last_insert_rowid()


def _plain(value: Any) -> Any:
    """The value as Python's sqlite3 module stores it."""
    return str(value) if isinstance(value, date) else value


class Connection:
    """The parts of a DB-API connection that Django uses. ``isolation_level`` has no effect."""

    isolation_level: str | None = None

    def __init__(self, name: str, vfs: str) -> None:
        self.apsw = apsw.Connection(name, vfs=vfs)

    def execute(self, query: str) -> Cursor:
        return Cursor(self.apsw).execute(query)

    def commit(self) -> None:
        if self.apsw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.apsw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        with as_sqlite3_says():
            self.apsw.close()


class ApswWrapper(DatabaseWrapper):
    """Django's own wrapper on an apsw connection."""

    vfs = ""
    extra = ""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        found = Connection(str(conn_params["database"]), self.vfs)
        commands = ";".join(self.init_commands)
        for command in f"PRAGMA foreign_keys=ON;{commands};{self.extra}".split(";"):
            if command.strip():
                found.execute(command)
        return found

    def create_cursor(self, name: str | None = None) -> Cursor:  # noqa: ARG002
        return Cursor(self.connection.apsw)


@contextmanager
def django_over_apsw(name: str, vfs: str, extra: str = "") -> Iterator[ApswWrapper]:
    """In the block Django's connection uses this file, with the product's settings.

    ``extra``: PRAGMAs after the product's own.
    """
    before = connections["default"]
    options = database("", Path(name).parent)["OPTIONS"]
    wrapper = ApswWrapper({**before.settings_dict, "NAME": name, "OPTIONS": options})
    wrapper.vfs, wrapper.extra = vfs, extra
    connections["default"] = wrapper
    try:
        yield wrapper
    finally:
        connections["default"] = before
        wrapper.close()
