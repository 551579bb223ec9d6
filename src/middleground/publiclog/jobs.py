"""The periodic jobs of the public log."""

from __future__ import annotations

import logging
from math import inf
from time import monotonic

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.publiclog.publisher import is_urgent, mend_checkpoint, publish_log
from middleground.publiclog.upkeep.soundness import look_through_log
from middleground.publiclog.witnesses import ask_witnesses

logger = logging.getLogger(__name__)


class _LogGrowth:
    """When this process last published a batch."""

    at = -inf


@every(
    2.0,
    name="let the public log grow",
    missing=_("The public log gets no new signatures, and people no new receipts. Votes are kept."),
    own_thread=True,
)
def let_log_grow() -> None:
    """Publish a batch when it is due, or at once if a result waits for its openings."""
    mend_checkpoint()
    if monotonic() - _LogGrowth.at >= settings.LEDGER_SECONDS or is_urgent():
        _LogGrowth.at = monotonic()
        publish_log()
        ask_witnesses()


@every(
    3_600.0,
    name="look through the public log",
    missing=_("Damage to stored files of the public log would go unnoticed."),
    own_thread=True,
)
def look_through() -> None:
    if damage := look_through_log():
        logger.error(
            "The stored public log is damaged: %s. See “Trouble” in docs/ledger.md.", damage
        )
