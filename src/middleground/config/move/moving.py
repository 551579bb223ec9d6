"""A whole move: refuse, copy, compare, and only then commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections, transaction
from django.db.utils import Error

from middleground.config import writer_lock
from middleground.config.move import ends
from middleground.config.move.ends import SOURCE, TARGET, CannotMove
from middleground.config.move.fill import (
    add_foreign_keys,
    carry_numbers_on,
    copy_rows,
    make_tables,
)
from middleground.config.move.log import LogComparison, compare_log
from middleground.config.move.tables import RowReader, TableDigest, row_readers

Tell = Callable[[str, int], None]  # what is done, and with how many rows so far


@dataclass(frozen=True, slots=True)
class TablePair:
    """The rows of one table in both databases, counted after the copy."""

    table: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class MoveSummary:
    """A move that was compared and committed."""

    source: str
    target: str
    tables: tuple[TablePair, ...]
    left_out: tuple[str, ...]
    log: LogComparison


def move(address: str, begin: Callable[[int], None], tell: Tell) -> MoveSummary:
    """Move all data to another database.

    ``begin`` is told how many rows there are to pass: each twice, copied and compared. Raises
    ``CannotMove``; the target is then as it was before.
    """
    os.umask(0o077)  # only this account may read SQLite's files
    with _trouble_in_words():
        ends.open_target(address)
        ends.refuse_unready_source()
        writer_lock.take_folder(Path(settings.DATA))
        ends.refuse_company()
        ends.refuse_full_target()
        _refuse_bad_log(SOURCE, "Before anything was copied: ")
        summary = _move_in_transactions(begin, tell)
        connections[TARGET].close()  # SQLite's write-ahead log becomes part of its file
    return summary


def _move_in_transactions(begin: Callable[[int], None], tell: Tell) -> MoveSummary:
    source, target, readers = connections[SOURCE], connections[TARGET], row_readers()
    # SQLite's foreign key checks cannot be switched off within a transaction.
    with (
        transaction.atomic(using=SOURCE),
        target.constraint_checks_disabled(),
        transaction.atomic(using=TARGET),
    ):
        ends.lock_source(readers)
        begin(2 * sum(reader.count(SOURCE) for reader in readers))
        foreign_keys = make_tables(readers)
        before = {reader: _copy_table(reader, tell) for reader in readers}
        add_foreign_keys(foreign_keys)
        carry_numbers_on(readers)
        tables = tuple(_compare_table(reader, before[reader], tell) for reader in readers)
        log = _refuse_bad_log(TARGET, "After the copy: ")
        ends.refuse_company()
        left_out = tuple(ends.unknown_tables(source))
        names = ends.name_of(source), ends.name_of(target)
    return MoveSummary(*names, tables, left_out, log)


def _copy_table(reader: RowReader, tell: Tell) -> TableDigest:
    """Copy one table. Raises ``CannotMove``, which names it, if a value does not fit."""
    try:
        return copy_rows(reader, _told(tell, "Copying", reader))
    except (Error, psycopg.Error) as error:
        raise CannotMove(f"{reader.table} cannot be copied: {_in_words(error)}") from None


def _compare_table(reader: RowReader, before: TableDigest, tell: Tell) -> TablePair:
    """Read the copied table again. Raises ``CannotMove`` if it differs from what was read."""
    after = reader.digest(TARGET, _told(tell, "Comparing", reader))
    if before != after:
        what = f"{before.rows} rows there, {after.rows} here"
        raise CannotMove(
            f"The copy of {reader.table} differs from it:"
            f" {what if before.rows != after.rows else 'a row has other values'}. Please report it."
        )
    return TablePair(reader.table, before.rows, after.rows)


def _refuse_bad_log(alias: str, when: str) -> LogComparison:
    log = compare_log(alias)
    if log.trouble:
        raise CannotMove(
            f"{when}{log.trouble}. See “Trouble” in docs/ledger.md; is the data folder complete?"
        )
    return log


def _told(tell: Tell, verb: str, reader: RowReader) -> Callable[[int], None]:
    return lambda rows: tell(f"{verb} {reader.table}", rows)


@contextmanager
def _trouble_in_words() -> Iterator[None]:
    """Raise errors of databases and disk as ``CannotMove``."""
    try:
        yield
    except (Error, psycopg.Error) as error:
        raise CannotMove(_in_words(error)) from None
    except OSError as error:
        raise CannotMove(str(error)) from None
    except writer_lock.AnotherWriter as error:
        raise CannotMove(str(error)) from None


def _in_words(error: Exception) -> str:
    """The first line of an error; PostgreSQL quotes rows in the others."""
    origin = error if isinstance(error, psycopg.Error) else error.__cause__
    primary = origin.diag.message_primary if isinstance(origin, psycopg.Error) else None
    return (primary or str(error)).strip()
