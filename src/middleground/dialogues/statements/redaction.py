"""Statements that staff removed after the final result: they keep their place, not their words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from middleground.core import dates
from middleground.dialogues.models import Dialogue, Statement


def has_final_map(dialogue: Dialogue) -> bool:
    """Whether the final result stands: from then on its statements are removed in the open only."""
    return dialogue.maps.filter(final=True).exists()


def redacted(statement: Statement) -> Statement:
    """One of ``Statement.objects.published()``, with a note where its words were.

    The note is set on the object in memory, so that no page or file has to think of it; what is
    returned here is to be read and never stored.
    """
    if statement.status == Statement.Status.REJECTED:
        statement.text = _("Removed by staff on %(day)s: %(reason)s") % {
            "day": dates.day(statement.rejected_on) if statement.rejected_on else "–",
            "reason": statement.get_reason_display(),
        }
    return statement
