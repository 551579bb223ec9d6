"""Deadlines that a person can count on a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from middleground.deadlines.clock import deadline_of
from middleground.deadlines.deadline import Deadline, Lateness, Standing, lateness_of
from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.events import (
    ClockEvent,
    extended,
    paused,
    restarted,
    resumed,
    started,
    stopped,
)
from middleground.deadlines.policy import Policy, Unit, WorkCalendar
from middleground.deadlines.steps import Step, StepKind, steps_of

US, BAVARIA = WorkCalendar("US"), WorkCalendar("DE", "BY")
MONDAY = date(2026, 3, 2)


def working(amount: int, calendar: WorkCalendar = US) -> Policy:
    return Policy(amount, Unit.WORKING_DAYS, calendar, very_overdue_after=14)


def calendar_days(amount: int, calendar: WorkCalendar = US) -> Policy:
    return Policy(amount, Unit.CALENDAR_DAYS, calendar, very_overdue_after=14)


def march(day: int) -> date:
    return date(2026, 3, day)


def middle(deadline: Deadline) -> list[Step]:
    """The steps after the start and the policy's amount."""
    steps = steps_of(deadline)
    assert steps[0] == Step(StepKind.START, day=deadline.start)
    assert steps[1] == Step(StepKind.COUNTED, deadline.policy.amount)
    return steps[2:]


@pytest.mark.parametrize(
    ("policy", "start", "due"),
    [
        (calendar_days(1), date(2028, 2, 28), date(2028, 2, 29)),
        (calendar_days(1), date(2028, 2, 29), date(2028, 3, 1)),
        (working(2), date(2028, 2, 28), date(2028, 3, 1)),
        (working(1), date(2027, 2, 26), date(2027, 3, 1)),
        (calendar_days(365), date(2027, 3, 1), date(2028, 2, 29)),
        # A weekend of Friday and Saturday; a Saturday that is worked in exchange for a holiday.
        (working(1, WorkCalendar("IL")), date(2026, 2, 5), date(2026, 2, 8)),
        (working(1, WorkCalendar("CN")), date(2026, 2, 13), date(2026, 2, 14)),
        # 31 March is a holiday of California, and not of the country.
        (working(1, WorkCalendar("US", "CA")), march(30), date(2026, 4, 1)),
        (working(1), march(30), march(31)),
    ],
)
def test_due_days(policy: Policy, start: date, due: date) -> None:
    assert deadline_of(policy, [started(start)]).due == due


def test_over_the_turn_of_the_year() -> None:
    deadline = deadline_of(working(5), [started(date(2026, 12, 31))])
    assert deadline.due == date(2027, 1, 8)
    assert middle(deadline) == [
        Step(StepKind.HOLIDAY, 1, day=date(2027, 1, 1), name="New Year's Day"),
        Step(StepKind.WEEKENDS, 2),
    ]
    assert [lateness_of(deadline, date(2026, 12, 31)), lateness_of(deadline, date(2027, 1, 1))] == [
        Lateness(Standing.NOT_YET, 8, used=0, left=5),
        Lateness(Standing.DUE_SOON, 7, used=0, left=5),
    ]
    # A day before the start, as where a server's zone was changed: nothing is used.
    assert lateness_of(deadline, date(2019, 12, 31)) == Lateness(Standing.NOT_YET, 2565, 0, 5)
    january = {day: lateness_of(deadline, date(2027, 1, day)) for day in (7, 8, 9, 22, 23)}
    assert january == {
        7: Lateness(Standing.DUE_SOON, 1, used=4, left=1),
        8: Lateness(Standing.DUE_SOON, 0, used=5, left=0),
        9: Lateness(Standing.OVERDUE, -1, used=5, left=0),
        22: Lateness(Standing.OVERDUE, -14, used=14, left=0),  # without Martin Luther King's day
        23: Lateness(Standing.VERY_OVERDUE, -15, used=14, left=0),
    }


def test_a_holiday_on_a_sunday_that_is_observed_on_monday() -> None:
    deadline = deadline_of(calendar_days(10), [started(date(2027, 6, 25))])
    monday, tuesday = date(2027, 7, 5), date(2027, 7, 6)
    assert deadline.due == tuesday
    assert middle(deadline) == [
        Step(StepKind.HOLIDAY, 1, day=monday, name="Independence Day (observed)"),
        Step(StepKind.MOVED, 0, day=monday, until=tuesday),
    ]


def test_due_on_a_saturday_before_a_day_on_which_the_host_is_closed() -> None:
    deadline = deadline_of(calendar_days(5), [started(MONDAY)])
    assert deadline.due == march(9)
    assert middle(deadline) == [Step(StepKind.MOVED, 2, day=march(7), until=march(9))]
    closed = WorkCalendar("US", closing_days=frozenset({march(7), march(9)}))
    deadline = deadline_of(calendar_days(5, closed), [started(MONDAY)])
    assert deadline.due == march(10)
    assert middle(deadline) == [
        Step(StepKind.HOLIDAY, 1, day=march(9)),
        Step(StepKind.MOVED, 2, day=march(7), until=march(10)),
    ]


