"""On SQLite one process writes: whoever starts to takes a lock file, and a second one is refused.

The system lets the lock go when its holder ends, however it ends; no lock is left over after a
crash. Why only one: docs/decisions/0013.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

LOCK = "writer.lock"

_held: dict[Path, int] = {}


class AnotherWriter(Exception):
    """Another process writes to this database; the message says which, and what to do."""


def take() -> None:
    """Be the one process that writes, until this process ends. Raises ``AnotherWriter``.

    PostgreSQL is made for many, so nothing is taken there.
    """
    if connection.vendor == "sqlite":
        take_folder(Path(settings.DATA))


def take_folder(folder: Path) -> None:
    """``take`` for the database in this folder. Twice in one process is once."""
    file = folder.resolve() / LOCK
    if file in _held:
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Not inherited: a child that outlives this process must not go on holding it.
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 200).decode("utf-8", "replace").strip()
        os.close(handle)
        raise AnotherWriter(
            f"middleground is at work on {folder} already ({holder or 'another process'})."
            " On SQLite only one process may write: stop that one first, then run this again."
        ) from None
    except BaseException:
        os.close(handle)
        raise
    os.ftruncate(handle, 0)
    os.write(handle, f"process {os.getpid()}, {_command()}\n".encode())
    _held[file] = handle


def is_free(folder: Path) -> bool:
    """Whether nobody holds the lock now. Looks only."""
    try:
        handle = os.open(folder.resolve() / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _command() -> str:
    """The name of the command alone: its arguments may hold what should not be written down."""
    words = [word for word in sys.argv[1:2] if word.isidentifier() or "-" in word[1:]]
    return f"middleground {words[0]}" if words else "middleground"
