"""All tables that a move copies: read in the order of their keys, and compared by a digest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.models import Field, Max, Model

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

# Rows that ``migrate`` writes into a new database by itself.
FILLED_BY_MIGRATE = frozenset({"django_content_type", "auth_permission"})
ROWS_AT_ONCE = 2_000
LARGE_ROWS_AT_ONCE = 20  # maps and documents of the log have up to some megabytes
_DIGEST_BYTES = 16
_EXACT = 2**53  # up to here floats hold every whole number
_PLAIN = (
    models.IntegerField, models.AutoField, models.CharField, models.TextField, models.BooleanField,
    models.FloatField,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableDigest:
    """The number of a table's rows and a sum of their hashes, whatever their order."""

    rows: int = 0
    total: int = 0


class RunningDigest:
    """Counts and hashes the rows that pass."""

    def __init__(self, reader: RowReader) -> None:
        self._plain = reader.plain
        self.rows = self._total = 0

    def passing(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            text = repr(self._plain(row)).encode()
            self._total += int.from_bytes(blake2b(text, digest_size=_DIGEST_BYTES).digest())
            self.rows += 1
            yield row

    @property
    def result(self) -> TableDigest:
        return TableDigest(self.rows, self._total % 2 ** (8 * _DIGEST_BYTES))


@dataclass(frozen=True)
class RowReader:
    """One model's table. Values are Python's, as the model's fields convert them."""

    model: type[Model]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def fields(self) -> list[Field[Any, Any]]:
        return [field for field in self.model._meta.local_concrete_fields if field.column]

    @cached_property
    def counted_key(self) -> str:
        """The column whose numbers the database gives out; empty if there is none."""
        key = self.model._meta.pk
        return key.column or "" if isinstance(key, models.AutoField) else ""

    def count(self, alias: str) -> int:
        return self.model._base_manager.using(alias).count()

    def has_rows(self, alias: str) -> bool:
        return self.model._base_manager.using(alias).exists()

    def largest_key(self, alias: str) -> int:
        found = self.model._base_manager.using(alias).aggregate(largest=Max("pk"))["largest"]
        return int(found or 0)

    def rows(self, alias: str) -> Iterator[Row]:
        """All rows in the order of their keys: the order in which they were written ends here."""
        names = [field.attname for field in self.fields]
        at_once = LARGE_ROWS_AT_ONCE if any(map(_is_large, self.fields)) else ROWS_AT_ONCE
        query = self.model._base_manager.using(alias).order_by("pk").values_list(*names)
        return query.iterator(chunk_size=at_once)

    def digest(self, alias: str, tell: Callable[[int], None]) -> TableDigest:
        """Read the whole table; ``tell`` is called with the number of rows so far."""
        running = RunningDigest(self)
        for _ in running.passing(self.rows(alias)):
            if running.rows % ROWS_AT_ONCE == 0:
                tell(running.rows)
        tell(running.rows)
        return running.result

    def plain(self, row: Row) -> Row:
        """The row with values whose ``repr`` is the same from both databases."""
        if not self._plainers:
            return row
        found = list(row)
        for place, plain in self._plainers:
            if found[place] is not None:
                found[place] = plain(found[place])
        return tuple(found)

    def stored(self, alias: str) -> Convert:
        """Return what converts a row into values that this database's driver takes."""
        converters = [
            (place, _converter(field, alias))
            for place, field in enumerate(self.fields)
            if not _is_plain(field)
        ]

        def convert(row: Row) -> Row:
            found = list(row)
            for place, converter in converters:
                if found[place] is not None:
                    found[place] = converter(found[place])
            return tuple(found)

        return convert if converters else lambda row: row

    @cached_property
    def _plainers(self) -> list[tuple[int, Convert]]:
        found = [(place, _plainer(field)) for place, field in enumerate(self.fields)]
        return [(place, plain) for place, plain in found if plain]


def row_readers() -> list[RowReader]:
    """All tables of our own and of the packages in use, ordered by name."""
    found = {
        model._meta.db_table: RowReader(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [reader for _, reader in sorted(found.items())]


def _target_of(field: Field[Any, Any]) -> Field[Any, Any]:
    """The field whose values this one holds: for a relation, that of the other table."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _is_plain(field: Field[Any, Any]) -> bool:
    return isinstance(_target_of(field), _PLAIN)


def _is_large(field: Field[Any, Any]) -> bool:
    unbounded = isinstance(field, models.BinaryField) and field.max_length is None
    return unbounded or isinstance(field, models.JSONField)


def _converter(field: Field[Any, Any], alias: str) -> Convert:
    if isinstance(_target_of(field), models.BinaryField):
        return bytes
    return lambda value: field.get_db_prep_save(value, connections[alias])


def _plainer(field: Field[Any, Any]) -> Convert | None:
    field = _target_of(field)
    if isinstance(field, models.BinaryField):
        return bytes
    if isinstance(field, models.DateTimeField):
        return lambda value: value.astimezone(UTC).isoformat()
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(_as_jsonb(value), sort_keys=True)
    return None if isinstance(field, _PLAIN) else str


def _as_jsonb(value: Any) -> Any:
    """The value with numbers as they come back from PostgreSQL, which has one kind of number."""
    if isinstance(value, dict):
        return {key: _as_jsonb(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_jsonb(each) for each in value]
    if isinstance(value, float) and abs(value) <= _EXACT and value.is_integer():
        return int(value)
    if isinstance(value, int) and abs(value) > _EXACT:
        return float(value)
    return value