def test_a_pause_over_christmas() -> None:
    first, until = date(2026, 12, 21), date(2027, 1, 4)
    events = [started(date(2026, 12, 14)), paused(first, "We asked."), resumed(until)]
    deadline = deadline_of(working(10, BAVARIA), events)
    assert deadline.due == date(2027, 1, 12)
    epiphany = Step(StepKind.HOLIDAY, 1, day=date(2027, 1, 6), name="Epiphany")
    for language in ("de", "fr"):  # no French names are known for Germany: its own
        assert replace(epiphany, name="Heilige Drei Könige") in steps_of(deadline, language)
    assert middle(deadline) == [
        epiphany,
        Step(StepKind.WEEKENDS, 4),
        Step(StepKind.PAUSED, 14, day=first, until=until, reason="We asked."),
    ]


def test_an_extension_during_a_pause() -> None:
    events = [started(MONDAY), paused(march(5), "A question back"), extended(march(6), 3, "Maps")]
    deadline = deadline_of(working(5), events)
    assert (deadline.due, deadline.left, deadline.was_met) == (None, 6, None)
    assert lateness_of(deadline, march(31)) == Lateness(Standing.PAUSED, None, used=2, left=6)
    assert middle(deadline) == [
        Step(StepKind.PAUSED, 0, day=march(5), reason="A question back"),
        Step(StepKind.EXTENDED, 3, day=march(6), reason="Maps"),
        Step(StepKind.LEFT, -6),
    ]
    assert deadline_of(working(5), [*events, resumed(march(9))]).due == march(16)
    answered = deadline_of(working(5), [*events, stopped(march(30))])
    assert (answered.due, answered.was_met) == (None, True)
    assert lateness_of(answered, march(31)) == Lateness(Standing.MET, None, used=2, left=6)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ([], 9),
        ([paused(march(4), "a"), resumed(march(4))], 9),  # no day
        ([paused(march(4), "a"), resumed(march(5))], 10),
        ([paused(march(4), "a"), resumed(march(5)), paused(march(5), "b"), resumed(march(6))], 11),
        ([paused(MONDAY, "a"), resumed(march(3))], 9),  # the day of the start counts for nothing
        ([paused(march(6), "a"), resumed(march(9))], 10),  # over a weekend
        ([paused(march(7), "a"), resumed(march(8))], 9),  # of a weekend
        ([paused(march(9), "a"), resumed(march(11))], 11),  # on the due day one day is left
        ([paused(march(10), "a"), resumed(march(20))], 9),  # too late
    ],
)
def test_which_days_a_pause_takes_out(changes: list[ClockEvent], due: int) -> None:
    assert deadline_of(working(5), [started(MONDAY), *changes]).due == march(due)


def test_a_pause_on_the_day_to_which_the_due_day_was_moved() -> None:
    events = [started(MONDAY), paused(march(9), "a")]
    deadline = deadline_of(calendar_days(5), events)
    assert (deadline.due, deadline.left) == (None, 0)
    deadline = deadline_of(calendar_days(5), [*events, resumed(march(12))])
    assert deadline.due == march(12)
    assert middle(deadline) == [
        Step(StepKind.PAUSED, 3, day=march(9), until=march(12), reason="a"),
        Step(StepKind.MOVED, 2, day=march(7), until=march(12)),
    ]


def test_nothing_after_the_due_day_hides_that_it_is_late() -> None:
    late = [paused(march(10), "a"), resumed(march(11)), extended(march(11), 9, "b")]
    deadline = deadline_of(working(5), [started(MONDAY), *late, paused(march(12), "c")])
    assert deadline.due == march(9)
    assert middle(deadline)[1:] == [
        Step(StepKind.PAUSED_TOO_LATE, day=march(10), until=march(11), reason="a"),
        Step(StepKind.EXTENDED_TOO_LATE, day=march(11), reason="b"),
        Step(StepKind.PAUSED_TOO_LATE, day=march(12), reason="c"),
    ]
    assert lateness_of(deadline, march(13)) == Lateness(Standing.OVERDUE, -4, used=9, left=0)


def test_a_reopened_case_has_a_new_period_and_keeps_the_earlier_ones() -> None:
    events = [started(MONDAY), extended(march(3), 1, "a"), stopped(march(12))]
    events += [restarted(march(12)), stopped(march(19)), restarted(march(24))]
    deadline = deadline_of(working(5), events)
    first, second = deadline.earlier
    assert [(each.start, each.due, each.was_met) for each in (first, second, deadline)] == [
        (MONDAY, march(10), False),
        (march(12), march(19), True),
        (march(24), march(31), None),
    ]
    assert lateness_of(first, march(31)) == Lateness(Standing.MISSED, -2, used=8, left=0)
    assert lateness_of(second, march(31)) == Lateness(Standing.MET, 0, used=5, left=0)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], "not_started"),
        ([paused(MONDAY, "a")], "not_started"),
        ([started(MONDAY), stopped(date(2026, 3, 1))], "not_in_order"),
        ([started(MONDAY), started(MONDAY)], "started_already"),
        ([started(MONDAY), resumed(MONDAY)], "not_paused"),
        ([started(MONDAY), paused(MONDAY, "a"), paused(march(3), "b")], "paused_already"),
        ([started(MONDAY), restarted(MONDAY)], "not_stopped"),
        ([started(MONDAY), stopped(MONDAY), stopped(MONDAY)], "stopped"),
        ([started(MONDAY), stopped(MONDAY), resumed(MONDAY)], "stopped"),
        ([started(date(1969, 12, 31))], "year"),
        ([started(date(2199, 12, 31))], "year"),
    ],
)
def test_events_that_cannot_be_are_refused(events: list[ClockEvent], code: str) -> None:
    with pytest.raises(InvalidDeadline) as refused:
        deadline_of(working(5), events)
    assert refused.value.code == code
