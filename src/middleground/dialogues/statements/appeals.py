"""Appeals: an author asks for a second look, and another moderator decides.

One appeal against each decision. Whoever decided first does not decide again while somebody else
is there who could.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from middleground.dialogues.models import (
    Appeal,
    Dialogue,
    Participant,
    StaffAction,
    Statement,
    Verb,
)
from middleground.dialogues.sealing.staff_log import record
from middleground.dialogues.statements.moderation import NotPossible, refuse_too_late, twin_of
from middleground.dialogues.statements.submit import EMPTY
from middleground.people.models import User
from middleground.people.permissions import may_moderate
from middleground.texts.normalise import dedup_hash, normalise

LONGEST_APPEAL = 500
Outcome = Appeal.Outcome


class AppealRefused(Exception):
    """The appeal was not taken; nothing was stored. ``code`` says why.

    closed, no_words, too_long (with the text's ``length``), shown (nothing to appeal against) or
    once (it was appealed against before).
    """

    def __init__(self, code: str, length: int = 0) -> None:
        super().__init__(code)
        self.code, self.length = code, length


class DecidedAlready(Exception):
    """A colleague was faster, or the statement is no longer rejected."""


class NeedsAnother(Exception):
    """Somebody else than who decided first must look at it, and there is somebody."""


def may_appeal(statement: Statement) -> bool:
    """Whether its author may ask for a second look, in an open dialogue."""
    appeal = appeal_against(statement)
    known = statement.origin == Statement.Origin.PARTICIPANT and bool(statement.text)
    is_rejected = statement.status == Statement.Status.REJECTED
    return is_rejected and known and (appeal is None or appeal.outcome == Outcome.CHANGED)


def appeal_against(statement: Statement) -> Appeal | None:
    return getattr(statement, "appeal", None)


def submit_appeal(dialogue: Dialogue, author_id: int, number: int, text: str) -> Appeal:
    """Store the appeal of a statement's author. Raises ``AppealRefused``, ``DoesNotExist``."""
    kept = _check(text)
    with transaction.atomic():
        dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        own = dialogue.statements.filter(author_id=author_id)
        statement = own.select_for_update(of=("self",)).get(number=number)
        if not dialogue.is_open(timezone.now()):
            raise AppealRefused("closed")
        if statement.status != Statement.Status.REJECTED:
            raise AppealRefused("shown")
        if not may_appeal(statement):
            raise AppealRefused("once")
        appeal, _created = Appeal.objects.update_or_create(
            statement=statement, defaults={"text": kept, "outcome": Outcome.WAITING}
        )
    return appeal


def waiting_appeals(dialogue: Dialogue) -> QuerySet[Statement]:
    """Statements whose author waits, the longest waiting first as far as is known."""
    return (
        dialogue.statements.filter(
            status=Statement.Status.REJECTED, appeal__outcome=Outcome.WAITING
        )
        .select_related("appeal")
        .order_by("appeal__pk")
    )


def who_rejected(statements: Sequence[Statement]) -> dict[int, User | None]:
    """By statement, who decided that it is not shown; None where that is not known any more."""
    decisions = StaffAction.objects.filter(statement__in=statements, verb=Verb.REJECT)
    last_wins = decisions.select_related("staff").order_by("at", "pk")
    return {action.statement_id: action.staff for action in last_wins if action.statement_id}


def who_looked_again(statements: Sequence[Statement]) -> dict[int, str]:
    """By statement whose appeal is decided: "another" account than decided first, or the "same".

    Nothing where an account is gone since, so that it is not known any more.
    """
    verbs = (Verb.REJECT, Verb.APPEAL_CHANGED, Verb.APPEAL_STANDS)
    acts = StaffAction.objects.filter(statement__in=statements, verb__in=verbs)
    first: dict[int | None, int | None] = {}
    found: dict[int, str] = {}
    for key, verb, staff in acts.order_by("at", "pk").values_list("statement", "verb", "staff"):
        if verb == Verb.REJECT:
            first[key] = staff
        elif key and staff and first.get(key):
            found[key] = "same" if staff == first[key] else "another"
    return found


def needs_another(staff: User, first: User | None) -> bool:
    """Whether somebody else must look at it: this one decided first, and others are there."""
    if first is None or first.pk != staff.pk:
        return False
    return any(map(may_moderate, User.objects.filter(is_active=True).exclude(pk=staff.pk)))


@transaction.atomic
def let_stand(staff: User, statement: Statement, reason: str) -> Statement:
    """It stays hidden, for the reason that the second moderator gives; its author sees it."""
    reason = Statement.Reason(reason)
    statement = _to_decide(staff, statement)
    statement.reason = reason
    statement.save(update_fields=["reason"])
    Appeal.objects.filter(statement=statement).update(outcome=Outcome.STANDS)
    record(staff, statement.dialogue, Verb.APPEAL_STANDS, statement=statement, reason=reason)
    return statement


def change_decision(staff: User, statement: Statement) -> Statement:
    """It is shown, and the appeal's text goes.

    Raises ``NotPossible`` beside a twin, and once the final result is published.
    """
    try:
        with transaction.atomic():
            statement = _to_decide(staff, statement)
            refuse_too_late(statement)
            statement.status, statement.reviewed = Statement.Status.APPROVED, True
            statement.reason, statement.rejected_on = "", None
            statement.save(update_fields=["status", "reviewed", "reason", "rejected_on"])
            Appeal.objects.filter(statement=statement).update(outcome=Outcome.CHANGED, text="")
            record(staff, statement.dialogue, Verb.APPEAL_CHANGED, statement=statement)
    except IntegrityError:
        raise NotPossible("twin", twin_of(statement)) from None
    return statement


def withdraw_appeals(author: Participant) -> None:
    """Whoever lets go of their statements lets go of what they said about them."""
    own = Appeal.objects.filter(statement__author=author)
    own.filter(outcome=Outcome.WAITING).delete()
    own.update(text="")


def count_appeals(dialogue: Dialogue) -> dict[str, int]:
    """How many by outcome. What was shown by taking the first decision back was changed, too."""
    counts = dict.fromkeys(Outcome.values, 0)
    appeals = Appeal.objects.filter(statement__dialogue=dialogue)
    for outcome, status in appeals.values_list("outcome", "statement__status"):
        moot = outcome == Outcome.WAITING and status != Statement.Status.REJECTED
        counts[Outcome.CHANGED if moot else outcome] += 1
    return counts


def _check(text: str) -> str:
    if len(text) > 50 * LONGEST_APPEAL:  # before tidying, which reads every character
        raise AppealRefused("too_long", len(text))
    kept = normalise(text)
    if dedup_hash(kept) == EMPTY:
        raise AppealRefused("no_words")
    if len(kept) > LONGEST_APPEAL:
        raise AppealRefused("too_long", len(kept))
    return kept


def _to_decide(staff: User, statement: Statement) -> Statement:
    """The statement as stored now, held until the decision is stored."""
    rows = Statement.objects.select_for_update(of=("self",)).select_related("dialogue")
    current = rows.get(pk=statement.pk)
    appeal = Appeal.objects.filter(statement=current, outcome=Outcome.WAITING)
    if current.status != Statement.Status.REJECTED or not appeal.exists():
        raise DecidedAlready
    if needs_another(staff, who_rejected([current]).get(current.pk)):
        raise NeedsAnother
    return current
