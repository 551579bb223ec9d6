"""Atomic and durable file writes: write a temporary file, sync, rename, sync the folder.

Imports no Django, so that the pure packages can use it.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def sync(path: Path) -> None:
    """Sync a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Write a public file atomically and durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)  # mkstemp makes it private
        move_whole(Path(aside), path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def create_once(path: Path, data: bytes) -> None:
    """Create a private file atomically and durably; an existing file stays as it is.

    Of two processes that create it at the same time, one succeeds.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, aside = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()
    sync(path.parent)


def move_whole(file: Path, place: Path) -> None:
    """Rename a synced file within its folder, durably; an existing file is replaced."""
    file.replace(place)
    sync(place.parent)
