"""The two databases of a move: opened, and refused unless nothing else uses or fills them."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from middleground.config import environment
from middleground.config.move.tables import FILLED_BY_MIGRATE, RowReader, row_readers
from middleground.core.processes.versions import SWITCHED
from middleground.dialogues.models.texts.search_index import index_of

SOURCE, TARGET = DEFAULT_DB_ALIAS, "target"
SQLITE = "sqlite"
MIGRATIONS = "django_migrations"
WAIT_SECONDS = 5.0

# Autovacuum has no user; a parallel worker or a replica's sender is not a client.
_OTHERS = """
SELECT DISTINCT usename, application_name FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
AND coalesce(backend_type, 'client backend') = 'client backend' ORDER BY 1, 2
"""


class CannotMove(Exception):
    """The target is as it was before; the message says why and what to do."""


def open_target(address: str) -> None:
    """Make the connection ``target`` for an address. Raises ``CannotMove`` for a wrong one."""
    try:
        url = "" if address == SQLITE else urlsplit(address).geturl()
        if address != SQLITE and not url:
            raise ValueError
        found = environment.database(url, Path(settings.DATA))
    except (environment.Misconfigured, ValueError):
        raise CannotMove(
            "The address must look like postgresql://user@host:port/name, or be the word sqlite."
        ) from None
    source = connections[SOURCE]
    if source.settings_dict["ENGINE"] != found["ENGINE"]:
        databases = connections.configure_settings({SOURCE: {}, TARGET: found})
        connections.settings[TARGET] = databases[TARGET]
        return
    if source.vendor == "sqlite":
        raise CannotMove(
            f"The database is SQLite already. {environment.DATABASE_URL.name} is empty; to move"
            " from PostgreSQL back to SQLite, set it to PostgreSQL's address."
        )
    raise CannotMove(
        "The database is PostgreSQL already, and its own tools move it to another server: pg_dump,"
        " then pg_restore. docs/hosting.md has the lines."
    )


def shown(address: str) -> str:
    """Return the address as the setting needs it, with a word in place of its password."""
    if address == SQLITE:
        return ""
    parts = urlsplit(address)
    if parts.password is None:
        return address
    user, _, rest = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:PASSWORD@{rest}"))


def file_of(database: BaseDatabaseWrapper) -> Path:
    """The file of a database on SQLite."""
    return Path(str(database.settings_dict["NAME"]))


def name_of(database: BaseDatabaseWrapper) -> str:
    if database.vendor == "sqlite":
        return str(file_of(database))
    return f"PostgreSQL's database {database.settings_dict['NAME']}"


def refuse_unready_source() -> None:
    """Raise ``CannotMove`` unless the source exists and has exactly our migrations."""
    source = connections[SOURCE]
    if source.vendor == "sqlite" and not file_of(source).is_file():
        raise CannotMove(
            f"There is no {file_of(source)}. Is {environment.DATA.name} set as for the service?"
        )
    _refuse_unknown_migrations(source)
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotMove(
            f"{name_of(source)} is not up to date with this version of middleground. Start the"
            " server once, stop it, then run this again."
        )


def refuse_full_target() -> None:
    """Raise ``CannotMove`` unless the target has no tables, or only ours, without rows."""
    target = connections[TARGET]
    if target.vendor == "sqlite" and not file_of(target).exists():
        return
    _refuse_other_encoding(target)
    if foreign := unknown_tables(target):
        raise CannotMove(
            f"{name_of(target)} has tables that are not middleground's ({', '.join(foreign)})."
            " Make an empty database."
        )
    _refuse_unknown_migrations(target)
    found = set(target.introspection.table_names())
    for reader in row_readers():
        if reader.table in found - FILLED_BY_MIGRATE and reader.has_rows(TARGET):
            raise CannotMove(
                f"{name_of(target)} holds data already (in {reader.table}). Nothing there is"
                " replaced: make an empty database, or delete the old one if nobody needs it."
            )


def unknown_tables(database: BaseDatabaseWrapper) -> list[str]:
    """Tables that no model describes, besides those of Django's migrations and of the search."""
    ours = {reader.table for reader in row_readers()}
    found = set(database.introspection.table_names()) - ours - {MIGRATIONS}
    search = tuple(index_of(table) for table in ours)
    return sorted(name for name in found if not name.startswith(search))


def refuse_company() -> None:
    """Raise ``CannotMove`` if another program is connected to the database on PostgreSQL.

    On SQLite the writer's lock does this. A connection that is just ending is waited for.
    """
    database = next(each for each in _both() if each.vendor == "postgresql")
    end = time.monotonic() + WAIT_SECONDS
    while others := _others(database):
        if time.monotonic() > end:
            who = ", ".join(f"{name or 'no name'} as {user}" for user, name in others)
            raise CannotMove(
                f"Another program is connected to {name_of(database)} ({who}). Stop the server and"
                " close other programs on it, then run this again."
            )
        time.sleep(0.2)


def lock_source(readers: list[RowReader]) -> None:
    """Hold others off the source until the transaction ends; it must have begun already.

    On SQLite the transaction itself does, as it begins with the right to write.
    """
    source = connections[SOURCE]
    if source.vendor == "postgresql":
        names = ", ".join(source.ops.quote_name(reader.table) for reader in readers)
        with source.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{int(WAIT_SECONDS * 1000)}'")
            cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")


def _both() -> tuple[BaseDatabaseWrapper, BaseDatabaseWrapper]:
    return connections[SOURCE], connections[TARGET]


def _others(database: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # within a transaction it would not change
        cursor.execute(_OTHERS)
        return list(cursor.fetchall())


def _refuse_unknown_migrations(database: BaseDatabaseWrapper) -> None:
    loader = MigrationExecutor(database).loader
    if unknown := sorted(set(loader.applied_migrations) - set(loader.disk_migrations or ())):
        app, name = unknown[0]
        if app in SWITCHED:
            raise CannotMove(f"Set {environment.OPENID.name}, or its tables would be left behind.")
        raise CannotMove(
            f"{name_of(database)} is of a newer middleground (it has {app} {name}). Update first."
        )


def _refuse_other_encoding(target: BaseDatabaseWrapper) -> None:
    if target.vendor != "postgresql":
        return
    with target.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise CannotMove(
            f"{name_of(target)} keeps texts as {encoding}, which has not all letters. Make it with"
            " createdb --encoding UTF8 --template template0."
        )
