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
from dataclasses import replace as replace_fields
from pathlib import Path, PurePosixPath
from typing import Any

from middleground.config.backup import (
    BEFORE_RESTORE,
    CONTENTS,
    COPIES,
    DATABASE,
    KIND,
    LEDGER,
    SEALED,
    UNPACKED,
    hash_of,
)
from middleground.config.health.damage import damage_of
from middleground.core.durable import sync
from middleground.dialogues.identity.keys import is_key_in
from middleground.ledger.files.signed_before import Diverged, SignedBefore
from middleground.ledger.merkle.nodes import range_root
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.notes.checkpoint import read_checkpoint

BESIDE = ("-wal", "-shm", "-journal")


class CannotRestore(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RestoreSummary:
    """What was restored: dialogues, votes, and the dialogues whose key is missing or another one.

    ``log_entries``: of the backup's log. ``signed``: how many the key has signed, as far as its
    folder knows. ``kept``: what was there before.
    """

    dialogues: int
    votes: int
    without_key: tuple[str, ...]
    log_entries: int
    signed: int
    kept: KeptState | None = None


@dataclass(frozen=True, slots=True)
class KeptState:
    """The state before the restore: it may have votes that are in no backup.

    ``folder`` has its database. ``log_ahead``: its log has more than the backup's. ``log_stays``:
    it also continues the backup's, and stays where it is, since people have seen it; otherwise a
    log that is ahead is in the folder, too.
    """

    folder: Path
    log_entries: int
    log_ahead: bool
    log_stays: bool


def restore(file: Path, data: Path, keys: Path, *, replace: bool) -> RestoreSummary:
    """Put the backup's database and ledger into the data folder; this process must hold its lock.

    Raises ``CannotRestore`` before anything is changed.
    """
    if (data / DATABASE).exists() and not replace:
        raise CannotRestore(
            f"There is a database in {data} already. Make a backup of it, then use --replace."
        )
    for interrupted in data.glob(f"{UNPACKED}*"):
        shutil.rmtree(interrupted)
    with tempfile.TemporaryDirectory(prefix=UNPACKED, dir=data) as name:
        aside = Path(name)
        _unpack(file, aside)
        if damage := damage_of(aside / DATABASE):
            raise CannotRestore(f"The database in {file} is damaged: {damage}. Use another backup.")
        _check_version(aside / DATABASE)
        restored = _describe(aside, keys)
        kept = _set_aside(aside, data)
        _put_in_place(aside, data, log_stays=kept is not None and kept.log_stays)
    return replace_fields(restored, kept=kept)


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
    folders = {(LEDGER,), (SEALED,), (COPIES,)}
    ours = member.name == DATABASE or (parts[:1] in folders and ".." not in parts)
    if not (member.isfile() and ours and member.name in contents):
        raise CannotRestore(f"The backup holds {member.name}, which does not belong into one.")


def _check_version(file: Path) -> None:
    from django.db.migrations.loader import MigrationLoader

    from middleground.core.processes.versions import unknown_migrations

    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    with closing(sqlite3.connect(file)) as database:
        applied = database.execute("SELECT app, name FROM django_migrations").fetchall()
    if unknown := unknown_migrations(applied, known):
        app, name = unknown[0]
        raise CannotRestore(
            f"The backup is of a newer middleground (it has {app} {name}). Update first."
        )


def _describe(aside: Path, keys: Path) -> RestoreSummary:
    with closing(sqlite3.connect(aside / DATABASE)) as database:
        rows = database.execute(
            "SELECT id, slug, key_check FROM dialogues_dialogue"
            " WHERE state != 'draft' AND key_check != '' AND key_destroyed_on IS NULL"
            " AND NOT imported ORDER BY id"
        ).fetchall()
        (dialogues,) = database.execute("SELECT count(*) FROM dialogues_dialogue").fetchone()
        (votes,) = database.execute("SELECT count(*) FROM dialogues_vote").fetchone()
    without = tuple(slug for number, slug, check in rows if not is_key_in(keys, number, check))
    try:
        signed = SignedBefore(keys).largest()
    except Diverged as damaged:
        raise CannotRestore(f"{damaged}: get the keys from their own backup.") from None
    return RestoreSummary(
        dialogues, votes, without, _log_entries(aside / LEDGER), signed.size if signed else 0
    )


def _log_entries(ledger: Path) -> int:
    """The size of the log in this folder; 0 if there is none that can be read."""
    try:
        text = (ledger / "checkpoint").read_text("utf-8")
        return read_checkpoint(text.partition("\n\n")[0] + "\n").size
    except (FileNotFoundError, ValueError):
        return 0


def _set_aside(aside: Path, data: Path) -> KeptState | None:
    """Keep the database, and the log unless the backup contains it: only they can continue it."""
    ours, theirs = data / LEDGER, aside / LEDGER
    ahead = ours.exists() and not _begins_with(theirs, ours)
    there = [path for path in _database_files(data) if path.exists()]
    if not ahead and not there:
        return None
    stays = ahead and _begins_with(ours, theirs)
    kept = KeptState(_new_folder(data), _log_entries(ours), ahead, stays)
    for path in there:
        path.rename(kept.folder / path.name)
    if ahead and not stays:
        ours.rename(kept.folder / LEDGER)
        if (data / SEALED).exists():
            (data / SEALED).rename(kept.folder / SEALED)
    sync(kept.folder)
    return kept


def _begins_with(log: Path, other: Path) -> bool:
    """Whether the log in the one folder begins with all entries of the other."""
    size = _log_entries(other)
    if not size:
        return not (other / "checkpoint").exists()
    if size > _log_entries(log):
        return False
    try:
        nodes = (TileFolder(folder, _log_entries(folder)) for folder in (log, other))
        roots = {range_root(each, 0, size) for each in nodes}
    except MissingTile:
        return False
    return len(roots) == 1


def _new_folder(data: Path) -> Path:
    names = (data / f"{BEFORE_RESTORE}{number}" for number in range(1, 10_000))
    folder = next(name for name in names if not name.exists())
    folder.mkdir(mode=0o700)
    return folder


def _database_files(data: Path) -> list[Path]:
    return [data / DATABASE, *(data / f"{DATABASE}{end}" for end in BESIDE)]


def _put_in_place(aside: Path, data: Path, *, log_stays: bool) -> None:
    """Delete the old ledger, which the new one contains, before the new files move in."""
    database = data / DATABASE
    if (data / LEDGER).exists() and not log_stays:
        shutil.rmtree(data / LEDGER)
    if (aside / LEDGER).is_dir() and not log_stays:
        (aside / LEDGER).rename(data / LEDGER)
    for folder in (SEALED, COPIES):
        for path in sorted((aside / folder).glob("*")):
            (data / folder).mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o600)
            path.replace(data / folder / path.name)
    (aside / DATABASE).chmod(0o600)
    sync(aside / DATABASE)
    (aside / DATABASE).rename(database)  # last: its absence shows an interrupted restore
    sync(data)
