"""Records staff actions for colleagues and, sealed where needed, for the public log."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from middleground.dialogues.models import Dialogue, ModeratedText, StaffAction, Verb
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.sealing.records import Act, log_act
from middleground.people.models import User


def log_staff_action(
    staff: User | None,
    dialogue: Dialogue,
    verb: Verb,
    *,
    text: ModeratedText | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """Log the action and raise the dialogue's revision, which running processes check.

    ``text``: what the action is about. Never pass a participant's words in ``details``.
    """
    kind = kind_of(type(text)) if text is not None else None
    actions = kind.actions if kind else StaffAction
    about = {kind.key: text} if kind else {}
    actions._default_manager.create(
        dialogue=dialogue,
        staff=staff,
        verb=verb,
        reason=reason,
        details=details,
        at=timezone.now(),
        **about,
    )
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    log_act(dialogue, Act(verb, text, reason, details))
