"""Moderators' decisions about statements: approve, reject, remove, merge, take back.

A decision gives the state in which the moderator saw the statement. If a colleague decided first,
it is refused with the code "decided_already", so nothing happens twice. The table of transitions
is in ``texts/moderation.py``.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import ModeratedText, Statement, Verb
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.dialogues.statements.redaction import has_final_map
from middleground.people.models import User
from middleground.texts.moderation import Decision, Obstacle, TextState, state_after

_ANOTHER = gettext_lazy("A statement can only be merged into another one of the same dialogue.")


class DecisionRefused(Refused):
    refusals = {
        "decided_already": RefusalText(
            gettext_lazy("Number %(number)d was decided meanwhile by %(who)s: %(state)s.")
        ),
        "same": RefusalText(_ANOTHER),
        "elsewhere": RefusalText(_ANOTHER),
        "not_shown": RefusalText(
            gettext_lazy("Number %(number)d is not shown, so nothing can be merged into it.")
        ),
        "twin": RefusalText(
            gettext_lazy(
                "The same words were sent again and stand as number %(number)d, so this one stays"
                " as it is."
            )
        ),
        "text_deleted": RefusalText(
            gettext_lazy("The text of number %(number)d is deleted, so it cannot be shown again.")
        ),
        "in_result": RefusalText(
            gettext_lazy(
                "The final result is published, and number %(number)d is in it. It can only be"
                " removed in the open: with “Remove from the result”."
            )
        ),
        "too_late": RefusalText(
            gettext_lazy(
                "The final result is published without number %(number)d, and nobody can vote on"
                " it any more, so it cannot be shown."
            )
        ),
        "no_result": RefusalText(
            gettext_lazy(
                "There is no final result yet that number %(number)d could be removed from."
            )
        ),
    }


def next_state(text: ModeratedText, decision: Decision) -> TextState:
    """The state that the decision leads to. Raises ``DecisionRefused``."""
    after = state_after(text.state, decision, final=has_final_map(text.dialogue))
    if after is None:
        raise decided_already(text)
    if isinstance(after, Obstacle):
        raise DecisionRefused(after.value, number=text.number)
    return after


def decided_already(text: ModeratedText) -> DecisionRefused:
    """The refusal that names the colleague who decided, and the text's present state."""
    kind = kind_of(type(text))
    actions = kind.actions._default_manager.filter(**{kind.key: text})
    last = actions.select_related("staff").first()
    return DecisionRefused(
        "decided_already",
        number=text.number,
        who=last.staff if last and last.staff else _("somebody else"),
        state=text.get_status_display(),
    )


@transaction.atomic
def approve(staff: User, statement: Statement, seen: str) -> Statement:
    """Show the statement, or mark a shown one as reviewed. Raises ``DecisionRefused``."""
    statement = _locked(statement, seen)
    statement.move_to(next_state(statement, Decision.APPROVE))
    log_staff_action(staff, statement.dialogue, Verb.APPROVE, statement=statement)
    return statement


@transaction.atomic
def reject(staff: User, statement: Statement, seen: str, reason: str) -> Statement:
    """Hide the statement for a reason that its author sees. Its votes stay, but do not count.

    Raises ``DecisionRefused``.
    """
    return _hide(staff, _locked(statement, seen), Decision.REJECT, reason)


@transaction.atomic
def remove(staff: User, statement: Statement, seen: str, reason: str) -> Statement:
    """Remove the text from the final result. Number, position, figures and a note stay.

    Raises ``DecisionRefused``.
    """
    current = _locked(statement, seen)
    return _hide(staff, current, Decision.REMOVE, reason, after_result=True)


def _hide(
    staff: User, statement: Statement, decision: Decision, reason: str, **details: bool
) -> Statement:
    reason = Statement.Reason(reason)
    statement.move_to(next_state(statement, decision), reason)
    log_staff_action(
        staff, statement.dialogue, Verb.REJECT, statement=statement, reason=reason, **details
    )
    return statement


@transaction.atomic
def merge(staff: User, statement: Statement, seen: str, into: Statement) -> Statement:
    """Stop dealing the statement, because ``into`` says the same. No votes are moved.

    Raises ``DecisionRefused``.
    """
    statement = _locked(statement, seen)
    after = next_state(statement, Decision.MERGE)
    into = Statement.objects.select_for_update().get(pk=into.pk)
    if into.pk == statement.pk:
        raise DecisionRefused("same")
    if into.dialogue_id != statement.dialogue_id:
        raise DecisionRefused("elsewhere")
    if into.status != Statement.Status.APPROVED:
        raise DecisionRefused("not_shown", number=into.number)
    statement.move_to(after, merged_into=into)
    log_staff_action(staff, statement.dialogue, Verb.MERGE, statement=statement, into=into.number)
    return statement


def take_back(staff: User, statement: Statement, seen: str) -> Statement:
    """Undo a decision: the statement waits again, or is shown again in the final result.

    Raises ``DecisionRefused``, also if another has the same words or the text is deleted.
    """
    try:
        with transaction.atomic():
            statement = _locked(statement, seen)
            removed = Statement.objects.removed().filter(pk=statement.pk).exists()
            after = next_state(statement, Decision.RESTORE if removed else Decision.TAKE_BACK)
            if statement.text_deleted:
                raise DecisionRefused("text_deleted", number=statement.number)
            statement.move_to(after, merged_into=None)
            log_staff_action(staff, statement.dialogue, Verb.TAKE_BACK, statement=statement)
    except IntegrityError:
        raise refused_for_twin(statement) from None
    return statement


def refused_for_twin(statement: Statement) -> DecisionRefused:
    """The refusal if another shown or waiting statement has the same words."""
    same = statement.dialogue.statements.filter(dedup_hash=statement.dedup_hash)
    twin = same.in_state(TextState.WAITING, TextState.UNSEEN, TextState.SHOWN).first()
    return DecisionRefused("twin", number=twin.number if twin else 0)


def _locked(statement: Statement, seen: str) -> Statement:
    """The statement as stored now, locked until the decision is stored."""
    rows = Statement.objects.select_for_update(of=("self",)).select_related("dialogue")
    current = rows.get(pk=statement.pk)
    if current.state.value != seen:
        raise decided_already(current)
    return current
