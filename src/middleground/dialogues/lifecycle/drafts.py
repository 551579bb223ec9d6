"""Deleting a draft that nobody outside the host has seen."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.keys import destroy_key_file, key_file_exists
from middleground.dialogues.models import Dialogue, DraftDeletion, Verb
from middleground.people.models import User


class DeletionRefused(Refused):
    """The dialogue is not, or no longer, a draft that can go."""

    refusals = {
        "not_a_draft": RefusalText(_("Only a draft can be deleted. Nothing was deleted.")),
        "was_open": RefusalText(
            _(
                "This dialogue was open or scheduled before, and is in the public log. It can "
                "stay a draft, but you cannot delete it."
            )
        ),
        "has_participants": RefusalText(_("People have taken part. Nothing was deleted.")),
        "is_referred_to": RefusalText(
            _(
                "Nothing was deleted. Other records use parts of this draft. First remove "
                "cases, merged statements, and passages or data of its sources."
            )
        ),
    }


def was_public(dialogue: Dialogue) -> bool:
    """Whether it is or was open or scheduled, so that the public log may name its address."""
    if dialogue.state != Dialogue.State.DRAFT:
        return True
    return dialogue.staff_actions.filter(verb__in=(Verb.OPEN, Verb.SCHEDULE)).exists()


def obstacle_to_deleting(dialogue: Dialogue) -> DeletionRefused | None:
    """Why the dialogue cannot be deleted, or None."""
    if dialogue.state != Dialogue.State.DRAFT or dialogue.imported:
        return DeletionRefused("not_a_draft")
    if was_public(dialogue):
        return DeletionRefused("was_open")
    if dialogue.participants.exists() or dialogue.statements.exclude(author=None).exists():
        return DeletionRefused("has_participants")
    return None


@transaction.atomic
def delete_draft(staff: User, dialogue: Dialogue) -> None:
    """Delete the draft with all that hangs on it, and its key. Raises ``DeletionRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    obstacle = obstacle_to_deleting(dialogue)
    if obstacle:
        raise obstacle
    number, statements = dialogue.pk, dialogue.statements.count()
    try:
        dialogue.delete()
    except ProtectedError as error:
        raise DeletionRefused("is_referred_to") from error
    DraftDeletion.objects.create(staff=staff, at=timezone.now(), statements=statements)
    if key_file_exists(number):  # made with its first codes
        transaction.on_commit(lambda: destroy_key_file(number))
