"""Empty the database after a test with real transactions, without what Django would do for it.

Django also deletes content types and permissions, and makes them again with a hundred queries. On
PostgreSQL it truncates all tables, each of which gets new files. Some hundred tests need this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from middleground.core import changes

MADE_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _empty_quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_all)
        yield


def _empty_all(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        connection = connections[alias]
        found = connection.introspection.django_table_names(only_existing=True, include_views=False)
        tables = sorted({*found} - MADE_BY_MIGRATIONS)
        if connection.vendor == "postgresql":
            _delete_rows(connection, tables)
            continue
        ops = connection.ops
        ops.execute_sql_flush(ops.sql_flush(no_style(), tables, reset_sequences=False))


def _delete_rows(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    names = [connection.ops.quote_name(table) for table in tables]
    any_rows = [f"SELECT {at} WHERE EXISTS (SELECT FROM {name})" for at, name in enumerate(names)]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # As truncating them does, this waits for what other threads still write.
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(any_rows))
        for (at,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {names[at]}")
    changes.note_written(tables)
