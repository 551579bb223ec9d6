"""Deadlines by walking day after day and asking the library of holidays for each: slow and plain.

It follows the words of decision 53 and shares no code with the product's counting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import holidays

from middleground.deadlines.events import ClockEvent, EventKind
from middleground.deadlines.policy import Policy, Unit, WorkCalendar

DAY = timedelta(days=1)


@cache
def is_working_day(calendar: WorkCalendar, day: date) -> bool:
    known = _library(calendar.country, calendar.subdivision)
    return known.is_working_day(day) and day not in calendar.closing_days


@cache
def _library(country: str, subdivision: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision or None)


@dataclass(frozen=True)
class Rules:
    """The rules, and wrong ones, which a comparison has to find."""

    counts_first_day: bool = False
    takes_out_resume_day: bool = False
    moves_from_days_off: bool = True
    takes_late_changes: bool = False


@dataclass(frozen=True)
class Life:
    start: date
    allowed: int
    pauses: tuple[tuple[date, date], ...] = ()  # to the first day that is not paused
    paused: date | None = None


def due_by_walking(
    policy: Policy, events: Sequence[ClockEvent], rules: Rules = Rules()
) -> date | None:
    """The due day of the last period, None while it is paused."""
    life = Life(date.min, 0)
    for event in events:
        if event.kind in (EventKind.STARTED, EventKind.RESTARTED):
            life = Life(event.day, policy.amount)
            late_pause = False
        elif event.kind is EventKind.RESUMED:
            if not late_pause and life.paused:
                until = event.day + DAY if rules.takes_out_resume_day else event.day
                life = replace(life, pauses=(*life.pauses, (life.paused, until)), paused=None)
            late_pause = False
        elif event.kind is not EventKind.STOPPED:
            due = _due(policy, life, rules)
            in_time = due is None or event.day <= due or rules.takes_late_changes
            if event.kind is EventKind.PAUSED:
                late_pause = not in_time
                life = replace(life, paused=event.day if in_time else None)
            elif in_time:
                life = replace(life, allowed=life.allowed + event.amount)
    return _due(policy, life, rules)


def _due(policy: Policy, life: Life, rules: Rules) -> date | None:
    if life.paused is not None:
        return None

    def elapses(day: date) -> bool:
        if any(first <= day < until for first, until in life.pauses):
            return False
        return policy.unit is Unit.CALENDAR_DAYS or is_working_day(policy.calendar, day)

    def can_be_due(day: date) -> bool:
        paused = any(first <= day < until for first, until in life.pauses)
        works = is_working_day(policy.calendar, day) or not rules.moves_from_days_off
        return works and not paused

    day = life.start - DAY if rules.counts_first_day else life.start
    for _ in range(life.allowed):
        day = _next(day + DAY, elapses)
    return _next(day, can_be_due)


def _next(day: date, wanted: Callable[[date], bool]) -> date:
    while not wanted(day):
        day += DAY
    return day
