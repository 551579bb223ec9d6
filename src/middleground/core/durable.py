"""Files that a power cut leaves whole: written aside, synced, renamed, and the folder synced too.

Imports nothing of Django, so that the pure packages may use it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def sync(path: Path) -> None:
    """Put the file, or the names in the folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Write a public file. It appears whole and durable or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o644)  # mkstemp lets nobody else read
        move_whole(Path(aside), path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def move_whole(file: Path, place: Path) -> None:
    """Give a synced file another name in its folder, durably; what was there is replaced."""
    file.replace(place)
    sync(place.parent)
