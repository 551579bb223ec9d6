"""Stores exposures: what the selector dealt, and what its probabilities predicted."""

from __future__ import annotations

from django.db import connection, transaction

from middleground.dialogues.models import Statement, StatementExposureCount
from middleground.dialogues.voting.dealing import StatementPools

_TABLE = StatementExposureCount._meta.db_table
_ADD = (
    f"INSERT INTO {_TABLE} AS e (statement_id, dealt, expected) VALUES (%s, %s, %s)"  # noqa: S608
    " ON CONFLICT (statement_id) DO UPDATE SET"
    " dealt = e.dealt + excluded.dealt, expected = e.expected + excluded.expected"
)


def store_exposures(pools: StatementPools) -> None:
    """Add what was dealt since the last call. A killed server loses a few seconds of it."""
    taken = pools.take_exposures()
    if not taken:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # A statement may have been deleted with its dialogue.
        there = set(Statement.objects.filter(pk__in=taken).values_list("pk", flat=True))
        rows = [(s, e.dealt, e.expected) for s, e in sorted(taken.items()) if s in there]
        cursor.executemany(_ADD, rows)
