"""Reopening and closing cases. History stays."""

from __future__ import annotations

from django.db import transaction

from middleground.answers.cases.owners import check_reason
from middleground.answers.cases.record import lock
from middleground.answers.models import Case, CaseEvent
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
    lock(case).add(Kind.CLOSED, {"reason": reason}, by=by)
