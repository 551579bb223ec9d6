"""Restoring a backup: it is checked first, then put in place in one step."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from middleground.config.backup import CONTENTS, DATABASE, KIND, LEDGER, hash_of, look_through
from middleground.core.durable import sync

BESIDE = ("-wal", "-shm", "-journal")


class CannotRestore(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RestoreSummary:
    """What was restored: dialogues, votes, and the open dialogues whose key is missing."""

    dialogues: int
    votes: int
    without_key: tuple[str, ...]
    log_entries: int | None


def restore(file: Path, data: Path, keys: Path, *, replace: bool) -> RestoreSummary:
    """Put the backup's database and ledger into the data folder; this process must hold its lock.

    Raises ``CannotRestore`` before anything is changed.
    """
    if (data / DATABASE).exists() and not replace:
        raise CannotRestore(
            f"There is a database in {data} already. Make a backup of it, then use --replace."
        )
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as name:
        aside = Path(name)
        _unpack(file, aside)
        look_through(aside / DATABASE, CannotRestore)
        _check_version(aside / DATABASE)
        restored = _describe(aside, keys)
        _put_in_place(aside, data)
    return restored


def _unpack(file: Path, aside: Path) -> None:
    """Unpack all files in the list of contents and compare their hashes."""
    try:
        with tarfile.open(file) as tar:
            first = tar.next()
            if first is None or first.name != CONTENTS:
                raise CannotRestore(f"{file} is not a backup of middleground.")
            tar.extract(first, aside, filter="data")
            contents = _read_contents(aside / CONTENTS)
            for member in tar:
                if member.name == CONTENTS:
                    continue
                _check_name(member, contents)
                tar.extract(member, aside, set_attrs=False, filter="data")
    except (OSError, tarfile.TarError) as error:
        raise CannotRestore(f"{file} cannot be read: {error}") from None
    for name, wanted in contents.items():
        path = aside / name
        if not path.is_file() or hash_of(path) != wanted["sha256"]:
            raise CannotRestore(f"{name} in {file} is damaged or missing. Use another backup.")
        os.utime(path)
    (aside / CONTENTS).unlink()


def _read_contents(path: Path) -> dict[str, Any]:
    try:
        contents = json.loads(path.read_bytes())
        kind, files = contents["kind"], dict(contents["files"])
    except (ValueError, TypeError, KeyError):
        raise CannotRestore("The backup's list of contents cannot be read.") from None
    if kind != KIND or DATABASE not in files:
        raise CannotRestore("The backup is of another kind, perhaps by a newer middleground.")
    return files


def _check_name(member: tarfile.TarInfo, contents: dict[str, Any]) -> None:
    """Refuse all members except plain files that are listed and at their places."""
    parts = PurePosixPath(member.name).parts
    ours = member.name == DATABASE or (parts[:1] == (LEDGER,) and ".." not in parts)
    if not (member.isfile() and ours and member.name in contents):
        raise CannotRestore(f"The backup holds {member.name}, which does not belong into one.")


def _check_version(file: Path) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    with closing(sqlite3.connect(file)) as database:
        applied = database.execute("SELECT app, name FROM django_migrations").fetchall()
    if unknown := sorted(set(applied) - set(known)):
        app, name = unknown[0]
        raise CannotRestore(
            f"The backup is of a newer middleground (it has {app} {name}). Update first."
        )


def _describe(aside: Path, keys: Path) -> RestoreSummary:
    with closing(sqlite3.connect(aside / DATABASE)) as database:
        rows = database.execute("SELECT id, slug, state FROM dialogues_dialogue").fetchall()
        (votes,) = database.execute("SELECT count(*) FROM dialogues_vote").fetchone()
    without = tuple(
        slug
        for number, slug, state in rows
        if state == "open" and not (keys / f"dialogue-{number}.key").is_file()
    )
    return RestoreSummary(len(rows), votes, without, _log_entries(aside / LEDGER / "checkpoint"))


def _log_entries(checkpoint: Path) -> int | None:
    try:
        return int(checkpoint.read_text("utf-8").split("\n")[1])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _put_in_place(aside: Path, data: Path) -> None:
    """Delete the old database, its write-ahead log and ledger before the new ones move in."""
    database = data / DATABASE
    for path in (database, *(Path(f"{database}{end}") for end in BESIDE)):
        path.unlink(missing_ok=True)
    if (data / LEDGER).exists():
        shutil.rmtree(data / LEDGER)
    if (aside / LEDGER).is_dir():
        (aside / LEDGER).rename(data / LEDGER)
    (aside / DATABASE).chmod(0o600)
    sync(aside / DATABASE)
    (aside / DATABASE).rename(database)  # last: its absence shows an interrupted restore
    sync(data)
