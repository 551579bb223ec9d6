"""The sum that leads from the start to the due day, as data for sentences.

The start and the ``days`` of all steps together give the due day. While the clock is paused they
give the last day before the pause, since the last step takes away the days that are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from middleground.deadlines.deadline import ClockChange, Deadline
from middleground.deadlines.events import EventKind
from middleground.deadlines.policy import Unit
from middleground.deadlines.working_days import LANGUAGE, WorkingDays, working_days


class StepKind(Enum):
    START = "start"  # ``day`` itself is not counted
    COUNTED = "counted"  # the policy's amount
    EXTENDED = "extended"  # on ``day``, with ``reason``
    HOLIDAY = "holiday"  # ``day`` is skipped; ``name`` is empty for the host's closing day
    WEEKENDS = "weekends"
    PAUSED = "paused"  # from ``day`` until the day before ``until``, with ``reason``
    MOVED = "moved"  # the last day counted, ``day``, is no working day; with weekends after it
    LEFT = "left"  # while it is paused
    EXTENDED_TOO_LATE = "extended_too_late"  # after the due day, so that it changed nothing
    PAUSED_TOO_LATE = "paused_too_late"


@dataclass(frozen=True, slots=True)
class Step:
    kind: StepKind
    days: int = 0
    day: date | None = None
    until: date | None = None
    name: str = ""
    reason: str = ""


def steps_of(deadline: Deadline, language: str = LANGUAGE) -> list[Step]:
    """All steps of the period, in the order in which a person would read them.

    Holidays are named in ``language`` (such as en_US or de) where it is known, else in their
    country's own.
    """
    table = working_days(deadline.policy.calendar, deadline.start)
    elapsed, moved_over = _walk(deadline, table)
    steps = [
        Step(StepKind.START, day=deadline.start),
        Step(StepKind.COUNTED, deadline.policy.amount),
    ]
    if deadline.policy.unit is Unit.WORKING_DAYS:
        holidays, rest = _days_off(elapsed, table, language)
        steps += holidays
        if rest:
            steps.append(Step(StepKind.WEEKENDS, rest))
    steps += [_step_of(change, deadline) for change in deadline.changes]
    if moved_over:
        holidays, rest = _days_off(moved_over, table, language)
        first = date.fromordinal(moved_over[0])
        steps += [*holidays, Step(StepKind.MOVED, rest, day=first, until=deadline.due)]
    if deadline.due is None:
        steps.append(Step(StepKind.LEFT, -deadline.left))
    return steps


def _walk(deadline: Deadline, table: WorkingDays) -> tuple[list[int], list[int]]:
    """The days in no pause: those until the last counted one; those from it on to the due day."""
    in_pause = {day for change in deadline.changes for day in _paused_days(change, deadline)}
    elapsed: list[int] = []
    moved_over: list[int] = []
    counted = 0
    end = deadline.used_on if deadline.due is None else deadline.due
    for day in range(deadline.start.toordinal() + 1, end.toordinal() + 1):
        if day in in_pause:
            continue
        if counted < deadline.allowed:
            elapsed.append(day)
            counted += deadline.policy.unit is Unit.CALENDAR_DAYS or table.is_working(day)
        if counted == deadline.allowed:
            moved_over.append(day)
    return elapsed, moved_over[:-1]  # the due day itself is not moved over


def _paused_days(change: ClockChange, deadline: Deadline) -> range:
    """The days after the start that a pause took out, as ordinals; none yet if it goes on."""
    event, in_time, until = change
    if event.kind is not EventKind.PAUSED or not in_time or until is None:
        return range(0)
    return range(max(event.day, deadline.start + timedelta(1)).toordinal(), until.toordinal())


def _days_off(days: list[int], table: WorkingDays, language: str) -> tuple[list[Step], int]:
    """One step for each holiday among the days, and how many days of weekends are among them."""
    off = [day for day in days if not table.is_working(day)]
    names = {day: table.holiday_on(day, language) for day in off}
    holidays = [
        Step(StepKind.HOLIDAY, 1, day=date.fromordinal(day), name=name)
        for day, name in names.items()
        if name is not None
    ]
    return holidays, len(off) - len(holidays)


def _step_of(change: ClockChange, deadline: Deadline) -> Step:
    event, in_time, until = change
    if event.kind is EventKind.EXTENDED:
        kind = StepKind.EXTENDED if in_time else StepKind.EXTENDED_TOO_LATE
        return Step(kind, event.amount * in_time, day=event.day, reason=event.reason)
    kind = StepKind.PAUSED if in_time else StepKind.PAUSED_TOO_LATE
    days = len(_paused_days(change, deadline))
    return Step(kind, days, day=event.day, until=until, reason=event.reason)
