"""Staff roles in one dialogue."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from middleground.dialogues.models import Dialogue, DialogueMembership, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User


@transaction.atomic
def grant_role(staff: User, dialogue: Dialogue, member: User, role: str) -> bool:
    """Give a colleague a role in the dialogue; it replaces an earlier one.

    Return False, and log nothing, if they have it already.
    """
    role = DialogueMembership.Role(role)
    Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.memberships.filter(user=member, role=role).exists():
        return False
    dialogue.memberships.update_or_create(user=member, defaults={"role": role})
    log_staff_action(staff, dialogue, Verb.GRANT_ROLE, role=role, **_whom(member))
    return True


@transaction.atomic
def withdraw_role(staff: User, dialogue: Dialogue, member: User) -> bool:
    """Withdraw a colleague's role in the dialogue. Return False if they have none."""
    Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    membership = dialogue.memberships.filter(user=member).first()
    if membership is None:
        return False
    membership.delete()
    log_staff_action(staff, dialogue, Verb.WITHDRAW_ROLE, role=membership.role, **_whom(member))
    return True


def _whom(member: User) -> dict[str, Any]:
    """The account's id and its present name, for the log."""
    return {"account": member.pk, "name": str(member)}
