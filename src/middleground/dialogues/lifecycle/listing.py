"""What stands where in the lists of dialogues: the archive, and the order of the front page."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from middleground.dialogues.lifecycle.actions import LifecycleRefused
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.queries import in_list_order, listed_dialogues
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User


@transaction.atomic
def archive_dialogue(staff: User, dialogue: Dialogue) -> None:
    """Take a closed dialogue off the front page; all else stays. Raises ``LifecycleRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.phase(timezone.now()) != "closed":
        raise LifecycleRefused("not_closed")
    if dialogue.archived_on:
        return
    dialogue.archived_on = timezone.localdate()
    dialogue.save(update_fields=["archived_on"])
    log_staff_action(staff, dialogue, Verb.ARCHIVE)


@transaction.atomic
def unarchive_dialogue(staff: User, dialogue: Dialogue) -> None:
    """Put it back on the front page."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if not dialogue.archived_on:
        return
    dialogue.archived_on = None
    dialogue.save(update_fields=["archived_on"])
    log_staff_action(staff, dialogue, Verb.UNARCHIVE)


@transaction.atomic
def move_dialogue(staff: User, dialogue: Dialogue, *, up: bool) -> bool:
    """Change places with its neighbour of the same phase. False if there is none on that side."""
    now = timezone.now()
    rows = list(listed_dialogues().select_for_update().order_by("pk"))
    phase = dialogue.phase(now)
    order = [each for each in in_list_order(rows, now) if each.phase(now) == phase]
    at = next((at for at, each in enumerate(order) if each.pk == dialogue.pk), None)
    if at is None or phase not in {"open", "scheduled"}:
        return False
    other = at - 1 if up else at + 1
    if not 0 <= other < len(order):
        return False
    order[at], order[other] = order[other], order[at]
    for place, each in enumerate(order, start=1):
        if each.list_place != place:
            Dialogue.objects.filter(pk=each.pk).update(list_place=place)
    log_staff_action(staff, dialogue, Verb.MOVE, up=up)
    return True
