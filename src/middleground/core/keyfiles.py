"""Secrets in files that only the owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from middleground.core.durable import create_once, sync


def read_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the file's content, which is created on first use.

    Two processes that start at the same time get the same secret, even after a power cut.
    """
    with suppress(FileNotFoundError):
        return path.read_bytes()
    create_once(path, make())
    return path.read_bytes()


def destroy(path: Path) -> None:
    """Overwrite the file with random bytes, then delete it; each step is synced.

    More is not possible from here: an SSD or a copy-on-write file system may keep the old blocks
    for a while. Does nothing if there is no file, also if another process deletes it meanwhile.
    Raises ``OSError``.
    """
    with suppress(FileNotFoundError):
        _destroy(path)


def _destroy(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        file.write(secrets.token_bytes(size))
        os.fsync(file.fileno())
    path.unlink()
    sync(path.parent)
