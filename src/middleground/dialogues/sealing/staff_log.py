"""Records staff actions for colleagues and, sealed where needed, for the public log."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from middleground.dialogues.models import Dialogue, StaffAction, Statement, Verb
from middleground.dialogues.sealing.records import Act, log_act
from middleground.people.models import User


def log_staff_action(
    staff: User | None,
    dialogue: Dialogue,
    verb: Verb,
    *,
    statement: Statement | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """Log the action and raise the dialogue's revision, which running processes check.

    Never pass a participant's text.
    """
    StaffAction.objects.create(
        dialogue=dialogue,
        statement=statement,
        staff=staff,
        verb=verb,
        reason=reason,
        details=details,
        at=timezone.now(),
    )
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    log_act(dialogue, Act(verb, statement, reason, details))
