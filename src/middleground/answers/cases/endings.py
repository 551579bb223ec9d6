"""Reopening and closing cases. History stays."""

from __future__ import annotations

from django.db import transaction

from middleground.answers.cases.owners import check_reason
from middleground.answers.cases.record import lock
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.models import Case, CaseEvent, OwedAnswer
from middleground.people.models import User

Kind = CaseEvent.Kind


@transaction.atomic
def reopen(by: User | None, case: Case, reason: str) -> None:
    """Let the case wait for an answer again; its clock starts anew, and the old answer stays."""
    check_reason(reason)
    lock(case).add(Kind.REOPENED, {"reason": reason}, by=by)


@transaction.atomic
def close(by: User, case: Case, reason: str) -> None:
    """End the case. Without an answer it counts as withdrawn."""
    check_reason(reason)
    held = lock(case)
    if held.state.is_waiting:
        shown = held.case.concerns.filter(statement__in=held.case.dialogue.statements.votable())
        owed = OwedAnswer.objects.filter(
            dialogue=held.case.dialogue, number__in=shown.values("number")
        )
        for each in owed[:1]:
            raise CaseRefused("owed_in_case", number=each.number)
    held.add(Kind.CLOSED, {"reason": reason}, by=by)
