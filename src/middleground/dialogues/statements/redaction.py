"""Statements removed after the final result: they keep their number and figures, not their text."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from middleground.core import dates
from middleground.dialogues.models import Dialogue, Statement


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


def public_statement(dialogue: Dialogue, number: int) -> Statement:
    """An approved statement, or one merged into an approved one. Others raise ``Http404``.

    A statement removed after the final result is returned without its text.
    """
    statement = (
        Statement.objects.filter(dialogue=dialogue, number=number)
        .select_related("merged_into")
        .first()
    )
    if statement is None:
        raise Http404
    statement.dialogue = dialogue
    if Statement.objects.published().filter(pk=statement.pk).exists():
        return redacted(statement)
    target = statement.merged_into
    visible = target is not None and target.status == "approved" and not statement.text_deleted
    if statement.status == Statement.Status.MERGED and target and visible:
        target.dialogue = dialogue
        return statement
    raise Http404


def corrected_into(dialogue: Dialogue, number: int) -> Statement:
    """What a statement became that its author corrected, also several times.

    Other numbers raise ``Http404``.
    """
    rows = Statement.objects.filter(dialogue=dialogue).select_related("became")
    found = rows.filter(number=number).exclude(became=None).first()
    while found is not None and found.became is not None:
        found = rows.get(pk=found.became.pk)
    if found is None or (found.text_deleted and found.is_withdrawn):
        raise Http404
    found.dialogue = dialogue
    return found
