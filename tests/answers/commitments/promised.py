"""Commitments as officials would make them."""

from __future__ import annotations

from datetime import date

from answers.entered import answer_case
from middleground.answers.commitments.keeping import make_commitment
from middleground.answers.models import Case, Commitment
from middleground.people.models import Appointment

JULY = date(2026, 7, 1)


def promise(
    case: Case,
    term: Appointment,
    what: str = "Two patrols a week",
    due: date = JULY,
    *milestones: tuple[date, str],
) -> Commitment:
    """The term's holder promises something in the case, which they answer first if need be."""
    assert term.user
    case.refresh_from_db()
    if case.status != "answered":
        answer_case(case, term)
    return make_commitment(term.user, case, term.post, what=what, due=due, milestones=milestones)
