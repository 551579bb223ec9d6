"""Backups of an installation on SQLite: one file, written while the server runs.

It holds the database, the ledger's folder, the sealed votes of final maps, which nothing can make
again, archived copies of sources, and a list of these files with hashes, but no key. Its
state is one that a power cut could have left: the published log is never ahead of the database.
``restore.py`` puts it back.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

from middleground import __version__
from middleground.config.health.damage import WHAT_TO_DO, damage_of
from middleground.core.durable import sync

KIND = "middleground-backup/v1"
CONTENTS, DATABASE, LEDGER = "contents.json", "middleground.sqlite3", "ledger"
SEALED = "sealed"  # as on SQLite always; boxes are made anew in each round of the log
COPIES = "copies"
BEFORE_RESTORE = "before-restore-"  # and a number: what a restore set aside
UNPACKED = ".restore-"  # and letters: a backup that is being unpacked, or was
UNFINISHED = ".backup-"  # and letters: a backup that is being written, or was when it was killed
IN_UNFINISHED = {CONTENTS, DATABASE, f"{DATABASE}-journal", LEDGER, SEALED, COPIES, "whole.tar"}
TRIES = 20


class CannotBackUp(Exception):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """A backup that was written and checked."""

    file: Path
    size: int
    ledger_files: int


def back_up(data: Path, target: Path, today: date) -> BackupSummary:
    """Write a backup of the data folder to ``target``: a new file, or a folder for one.

    Raises ``CannotBackUp``, and ``OSError`` or ``sqlite3.Error`` if the disk or database fails.
    """
    target = target.absolute()
    if not (data / DATABASE).is_file():
        raise CannotBackUp(f"There is no database in {data}. Is MIDDLEGROUND_DATA set?")
    if target.is_dir():
        target = _free_name(target, today)
    if target.exists():
        raise CannotBackUp(f"{target} exists already. Name a new file, or a folder.")
    if not target.parent.is_dir():
        raise CannotBackUp(f"There is no folder {target.parent}. Make it first.")
    if damage := damage_of(data / DATABASE):  # a copy would have the damage, and not show it
        raise CannotBackUp(f"The database is damaged: {damage}. {WHAT_TO_DO}")
    delete_unfinished(target.parent)
    with (
        tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as name,
        _held(Path(name)),
    ):
        aside = Path(name)
        _snapshot(data, aside)
        if damage := damage_of(aside / DATABASE):
            raise CannotBackUp(f"The copy of the database is damaged: {damage}. Try again.")
        files = _files(aside)
        whole = aside / "whole.tar"
        _write_tar(whole, aside, files)
        whole.rename(target)
        sync(target.parent)
    of_log = sum(each.startswith(f"{LEDGER}/") for each in files)
    return BackupSummary(target, target.stat().st_size, of_log)


def delete_unfinished(folder: Path) -> None:
    """Delete what killed backups left in this folder, unless another one still writes it."""
    for left in unfinished(folder):
        with suppress(BlockingIOError, FileNotFoundError), _held(left):
            shutil.rmtree(left)  # follows no symbolic link


def unfinished(folder: Path) -> list[Path]:
    """Folders of this account that have nothing but parts of a backup."""
    return [
        left
        for left in sorted(folder.glob(f"{UNFINISHED}*"))
        if left.is_dir()
        and not left.is_symlink()
        and left.stat().st_uid == os.geteuid()
        and set() < {path.name for path in left.iterdir()} <= IN_UNFINISHED
    ]


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Lock the folder, which the system unlocks when this process ends.

    Raises ``BlockingIOError`` if another process holds it.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _free_name(folder: Path, today: date) -> Path:
    """Return a name with the date; further backups of the day also get a number."""
    names = (f"middleground-{today}{f'-{n}' if n > 1 else ''}.tar" for n in range(1, 1000))
    return next(folder / name for name in names if not (folder / name).exists())


def _snapshot(data: Path, aside: Path) -> None:
    """Copy the ledger's folder, then the database; repeat if a checkpoint came in between."""
    for _ in range(TRIES):
        shutil.rmtree(aside / LEDGER, ignore_errors=True)
        (aside / DATABASE).unlink(missing_ok=True)
        checkpoint = _checkpoint(data)
        if (data / LEDGER).is_dir():
            # Files that are being written begin with a dot.
            shutil.copytree(data / LEDGER, aside / LEDGER, ignore=shutil.ignore_patterns(".*"))
        _copy_database(data / DATABASE, aside / DATABASE)
        _copy_sealed_votes(data, aside)
        _copy_copies(data, aside)
        if _checkpoint(data) == checkpoint:
            return
    raise CannotBackUp("The public log grows too fast to copy it. Try again in a quiet minute.")


def _copy_sealed_votes(data: Path, aside: Path) -> None:
    """Copy those of final maps. After the database: each is there before its map is."""
    (aside / SEALED).mkdir(exist_ok=True)
    for path in (data / SEALED).glob("*.votes"):
        shutil.copyfile(path, aside / SEALED / path.name)


def _copy_copies(data: Path, aside: Path) -> None:
    """Copy what staff archived. After the database: each file is there before its row is."""
    (aside / COPIES).mkdir(exist_ok=True)
    for path in (data / COPIES).glob("[0-9a-f]*"):
        with suppress(FileNotFoundError):  # removed just now
            shutil.copyfile(path, aside / COPIES / path.name)


def _checkpoint(data: Path) -> bytes:
    try:
        return (data / LEDGER / "checkpoint").read_bytes()
    except FileNotFoundError:
        return b""


def _copy_database(source: Path, target: Path) -> None:
    """Copy a snapshot of the database without its free pages. Votes continue meanwhile."""
    with closing(sqlite3.connect(source, timeout=20, isolation_level=None)) as database:
        database.execute("PRAGMA wal_autocheckpoint=0")  # only the server checkpoints
        database.execute("VACUUM INTO ?", [str(target)])


def _files(folder: Path) -> dict[str, dict[str, int | str]]:
    """Map the path of every file in the folder to its size and SHA-256."""
    found: dict[str, dict[str, int | str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = {"bytes": path.stat().st_size, "sha256": hash_of(path)}
    return found


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write_tar(whole: Path, folder: Path, files: dict[str, dict[str, int | str]]) -> None:
    contents = {"kind": KIND, "version": __version__, "files": files}
    (folder / CONTENTS).write_text(json.dumps(contents, indent=1))
    with whole.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name in (CONTENTS, *files):
                tar.add(folder / name, name, recursive=False, filter=_plain)
        file.flush()
        os.fsync(file.fileno())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Remove account names and times of this machine."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
