"""What the database's tables were read for, and whether they have changed since.

Everything that is kept in memory and made from the database needs to know when it is out of date.
So each statement that Django sends is looked at: a table that it writes gets a new version when the
transaction commits, and a table that it reads is noted for whoever asked (``reads_noted``). Nothing
has to be declared, and a bulk write or raw SQL cannot be forgotten. Cookies and the time are noted
by those who read them.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model

_NAME = r'(?:ONLY\s+)?"?([A-Za-z_]\w*)"?'
_WRITTEN = re.compile(
    r"\b(?:INTO|(?<!FOR )(?<!DO )UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+" + _NAME,
    re.IGNORECASE,
)
_READ = re.compile(r"(?<!DELETE )\b(?:FROM|JOIN)\s+" + _NAME, re.IGNORECASE)
_BEGINS_WRITING = re.compile(r"\s*(?:INSERT|REPLACE|UPDATE|DELETE|TRUNCATE|WITH)\b", re.IGNORECASE)


@dataclass(slots=True)
class Reads:
    """What something was made from: tables, cookies, and the moment at which it is out of date."""

    tables: set[str] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)
    until: datetime | None = None


_reads: ContextVar[Reads | None] = ContextVar("reads", default=None)
_versions: Counter[str] = Counter()
_ALL = ""  # has a version too: it changes when any table may have changed
_untold: set[str] = set()
_lock = threading.Lock()


@contextmanager
def reads_noted() -> Iterator[Reads]:
    """Note what the block reads in this thread."""
    reads = Reads()
    before = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(before)


@contextmanager
def noted_as(model: type[Model]) -> Iterator[None]:
    """Note a read of this table instead of those that the block reads.

    For what changes only together with rows of that table, while the tables that are read are
    written more often than that. A page that is made anew takes longer to answer, so it must not
    be made anew because of what somebody did who takes part.
    """
    with reads_noted():
        yield
    reads = _reads.get()
    if reads is not None:
        reads.tables.add(model._meta.db_table)


def note_cookie(name: str) -> None:
    """Say that the answer depends on this cookie."""
    reads = _reads.get()
    if reads is not None:
        reads.cookies.add(name)


def note_until(moment: datetime | None) -> None:
    """Say that the answer changes at this moment by itself."""
    reads = _reads.get()
    if reads is not None and moment is not None:
        reads.until = min(moment, reads.until or moment)


def note_written(tables: Iterable[str]) -> None:
    """Give the tables a new version. Transactions of this process do so when they commit."""
    with _lock:
        _versions.update(set(tables))


def note_all_written() -> None:
    """Give all tables a new version, because writes may have been missed."""
    note_written([_ALL])


def leave_untold(*models: type[Model]) -> None:
    """Do not tell other processes of writes of these tables, since every vote writes them."""
    _untold.update(model._meta.db_table for model in models)


def untold_tables() -> frozenset[str]:
    return frozenset(_untold)


def _always() -> bool:
    return True


_are_told: Callable[[], bool] = _always


def trust_only_while(condition: Callable[[], bool]) -> None:
    """Say when this process is told of what other processes write."""
    global _are_told
    _are_told = condition


def are_told(tables: Iterable[str] = ()) -> bool:
    """Whether this process learns at once of every write of these tables."""
    return _are_told is _always or (_are_told() and _untold.isdisjoint(tables))


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of all tables at one moment."""

    by_table: Counter[str]

    def of(self, tables: Iterable[str]) -> int:
        return self.by_table[_ALL] + sum(map(self.by_table.__getitem__, tables))


def all_versions() -> Versions:
    with _lock:
        return Versions(_versions.copy())


def version(tables: Iterable[str]) -> int:
    """A number that grows whenever one of the tables changes.

    Read it before the tables: what is made from them is up to date while the number is the same.
    """
    return _versions[_ALL] + sum(map(_versions.__getitem__, tables))


def watch_connections() -> None:
    """Look at every statement of every connection from now on."""
    connection_created.connect(_watch, dispatch_uid="middleground.core.changes")


def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    # The signal also comes when a connection is opened again.
    if not any(isinstance(wrapper, _Watcher) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.append(_Watcher())


class _Watcher:
    """Looks at each statement of one connection."""

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        tables = _tables_of(sql if isinstance(sql, str) else str(sql))
        reads = _reads.get()
        if reads is not None:
            reads.tables.update(tables.read)
        result = execute(sql, params, many, context)
        if tables.written:
            _note_when_committed(context["connection"], tables.written)
        return result


class _WrittenTables:
    """The tables that a transaction writes, or a savepoint of it, noted when it commits."""

    def __init__(self, tables: Iterable[str]) -> None:
        self.tables = set(tables)

    def __call__(self) -> None:
        note_written(self.tables)


def _note_when_committed(connection: BaseDatabaseWrapper, tables: frozenset[str]) -> None:
    """After the commit: a reader who sees the new version then also sees the new rows."""
    if connection is not transaction.get_connection(connection.alias):
        note_written(tables)  # not one of Django's own: its transactions are not known
        return
    # One for all statements of the same savepoint, which are rolled back together.
    savepoints, last, _ = connection.run_on_commit[-1] if connection.run_on_commit else (0, 0, 0)
    if isinstance(last, _WrittenTables) and savepoints == set(connection.savepoint_ids):
        last.tables |= tables
    else:
        transaction.on_commit(_WrittenTables(tables), using=connection.alias)


@dataclass(frozen=True, slots=True)
class _Tables:
    read: frozenset[str]
    written: frozenset[str]


@lru_cache(maxsize=2_000)
def _tables_of(sql: str) -> _Tables:
    """The tables in a statement. A name too many is harmless: it only makes something anew."""
    written = _WRITTEN.findall(sql) if _BEGINS_WRITING.match(sql) else []
    return _Tables(frozenset(_READ.findall(sql)), frozenset(written))
