"""Commitments as officials would make them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from answers.entered import answer_case
from middleground.answers.commitments import keeping
from middleground.answers.models import Case, Commitment, CommitmentEvent
from middleground.people.models import Appointment

JULY = date(2026, 7, 1)


def promise(
    case: Case,
    term: Appointment,
    what: str = "Two patrols a week",
    due: date | None = None,
    *milestones: tuple[date, str],
) -> Commitment:
    """The term's holder promises something in the case, which they answer first if need be.

    Without a due day: in 58 days, which is July 1 on the day of the tests.
    """
    assert term.user
    case.refresh_from_db()
    if case.status != "answered":
        answer_case(case, term)
    due = due or timezone.localdate() + timedelta(days=58)
    return keeping.make_commitment(
        term.user, case, term.post, what=what, due=due, milestones=milestones
    )


def make_reached(case: Case, term: Appointment) -> CommitmentEvent:
    """A promise whose only milestone is reached, as the event says that is given back."""
    assert term.user
    on = timezone.localdate()
    made = promise(case, term, "Two patrols a week", None, (on, "The plan is out"))
    proof = {"words": "It hangs at the quay.", "link": ""}
    keeping.reach_milestone(term.user, made, term.post, milestone=1, **proof)
    return made.events.get(kind="reached")


def promise_and_slip(case: Case, term: Appointment) -> Commitment:
    """One with a milestone and a slip of its due day, and two more that are kept and given up."""
    assert term.user
    on = timezone.localdate()
    made = promise(case, term, "Two patrols a week", on + timedelta(30), (on, "The plan is out"))
    kept, lost = promise(case, term, "A sign at the quay"), promise(case, term, "A gate")
    keeping.slip(term.user, made, term.post, to=on + timedelta(45), reason="Two officers are ill.")
    keeping.keep(term.user, kept, term.post, words="It stands.", link="https://example.org/sign")
    keeping.give_up(term.user, lost, term.post, reason="The quay is private ground.")
    return made
