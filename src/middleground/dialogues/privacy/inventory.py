"""Inventory: counts of the rows, files, keys and non-public texts in the data register.

Columns and files that the register does not name are reported first: they make it untrue.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet

from middleground.core.stored_data import DataRegister, StoredData, StoredFile, data_register
from middleground.dialogues.identity import keys
from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.moderated_text import Status
from middleground.dialogues.models.texts.text_kinds import find_text_kinds
from middleground.dialogues.privacy.retention import KeyState, key_states


@dataclass(frozen=True, slots=True)
class Counted:
    """A register entry with its rows by table; None if the table has no link to a dialogue."""

    what: str
    whose: str
    rows: dict[str, int | None]
    how_long: str
    without_keys: str
    with_keys: str


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one kind: their number and total size in bytes."""

    what: str
    pattern: str
    in_keys: bool
    count: int
    size: int
    shows: str


@dataclass(frozen=True, slots=True)
class Key:
    """The key of one dialogue. ``state`` is none, there, destroyed or should_be_gone."""

    dialogue: str
    state: str
    due_on: str
    held: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    dialogue: str
    unclassified: list[str]
    unknown_files: list[str]
    not_public: dict[str, int]
    facts: list[Counted]
    files: list[Files]
    keys: list[Key]
    elsewhere: dict[str, str]
    never: list[str]
    erases: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def take_inventory(dialogue: Dialogue | None = None) -> Inventory:
    """The inventory of the installation, or with rows and keys of one dialogue only."""
    dialogues = [dialogue] if dialogue else list(Dialogue.objects.order_by("pk"))
    states = key_states(dialogues)
    register = data_register()
    files, unknown = _files(register)
    return Inventory(
        dialogue=dialogue.slug if dialogue else "",
        unclassified=unclassified_columns(),
        unknown_files=unknown,
        not_public=_not_public(dialogue),
        facts=[_counted(entry, dialogue) for entry in register.data],
        files=files,
        keys=[_key(each, states[each.pk]) for each in dialogues],
        elsewhere={str(entry.where): str(entry.what) for entry in register.elsewhere},
        never=[str(entry.what) for entry in register.not_stored],
        erases=_erases(),
    )


def stored_columns() -> set[tuple[str, str]]:
    """Every (table, column) in the database, read from the database and not from the models."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Django leaves out SQLite's own tables.
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = [row[0] for row in cursor.fetchall()]
        else:
            tables = connection.introspection.table_names(cursor)
        return {
            (table, column.name)
            for table in tables
            for column in connection.introspection.get_table_description(cursor, table)
        }


def unclassified_columns() -> list[str]:
    return sorted(f"{table}.{name}" for table, name in stored_columns() - data_register().columns())


def _counted(entry: StoredData, dialogue: Dialogue | None) -> Counted:
    return Counted(
        what=str(entry.what),
        whose=entry.subject.value,
        rows={table: _rows(table, dialogue) for table in entry.columns},
        how_long=str(entry.how_long),
        without_keys=str(entry.without_keys),
        with_keys=str(entry.with_keys),
    )


def _rows(table: str, dialogue: Dialogue | None) -> int | None:
    """The number of rows, of one dialogue if given; None if the table has no link to it."""
    model = next((m for m in _models() if m._meta.db_table == table), None)
    if dialogue is None:
        if table not in connection.introspection.table_names() and table != "sqlite_sequence":
            return 0
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite" and table == "sqlite_sequence":
                return 0
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            return int(cursor.fetchone()[0])
    way = _way_to_dialogue(model) if model else None
    if model is None or way is None:
        return None
    rows: QuerySet[Model] = model._default_manager.filter(**{way: dialogue.pk})
    return rows.count()


def _models() -> list[type[Model]]:
    return apps.get_models(include_auto_created=True)


def _way_to_dialogue(model: type[Model]) -> str | None:
    """The lookup from a row to its dialogue, through at most one other table."""
    if model is Dialogue:
        return "pk"
    relations = [
        field for field in model._meta.concrete_fields if field.related_model and not field.null
    ]
    for field in relations:
        if field.related_model is Dialogue:
            return field.name
    for field in relations:
        for other in field.related_model._meta.concrete_fields:  # type: ignore[union-attr]
            if other.related_model is Dialogue:
                return f"{field.name}__{other.name}"
    return None


def _not_public(dialogue: Dialogue | None) -> dict[str, int]:
    """Numbers of stored texts that are not public, and of texts with an author."""
    found = dict.fromkeys((Status.PENDING.value, Status.REJECTED.value, "with_author"), 0)
    for kind in find_text_kinds():
        texts = (kind.of(dialogue) if dialogue else kind.texts).exclude(text="")
        for status in (Status.PENDING, Status.REJECTED):
            found[status.value] += texts.filter(status=status).count()
        found["with_author"] += texts.exclude(author=None).count()
    return found


def _files(register: DataRegister) -> tuple[list[Files], list[str]]:
    data, keys = Path(settings.DATA), Path(settings.KEYS)
    folders = [(False, data, ""), (True, keys, "")]
    for name, shared in (("ledger/", Path(settings.LEDGER)), ("sealed/", Path(settings.SEALED))):
        if not shared.is_relative_to(data):
            folders.append((False, shared, name))
    found: dict[StoredFile, list[int]] = {kind: [] for kind in register.files}
    unknown = []
    for in_keys, folder, name in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if not path.is_file() or (not in_keys and path.is_relative_to(keys)):
                continue
            kind = _kind(register, name + path.relative_to(folder).as_posix(), in_keys)
            if kind is None:
                unknown.append(str(path))
            else:
                found[kind].append(path.stat().st_size)
    files = [
        Files(str(k.what), k.pattern, k.in_keys, len(sizes), sum(sizes), str(k.shows))
        for k, sizes in found.items()
        if sizes
    ]
    return files, unknown


def _kind(register: DataRegister, name: str, in_keys: bool) -> StoredFile | None:
    kinds = (k for k in register.files if k.in_keys == in_keys and fnmatch(name, k.pattern))
    return next(kinds, None)


def _key(dialogue: Dialogue, state: KeyState) -> Key:
    there = keys.key_file_exists(dialogue.pk)
    if state.destroyed:
        told = "should_be_gone" if there else "destroyed"
    else:
        told = "there" if there else "none"
    due = "" if state.kept or state.destroyed or not state.due_at else f"{state.due_at:%Y-%m-%d}"
    return Key(dialogue.slug, told, due, state.held)


def _erases() -> dict[str, Any]:
    """Whether the database reports that it overwrites deleted data."""
    if connection.vendor != "sqlite":
        return {"database": connection.display_name, "overwrites": False}
    with connection.cursor() as cursor:
        overwrites = bool(cursor.execute("PRAGMA secure_delete").fetchone()[0])
    return {"database": "SQLite", "overwrites": overwrites}
