"""Secrets in files that only the owner can read."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from middleground.core.durable import sync


def read_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content; made on first use.

    The file appears whole or not at all (written aside, then linked to its name), so of two
    processes that start at once both end with the same secret, also after a power cut.
    """
    with suppress(FileNotFoundError):
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, aside = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()
    sync(path.parent)
    return path.read_bytes()


def destroy(path: Path) -> None:
    """Overwrite the file with chance, then take it away, each step on disk before the next.

    Nobody can promise more from here: an SSD or a file system that writes elsewhere may keep the
    old blocks for a while. Does nothing where there is no file. Raises ``OSError``.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return
    with path.open("r+b", buffering=0) as file:
        file.write(secrets.token_bytes(size))
        os.fsync(file.fileno())
    path.unlink()
    sync(path.parent)
