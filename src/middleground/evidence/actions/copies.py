"""Storing and removing the archived copy of a source."""

from __future__ import annotations

from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.evidence.copies import MOST_BYTES, store, type_of
from middleground.evidence.models import Source
from middleground.people.models import User

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class CopyRefused(Refused):
    """The file was not stored."""

    refusals = {
        "empty": RefusalText(_("The file is empty."), _WRONG),
        "too_large": RefusalText(
            _("The file is larger than 2.5 MB. Upload a part, or a smaller version."), _WRONG
        ),
        "unknown_type": RefusalText(
            _(
                "This is not a PDF, PNG, JPEG, HTML or text file, whatever its "
                "name says. Text must be UTF-8."
            ),
            _WRONG,
        ),
    }


def store_copy(staff: User, source: Source, content: bytes) -> None:
    """Archive a copy of the source; it replaces an earlier one. Raises ``CopyRefused``."""
    if not content:
        raise CopyRefused("empty")
    if len(content) > MOST_BYTES:
        raise CopyRefused("too_large")
    found = type_of(content)
    if found is None:
        raise CopyRefused("unknown_type")
    digest = store(content)  # before the row that names it
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(
            copy_hash=digest, copy_type=found.ending, copy_bytes=len(content)
        )
        log_staff_action(
            staff, source.dialogue, Verb.STORE_COPY, number=source.number, sha256=digest
        )


@transaction.atomic
def remove_copy(staff: User, source: Source) -> None:
    """Name the copy no more. A job deletes the file, if no other source has the same."""
    had = Source.objects.filter(pk=source.pk).exclude(copy_hash="")
    if had.update(copy_hash="", copy_type="", copy_bytes=0):
        log_staff_action(staff, source.dialogue, Verb.REMOVE_COPY, number=source.number)
