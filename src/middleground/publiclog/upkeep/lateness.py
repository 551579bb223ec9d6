"""Whether the public log is late: whole rounds went by in which nothing could be signed.

The time of the last round is that of an empty file in the log's folder, which all machines share.
It tells nothing about anybody: rounds come at fixed times, whether or not something happened.
"""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

MISSED = 3  # rounds; one may be missed while the server starts or another process is elected
LAST_ROUND = ".round"  # files that begin with a dot are not served


def note_round(folder: Path) -> None:
    """Note that a round has just ended well."""
    (folder / LAST_ROUND).touch(mode=0o600)


def is_log_late() -> bool:
    """Whether the last round, or before any was noted the last signature, is too long ago."""
    folder = Path(settings.LEDGER)
    for name in (LAST_ROUND, "checkpoint"):
        try:
            at = (folder / name).stat().st_mtime
        except OSError:
            continue
        return time.time() - at > MISSED * settings.LEDGER_SECONDS
    return False
