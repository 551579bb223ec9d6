"""Merging: a statement is no longer dealt because another one says the same."""

from __future__ import annotations

from django.db import transaction

from middleground.dialogues.models import Statement, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.dialogues.texts.decisions import DecisionRefused, locked_as_seen, next_state
from middleground.people.models import User
from middleground.texts.moderation import Decision


@transaction.atomic
def merge(staff: User, statement: Statement, seen: str, into: Statement) -> Statement:
    """Stop dealing the statement, because ``into`` says the same. No votes are moved.

    Raises ``DecisionRefused``.
    """
    statement = locked_as_seen(statement, seen, into)
    after = next_state(statement, Decision.MERGE)
    into.refresh_from_db()
    if into.pk == statement.pk:
        raise DecisionRefused("same")
    if into.dialogue_id != statement.dialogue_id:
        raise DecisionRefused("elsewhere")
    if into.status != Statement.Status.APPROVED:
        raise DecisionRefused("not_shown", number=into.number)
    statement.move_to(after, merged_into=into)
    log_staff_action(staff, statement.dialogue, Verb.MERGE, text=statement, into=into.number)
    return statement
