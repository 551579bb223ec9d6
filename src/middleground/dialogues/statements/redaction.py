"""Statements removed after the final result: they keep their number and figures, not their text."""

from __future__ import annotations

from django.utils.translation import gettext as _

from middleground.core import dates
from middleground.dialogues.models import Statement


def redacted(statement: Statement) -> Statement:
    """A statement of ``Statement.objects.published()``; a removed one has a note as its text.

    The note is set on the object in memory, so pages and files need no special case. Never save
    the returned object.
    """
    if statement.status == Statement.Status.REJECTED:
        statement.text = _("Removed by staff on %(day)s: %(reason)s") % {
            "day": dates.day(statement.rejected_on) if statement.rejected_on else "–",
            "reason": statement.get_reason_display(),
        }
    return statement
