"""Registers the statements of dialogues as a kind of moderated text."""

from __future__ import annotations

from django.db.models import QuerySet

from middleground.dialogues.models import Appeal, Dialogue, StaffAction, Statement
from middleground.dialogues.models.texts.text_kinds import TextKind, register_text_kind
from middleground.dialogues.sealing.records import count_erased_statements


def _never_shown(dialogue: Dialogue) -> QuerySet[Statement]:
    """Participants' waiting statements without votes: one that staff hid again may have some."""
    waiting = dialogue.statements.waiting()
    return waiting.filter(votes=None, merged=None, origin=Statement.Origin.PARTICIPANT)


register_text_kind(
    TextKind(
        model=Statement,
        appeals=Appeal,
        actions=StaffAction,
        key="statement",
        queue="desk_moderation",
        never_shown=_never_shown,
        count_erased=count_erased_statements,
    )
)
