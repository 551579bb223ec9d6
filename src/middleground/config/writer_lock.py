"""The lock of the one process that writes to SQLite; a second writer is refused.

The operating system releases the lock when its holder ends, even by a crash. For the reason to
have only one writer, see docs/decisions/0013.
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


class AnothersFolder(AnotherWriter):
    """The administrator would write files that the server's account cannot open."""


def take() -> None:
    """Take the lock until this process ends. Raises ``AnotherWriter``, also ``AnothersFolder``.

    PostgreSQL supports many writers, so it needs no lock.
    """
    if connection.vendor == "sqlite":
        take_folder(Path(settings.DATA))


def take_folder(folder: Path) -> None:
    """Take the lock of the database in this folder; repeated calls in a process do nothing."""
    file = folder.resolve() / LOCK
    if file in _held:
        return
    folder.mkdir(parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if os.geteuid() == 0 and owner:
        raise AnothersFolder(
            f"{folder} belongs to another account (number {owner}), and what root writes there it"
            " could not open. Run this as that account: docs/hosting.md has the lines."
        )
    # O_CLOEXEC: a child that outlives this process must not keep the lock.
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


def _command() -> str:
    """Return the command's name without its arguments, which may hold private data."""
    words = [word for word in sys.argv[1:2] if word.isidentifier() or "-" in word[1:]]
    return f"middleground {words[0]}" if words else "middleground"
