"""What moderators decide about statements: approve, reject, merge, take back.

A decision names the state in which its moderator saw the statement. If a colleague was faster, the
decision is refused (``DecidedAlready``), so nothing happens twice.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from middleground.dialogues.models import Statement, Verb
from middleground.dialogues.sealing.staff_log import record
from middleground.dialogues.statements.redaction import has_final_map
from middleground.people.models import User

Status = Statement.Status


class DecidedAlready(Exception):
    """The statement is no longer in the state that the moderator saw."""

    def __init__(self, current: Statement) -> None:
        super().__init__(current.pk)
        self.current = current


class NotPossible(Exception):
    """This cannot be decided so.

    ``code`` is same, not_shown, elsewhere, twin, text_deleted, in_result, no_result or
    too_late.
    """

    def __init__(self, code: str, other: Statement | None = None) -> None:
        super().__init__(code)
        self.code, self.other = code, other


def state_of(statement: Statement) -> str:
    """What a page tells about a statement's state, and sends back with the decision."""
    return f"{statement.status}{'' if statement.reviewed else '-new'}"


@transaction.atomic
def approve(staff: User, statement: Statement, seen: str) -> Statement:
    """Show it, or, where it is shown already, say that it may stay.

    Raises ``NotPossible`` where a final result without it is published.
    """
    statement = _locked(statement, seen, Status.PENDING, Status.APPROVED)
    if statement.status == Status.PENDING:
        refuse_too_late(statement)
    statement.status, statement.reviewed = Status.APPROVED, True
    statement.save(update_fields=["status", "reviewed"])
    record(staff, statement.dialogue, Verb.APPROVE, statement=statement)
    return statement


@transaction.atomic
def reject(staff: User, statement: Statement, seen: str, reason: str) -> Statement:
    """Don't show it, for a reason that its author sees. Votes on it stay, and count no more."""
    statement = _locked(statement, seen, Status.PENDING, Status.APPROVED)
    _refuse_in_result(statement)
    return _hide(staff, statement, reason)


@transaction.atomic
def remove(staff: User, statement: Statement, seen: str, reason: str) -> Statement:
    """Take its words from the final result, where number, place and figures stay, with a note."""
    statement = _locked(statement, seen, Status.APPROVED)
    if not has_final_map(statement.dialogue):
        raise NotPossible("no_result", statement)
    return _hide(staff, statement, reason, after_result=True)


def _hide(staff: User, statement: Statement, reason: str, **details: bool) -> Statement:
    reason = Statement.Reason(reason)
    statement.status, statement.reviewed, statement.reason = Status.REJECTED, True, reason
    statement.rejected_on = timezone.localdate()
    statement.save(update_fields=["status", "reviewed", "reason", "rejected_on"])
    record(staff, statement.dialogue, Verb.REJECT, statement=statement, reason=reason, **details)
    return statement


def refuse_too_late(statement: Statement) -> None:
    """A final result gains no statement on which nobody can vote any more."""
    if has_final_map(statement.dialogue):
        raise NotPossible("too_late", statement)


def _refuse_in_result(statement: Statement) -> None:
    """What stands in a final result does not leave it without a trace."""
    if statement.status == Status.APPROVED and has_final_map(statement.dialogue):
        raise NotPossible("in_result", statement)


@transaction.atomic
def merge(staff: User, statement: Statement, seen: str, into: Statement) -> Statement:
    """Stop dealing it because another says the same. No vote moves from one to the other."""
    statement = _locked(statement, seen, Status.PENDING, Status.APPROVED)
    _refuse_in_result(statement)
    into = Statement.objects.select_for_update().get(pk=into.pk)
    if into.pk == statement.pk:
        raise NotPossible("same")
    if into.dialogue_id != statement.dialogue_id:
        raise NotPossible("elsewhere")
    if into.status != Status.APPROVED:
        raise NotPossible("not_shown", into)
    statement.status, statement.reviewed, statement.merged_into = Status.MERGED, True, into
    statement.save(update_fields=["status", "reviewed", "merged_into"])
    record(staff, statement.dialogue, Verb.MERGE, statement=statement, into=into.number)
    return statement


def take_back(staff: User, statement: Statement, seen: str) -> Statement:
    """Undo a decision: the statement waits again, or, of the final result, is shown again.

    Raises ``NotPossible`` beside a twin, and where the text is deleted.
    """
    try:
        with transaction.atomic():
            statement = _locked(statement, seen, Status.APPROVED, Status.REJECTED, Status.MERGED)
            if statement.text_deleted:
                raise NotPossible("text_deleted", statement)
            _refuse_in_result(statement)
            removed = Statement.objects.removed().filter(pk=statement.pk).exists()
            statement.status = Status.APPROVED if removed else Status.PENDING
            statement.reviewed = removed
            statement.reason, statement.merged_into, statement.rejected_on = "", None, None
            statement.save(
                update_fields=["status", "reviewed", "reason", "merged_into", "rejected_on"]
            )
            record(staff, statement.dialogue, Verb.TAKE_BACK, statement=statement)
    except IntegrityError:
        raise NotPossible("twin", twin_of(statement)) from None
    return statement


def twin_of(statement: Statement) -> Statement | None:
    """The same words, sent again since: they stand or wait under another number."""
    same = Statement.objects.filter(
        dialogue_id=statement.dialogue_id, dedup_hash=statement.dedup_hash
    )
    return same.filter(status__in=[Status.PENDING, Status.APPROVED]).first()


def _locked(statement: Statement, seen: str, *allowed: Status) -> Statement:
    """The statement as stored now, held until the decision is stored."""
    rows = Statement.objects.select_for_update(of=("self",)).select_related("dialogue")
    current = rows.get(pk=statement.pk)
    if state_of(current) != seen or current.status not in allowed:
        raise DecidedAlready(current)
    return current
