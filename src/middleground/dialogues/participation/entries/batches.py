"""Batches of helpers' entries: open one, close it, set it aside as a whole and count it again.

Each of these is public: the settings in the public log list the batches.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.maps.eligibility_actions import still_open_to_change
from middleground.dialogues.models import Dialogue, EntryBatch, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User

MOST_PEOPLE = 10_000


class BatchRefused(Refused):
    """The batch stays as it is, or was not opened."""

    refusals = {
        "closed": RefusalText(
            _("The dialogue is closed, so nothing can be entered. Nothing was changed.")
        ),
        "not_a_helper": RefusalText(
            _("This account may not enter anything here. Give it the role “helper” first.")
        ),
        "too_few": RefusalText(
            ngettext_lazy(
                "The batch holds fewer than %(minimum)d person, too few to protect each. "
                "Nothing was done. The helper can take back what they entered last.",
                "The batch holds fewer than %(minimum)d people, too few to protect each. "
                "Nothing was done. The helper can take back what they entered last.",
                "minimum",
            )
        ),
    }


@transaction.atomic
def open_batch(
    staff: User,
    dialogue: Dialogue,
    *,
    channel: str,
    place: str,
    organization: str,
    helper: User,
    most: int,
) -> EntryBatch:
    """Let a helper enter what up to ``most`` people say. Raises ``BatchRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.phase(timezone.now()) == "closed":
        raise BatchRefused("closed")
    last = dialogue.entry_batches.aggregate(last=Max("number"))["last"] or 0
    batch = EntryBatch.objects.create(
        dialogue=dialogue,
        number=last + 1,
        channel=EntryBatch.Channel(channel),
        place=place,
        organization=organization,
        helper=helper,
        most=most,
        opened_on=timezone.localdate(),
    )
    log_staff_action(staff, dialogue, Verb.OPEN_BATCH, number=batch.number, most=most)
    return batch


@transaction.atomic
def close_batch(staff: User, batch: EntryBatch) -> bool:
    """Take no more entries into it; returns whether this is a change."""
    return _set_open(staff, batch, is_open=False)


@transaction.atomic
def reopen_batch(staff: User, batch: EntryBatch) -> bool:
    """Take entries into it again; returns whether this is a change. Raises ``BatchRefused``."""
    if batch.dialogue.phase(timezone.now()) == "closed":
        raise BatchRefused("closed")
    return _set_open(staff, batch, is_open=True)


@transaction.atomic
def set_batch_aside(staff: User, batch: EntryBatch) -> bool:
    """Stop counting everybody in it, and close it; returns whether this is a change.

    It must hold at least ``minimum_shown`` people, because the map's change would tell how fewer
    voted. Raises ``BatchRefused`` or ``EligibilityRefused``.
    """
    dialogue, batch = still_open_to_change(batch.dialogue), _locked(batch)
    if batch.is_set_aside:
        return False
    if batch.people.count() < dialogue.minimum_shown:
        raise BatchRefused("too_few", minimum=dialogue.minimum_shown)
    EntryBatch.objects.filter(pk=batch.pk).update(is_set_aside=True, is_open=False)
    log_staff_action(staff, dialogue, Verb.EXCLUDE_BATCH, number=batch.number)
    return True


@transaction.atomic
def count_batch_again(staff: User, batch: EntryBatch) -> bool:
    """Undo ``set_batch_aside``; the batch stays closed. Returns whether this is a change.

    Raises ``EligibilityRefused``.
    """
    dialogue, batch = still_open_to_change(batch.dialogue), _locked(batch)
    if not batch.is_set_aside:
        return False
    EntryBatch.objects.filter(pk=batch.pk).update(is_set_aside=False)
    log_staff_action(staff, dialogue, Verb.INCLUDE_BATCH, number=batch.number)
    return True


def _set_open(staff: User, batch: EntryBatch, *, is_open: bool) -> bool:
    batch = _locked(batch)
    if batch.is_open == is_open or batch.is_set_aside:
        return False
    EntryBatch.objects.filter(pk=batch.pk).update(is_open=is_open)
    verb = Verb.REOPEN_BATCH if is_open else Verb.CLOSE_BATCH
    log_staff_action(staff, batch.dialogue, verb, number=batch.number)
    return True


def _locked(batch: EntryBatch) -> EntryBatch:
    rows = EntryBatch.objects.select_related("dialogue").select_for_update(of=("self",))
    return rows.get(pk=batch.pk)
