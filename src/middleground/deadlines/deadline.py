"""When an answer is due, and how late it is on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple

from middleground.deadlines.events import ClockEvent
from middleground.deadlines.policy import Policy, Unit
from middleground.deadlines.working_days import working_days

SOON_DAYS = 7


class ClockChange(NamedTuple):
    """A pause or an extension. Those that came after the due day changed nothing."""

    event: ClockEvent
    in_time: bool
    until: date | None = None  # the day on which a pause ended


@dataclass(frozen=True, slots=True)
class Deadline:
    """One period of a clock: from its start, or its last restart, on.

    ``due`` is None while the clock is paused. ``used`` days had elapsed with the day ``used_on``,
    after which time runs unless it is paused or stopped; ``allowed`` is the policy's amount with
    all extensions. ``earlier``: the periods before, which all ended with a stop.
    """

    policy: Policy
    start: date
    due: date | None
    allowed: int
    used: int
    used_on: date
    stopped: date | None
    changes: tuple[ClockChange, ...]
    earlier: tuple[Deadline, ...]

    @property
    def left(self) -> int:
        """How many days of the period were left at the end of ``used_on``."""
        return max(0, self.allowed - self.used)

    @property
    def was_met(self) -> bool | None:
        """None until it is stopped. A clock that is stopped while it is paused is met."""
        if self.stopped is None:
            return None
        return self.due is None or self.stopped <= self.due


class Standing(Enum):
    NOT_YET = "not_yet"
    DUE_SOON = "due_soon"
    PAUSED = "paused"
    OVERDUE = "overdue"
    VERY_OVERDUE = "very_overdue"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Lateness:
    """``days``: calendar days until the due day, negative after it; counted to the stop if any.

    It is None while the clock is paused. ``used`` and ``left``: in the policy's unit.
    """

    standing: Standing
    days: int | None
    used: int
    left: int


def lateness_of(deadline: Deadline, today: date) -> Lateness:
    """How the deadline stands on this day, by the events from which it was computed."""
    used, due = deadline.used, deadline.due
    if deadline.stopped is not None:
        days = None if due is None else (due - deadline.stopped).days
        standing = Standing.MET if deadline.was_met else Standing.MISSED
        return Lateness(standing, days, used, deadline.left)
    if due is None:
        return Lateness(Standing.PAUSED, None, used, deadline.left)
    used += _days_run(deadline, today)
    days = (due - today).days
    if days > SOON_DAYS:
        standing = Standing.NOT_YET
    elif days >= 0:
        standing = Standing.DUE_SOON
    elif -days <= deadline.policy.very_overdue_after:
        standing = Standing.OVERDUE
    else:
        standing = Standing.VERY_OVERDUE
    return Lateness(standing, days, used, max(0, deadline.allowed - used))


def _days_run(deadline: Deadline, today: date) -> int:
    since = deadline.used_on
    if today <= since:
        return 0
    if deadline.policy.unit is Unit.CALENDAR_DAYS:
        return (today - since).days
    table = working_days(deadline.policy.calendar, deadline.start)
    return table.count(today.toordinal()) - table.count(since.toordinal())
