"""The periodic jobs of the public log."""

from __future__ import annotations

from math import inf
from time import monotonic

from django.conf import settings

from middleground.core.jobs import every
from middleground.publiclog.publisher import is_urgent, mend_checkpoint, publish_log
from middleground.publiclog.witnesses import ask_witnesses


class _LogGrowth:
    """When this process last published a batch."""

    at = -inf


@every(2.0, name="let the public log grow", own_thread=True)
def let_log_grow() -> None:
    """Publish a batch when it is due, or at once if a result waits for its openings."""
    mend_checkpoint()
    if monotonic() - _LogGrowth.at >= settings.LEDGER_SECONDS or is_urgent():
        _LogGrowth.at = monotonic()
        publish_log()
        ask_witnesses()
