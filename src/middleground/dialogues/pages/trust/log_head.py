"""How long the public log is, and its fingerprint, as a page tells them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from middleground.ledger.files.publishing import checkpoint_path
from middleground.ledger.notes.checkpoint import BadCheckpoint, open_checkpoint
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogState

SHORT = 16  # letters of a hash that people compare by eye


@dataclass(frozen=True, slots=True)
class LogHead:
    """The number of entries that are signed, and the root of their tree in hexadecimal."""

    size: int
    root: str

    @property
    def short(self) -> str:
        return self.root[:SHORT]


def log_head() -> LogHead | None:
    """The newest signed head; None before the first, or if its file cannot be read.

    By the number in the database, so that a page that is kept is made anew when the log has grown.
    """
    size = LogState.objects.filter(pk=1).values_list("signed", flat=True).first()
    if not size:
        return None
    try:
        note = (Path(settings.LEDGER) / checkpoint_path(size)).read_bytes()
        checkpoint, _ = open_checkpoint(note, signing_key().verifier)
    except (OSError, BadCheckpoint):
        return None
    return LogHead(checkpoint.size, checkpoint.root.hex())
