"""Which cases and checks a job takes the lock of: those that have something due, and no other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from answers.entered import answer_case
from middleground.answers.cases import endings
from middleground.answers.cases.gathering import open_case
from middleground.answers.cases.record import LockedCase
from middleground.answers.checks import rounds
from middleground.answers.checks.rounds import keep_checks, move_on, open_check
from middleground.answers.models import Case, ResidentCheck
from middleground.answers.models.check import ResidentCheckQuerySet
from middleground.answers.responses.publish import retract_response
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the cases that were locked, in their order."""
    titles: list[str] = []
    lock = rounds.lock

    def noted(case: Case) -> LockedCase:
        titles.append(case.title)
        return lock(case)

    monkeypatch.setattr(rounds, "lock", noted)
    return titles


@pytest.fixture
def cases(
    keys: object, staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> dict[str, Case]:
    """Cases that differ in what became of them; all but one were answered on the same day."""
    names = ("waits", "stands", "reopened", "retracted", "closed", "answered anew", "young")
    found = {name: open_case(staff, harbour, title=name, numbers=[1]) for name in names}
    for name in names[1:-1]:
        answer_case(found[name], chief)
    today[0] += timedelta(days=27)
    answer_case(found["young"], chief)
    return found


def change(staff: User, chief: Appointment, cases: dict[str, Case]) -> None:
    """End the answers of some cases; one of them gets another answer on the same day."""
    assert chief.user
    endings.reopen(staff, cases["reopened"], "They ask for it.")
    endings.reopen(staff, cases["answered anew"], "They ask for it.")
    answer_case(cases["answered anew"], chief)
    retract_response(chief.user, cases["retracted"], chief.post, "Wrong quay.")
    endings.close(staff, cases["closed"], "They ask for it.")


def test_only_what_is_due_is_looked_at(
    staff: User, chief: Appointment, cases: dict[str, Case], today: list[date], looked_at: list[str]
) -> None:
    assert (keep_checks(), looked_at) == (0, [])
    today[0] += timedelta(days=1)
    old = ["stands", "reopened", "retracted", "closed", "answered anew"]
    assert (keep_checks(), looked_at) == (5, old)
    looked_at.clear()
    assert (keep_checks(), looked_at) == (0, [])  # each of them was asked about, none is over
    change(staff, chief, cases)
    ended = ["reopened", "retracted", "closed", "answered anew"]
    assert (keep_checks(), looked_at) == (4, ended)
    looked_at.clear()
    today[0] += timedelta(days=27)
    assert (keep_checks(), looked_at) == (1, ["young"])
    today[0] += timedelta(days=1)
    looked_at.clear()
    assert (keep_checks(), looked_at) == (2, ["stands", "answered anew"])


def test_a_job_that_stood_still_for_weeks_goes_on(
    staff: User, chief: Appointment, cases: dict[str, Case], today: list[date]
) -> None:
    """The check of the answer before is still open when that of the next one is due."""
    today[0] += timedelta(days=1)
    keep_checks()
    change(staff, chief, cases)
    today[0] += timedelta(days=28)
    keep_checks()
    found = ResidentCheck.objects.filter(case=cases["answered anew"]).order_by("pk")
    assert list(found.values_list("stage", "version")) == [("over", 1), ("anyone", 2)]


def left_out(today: list[date]) -> list[str]:
    """What a run leaves out, looked at one by one: those of which something changes."""
    keep_checks()
    waiting = list(Case.objects.filter(status="answered", answered_on__lte=today[0]))
    waiting = [case for case in waiting if today[0] - case.answered_on >= timedelta(28)]  # type: ignore[operator]
    opened = [case.title for case in waiting if open_check(case)]
    checks = ResidentCheck.objects.select_related("case").order_by("pk")
    return opened + [check.case.title for check in checks if move_on(check)]


def test_what_is_left_out_would_not_change(
    staff: User,
    chief: Appointment,
    cases: dict[str, Case],
    today: list[date],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert left_out(today) == []
    today[0] += timedelta(days=1)
    assert left_out(today) == []
    change(staff, chief, cases)
    assert left_out(today) == []
    for _ in range(3):
        today[0] += timedelta(days=14)
        assert left_out(today) == []
    # The control: if only the days of a stage counted, ended answers would still be asked about.
    endings.reopen(staff, cases["young"], "They ask for it.")
    by_days = lambda self, day: self.still_open().filter(stage_ends_on__lte=day)  # noqa: E731
    monkeypatch.setattr(ResidentCheckQuerySet, "due", by_days)
    assert left_out(today) == ["young"]
