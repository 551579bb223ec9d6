"""Writing the target: tables, rows and the numbers that the database gives out next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from middleground.config.move.ends import SOURCE, TARGET
from middleground.config.move.tables import ROWS_AT_ONCE, Row, RowReader, RunningDigest, TableDigest

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
ORDER BY 1, 2
"""
ForeignKeys = Sequence[tuple[str, str, str]]  # table, name and definition, ready for SQL


def make_tables(readers: Sequence[RowReader]) -> ForeignKeys:
    """Apply all migrations to the target, and delete the rows that they write by themselves.

    Returns the foreign keys, which are dropped while rows are copied: ``add_foreign_keys``.
    """
    call_command("migrate", database=TARGET, interactive=False, verbosity=0)
    target = connections[TARGET]
    dropped = _drop_foreign_keys()
    with target.cursor() as cursor:
        for reader in readers:
            cursor.execute(f"DELETE FROM {target.ops.quote_name(reader.table)}")  # noqa: S608
    return dropped


def _drop_foreign_keys() -> ForeignKeys:
    """Drop PostgreSQL's foreign keys: it would keep two checks in memory for every copied vote.

    SQLite checks nothing meanwhile, because the caller has switched that off.
    """
    if connections[TARGET].vendor != "postgresql":
        return ()
    with connections[TARGET].cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)
        found: ForeignKeys = cursor.fetchall()
        for table, name, _ in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return found


def add_foreign_keys(dropped: ForeignKeys) -> None:
    """Check that every row that is referred to exists. Raises ``IntegrityError``."""
    with connections[TARGET].cursor() as cursor:
        for table, name, definition in dropped:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        if dropped:
            cursor.execute("ANALYZE")
    connections[TARGET].check_constraints()


def copy_rows(reader: RowReader, tell: Callable[[int], None]) -> TableDigest:
    """Copy a table; ``tell`` is called with the number of rows so far."""
    running, convert = RunningDigest(reader), reader.stored(TARGET)
    rows = map(convert, running.passing(reader.rows(SOURCE)))
    target = connections[TARGET]
    write = _write_by_copy if target.vendor == "postgresql" else _write_by_insert
    for batch in write(target, reader, rows):
        tell(batch)
    return running.result


def carry_numbers_on(readers: Sequence[RowReader]) -> None:
    """Let the target give out numbers after the source's last one, also if its row is deleted.

    A dialogue that got the number of a deleted one would find the tombstone of that one's key.
    """
    last = _last_numbers(SOURCE, readers)
    target = connections[TARGET]
    with target.cursor() as cursor:
        for reader in readers:
            if not reader.counted_key:
                continue
            number = max(last.get(reader.table, 0), reader.largest_key(SOURCE))
            if number == 0:
                continue
            if target.vendor == "postgresql":
                sequence = "setval(pg_get_serial_sequence(%s, %s), %s)"
                cursor.execute(f"SELECT {sequence}", [*_column(target, reader), number])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [reader.table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence VALUES (%s, %s)", [reader.table, number]
                )


def _last_numbers(alias: str, readers: Sequence[RowReader]) -> dict[str, int]:
    database = connections[alias]
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {name: int(number) for name, number in cursor.fetchall()}
        found = {}
        for reader in readers:
            if reader.counted_key:
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", _column(database, reader))
                (sequence,) = cursor.fetchone()
                cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
                number, given_out = cursor.fetchone()
                found[reader.table] = int(number) if given_out else 0
        return found


def _column(database: BaseDatabaseWrapper, reader: RowReader) -> list[str]:
    """Table and column as ``pg_get_serial_sequence`` wants them: the table in quotes."""
    return [database.ops.quote_name(reader.table), reader.counted_key]


def _write_by_copy(
    target: BaseDatabaseWrapper, reader: RowReader, rows: Iterator[Row]
) -> Iterator[int]:
    command = f"COPY {_named(target, reader)} FROM STDIN"
    done = 0
    with target.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)
            done += 1
            if done % ROWS_AT_ONCE == 0:
                yield done
    yield done


def _write_by_insert(
    target: BaseDatabaseWrapper, reader: RowReader, rows: Iterator[Row]
) -> Iterator[int]:
    places = ", ".join(["%s"] * len(reader.fields))
    command = f"INSERT INTO {_named(target, reader)} VALUES ({places})"  # noqa: S608
    done = 0
    with target.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(command, batch)
            done += len(batch)
            yield done


def _named(target: BaseDatabaseWrapper, reader: RowReader) -> str:
    """Table and columns, in the order of the row's values."""
    quote = target.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in reader.fields)
    return f"{quote(reader.table)} ({columns})"
