"""Random lives of clocks, against the plain computation and against rules that must always hold."""

from __future__ import annotations

import time
from datetime import date, timedelta

from hypothesis import find, given, settings
from hypothesis import strategies as st

from deadlines.day_by_day import DAY, Rules, due_by_walking, is_working_day
from middleground.deadlines.clock import deadline_of
from middleground.deadlines.deadline import lateness_of
from middleground.deadlines.events import (
    ClockEvent,
    EventKind,
    extended,
    paused,
    restarted,
    resumed,
    started,
    stopped,
)
from middleground.deadlines.policy import Policy, Unit, WorkCalendar
from middleground.deadlines.steps import steps_of

CALENDARS = (
    WorkCalendar("US", "CA", frozenset({date(2027, 12, 27), date(2027, 12, 28)})),
    WorkCalendar("DE", "BY"),
    WorkCalendar("IL"),
    WorkCalendar("CN"),
)
DAYS = st.dates(date(2024, 11, 1), date(2028, 4, 1))
Case = tuple[Policy, list[ClockEvent]]


@st.composite
def cases(draw: st.DrawFn, units: tuple[Unit, ...] = tuple(Unit), most: int = 8) -> Case:
    """A policy and up to ``most`` legal events after the start."""
    policy = Policy(
        draw(st.integers(1, 30)), draw(st.sampled_from(units)), draw(st.sampled_from(CALENDARS)), 14
    )
    day = draw(DAYS)
    events, is_paused, is_stopped = [started(day)], False, False
    for kind in draw(st.lists(st.sampled_from("pppeeers"), max_size=most)):
        day += timedelta(draw(st.integers(0, 12)))
        if is_stopped:
            events.append(restarted(day))
            is_stopped = False
        elif kind == "e":
            events.append(extended(day, draw(st.integers(1, 12)), "more to read"))
        elif kind == "s":
            events.append(stopped(day))
            is_paused, is_stopped = False, True
        elif is_paused:
            events.append(resumed(day))
            is_paused = False
        else:
            events.append(paused(day, "a question back"))
            is_paused = True
    return policy, events


@settings(max_examples=400, deadline=None)
@given(cases())
def test_the_due_day_and_its_sum_are_those_of_walking_day_by_day(case: Case) -> None:
    policy, events = case
    deadline = deadline_of(policy, events)
    assert deadline.due == due_by_walking(policy, events)
    total = sum(step.days for step in steps_of(deadline))
    # Paused, the sum ends with the last day that the clock ran.
    assert deadline.start + total * DAY == (deadline.due or deadline.used_on)
    restarts = sum(event.kind is EventKind.RESTARTED for event in events)
    assert len(deadline.earlier) == restarts
    assert all(period.was_met is not None for period in deadline.earlier)


WRONG = (
    Rules(counts_first_day=True),
    Rules(takes_out_resume_day=True),
    Rules(moves_from_days_off=False),
    Rules(takes_late_changes=True),
)


def test_the_comparison_finds_each_wrong_rule() -> None:
    for wrong in WRONG:
        policy, events = find(
            cases(),
            lambda case, wrong=wrong: deadline_of(*case).due != due_by_walking(*case, wrong),
            settings=settings(max_examples=1000, database=None, deadline=None),
        )
        assert deadline_of(policy, events).due == due_by_walking(policy, events)


@settings(max_examples=100, deadline=None)
@given(cases(), st.integers(0, 20), st.integers(1, 20))
def test_an_extension_never_makes_it_earlier(case: Case, later: int, amount: int) -> None:
    policy, events = case
    before = deadline_of(policy, events)
    if before.stopped is None:
        longer = [*events, extended(events[-1].day + later * DAY, amount, "more to read")]
        after = deadline_of(policy, longer)
        if before.due is None:
            assert (after.due, after.left) == (None, after.allowed - before.used)
            assert after.left >= before.left
        else:
            assert after.due is not None
            assert after.due >= before.due


@settings(max_examples=100, deadline=None)
@given(cases(units=(Unit.WORKING_DAYS,), most=5), st.integers(0, 20), st.integers(0, 30))
def test_a_pause_moves_the_due_day_by_its_working_days(case: Case, later: int, long: int) -> None:
    policy, events = case
    before = deadline_of(policy, events)
    first = events[-1].day + later * DAY
    is_running = before.stopped is None and all(
        change.until is not None or change.event.kind is EventKind.EXTENDED
        for change in before.changes
    )
    if is_running and before.due is not None and first <= before.due:
        until = first + long * DAY
        due = deadline_of(policy, [*events, paused(first, "why"), resumed(until)]).due
        taken_out = [first + n * DAY for n in range(long) if first + n * DAY > before.start]
        expected = before.due
        for _ in filter(lambda day: is_working_day(policy.calendar, day), taken_out):
            expected += DAY
            while not is_working_day(policy.calendar, expected):
                expected += DAY
        assert due == expected


def test_five_thousand_deadlines_take_a_fifth_of_a_second() -> None:
    policy = Policy(20, Unit.WORKING_DAYS, CALENDARS[0], 14)
    lives = []
    for number in range(5000):
        day = date(2026, 1, 5) + (number % 300) * DAY
        events = [started(day)]
        for _ in range(3):
            events += [paused(day + 2 * DAY, "why"), resumed(day + 6 * DAY)]
            day += 6 * DAY
            events.append(extended(day, 2, "more to read"))
        lives.append(events)
    today = date(2026, 11, 29)
    deadline_of(policy, [started(date(2026, 1, 5))])  # the years' holidays are known from then on
    spans = []
    for _ in range(3):
        began = time.process_time()
        for events in lives:
            lateness_of(deadline_of(policy, events), today)
        spans.append(time.process_time() - began)
    assert min(spans) < 0.2
