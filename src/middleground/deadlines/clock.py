"""From a policy and events to a deadline (decision 53).

A day elapses if it lies after the start and in no pause, and, where working days are counted, is
a working day. A pause takes out the days from that of the pause to the one before the resumption.
The due day is the first working day outside pauses that is not before the last elapsed day allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from middleground.deadlines.deadline import ClockChange, Deadline
from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.events import ClockEvent, EventKind
from middleground.deadlines.policy import Policy, Unit
from middleground.deadlines.working_days import working_days

STARTED, PAUSED, RESUMED = EventKind.STARTED, EventKind.PAUSED, EventKind.RESUMED
EXTENDED, STOPPED, RESTARTED = EventKind.EXTENDED, EventKind.STOPPED, EventKind.RESTARTED


def deadline_of(policy: Policy, events: Iterable[ClockEvent]) -> Deadline:
    """The deadline after these events, which are in day order. Raises InvalidDeadline."""
    period: _Period | None = None
    last = date.min
    for event in events:
        kind, day = event.kind, event.day
        if day < last:
            raise InvalidDeadline("not_in_order", day=day, last=last)
        last = day
        if kind is STARTED:
            if period is not None:
                raise InvalidDeadline("started_already", day=day)
            period = _Period(policy, day, ())
        elif period is None:
            raise InvalidDeadline("not_started", day=day)
        elif kind is RESTARTED:
            if period.stopped is None:
                raise InvalidDeadline("not_stopped", day=day)
            ended = period.deadline()
            period = _Period(policy, day, (*ended.earlier, ended))
        elif period.stopped is not None:
            raise InvalidDeadline("stopped", day=period.stopped)
        else:
            period.take(event)
    if period is None:
        raise InvalidDeadline("not_started", day="the end")
    return period.deadline()


class _Period:
    """One period while its events are read. Days are ordinals."""

    def __init__(self, policy: Policy, start: date, earlier: tuple[Deadline, ...]) -> None:
        self.policy = policy
        self.start = start
        self.earlier = earlier
        self.table = working_days(policy.calendar, start)
        self.counts_working_days = policy.unit is Unit.WORKING_DAYS
        self.allowed = policy.amount
        self.used = 0
        self.used_on = start.toordinal()
        self.changes: list[ClockChange] = []
        self.pause: int | None = None  # the place in ``changes`` of the pause that is open
        self.pause_counts = False
        self.stopped: date | None = None

    def take(self, event: ClockEvent) -> None:
        kind = event.kind
        if kind is STOPPED:
            self.stopped = event.day
        elif kind is RESUMED:
            self._resume(event.day)
        elif kind is PAUSED:
            self._pause(event)
        elif self._is_in_time(event.day):
            self.allowed += event.amount
            self.changes.append(ClockChange(event, in_time=True))
        else:
            self.changes.append(ClockChange(event, in_time=False))

    def due(self) -> int:
        """The due day of a clock that runs."""
        left = max(0, self.allowed - self.used)
        if self.counts_working_days:
            return self.table.nth(self.table.count(self.used_on) + left)
        # Nothing is left if it was paused on a day to which the due day had been moved.
        return self.table.next_from(self.used_on + max(1, left))

    def deadline(self) -> Deadline:
        due = None if self.pause_counts else date.fromordinal(self.due())
        if self.stopped is not None and not self.pause_counts:
            self._use_until(self.stopped.toordinal())
        return Deadline(
            policy=self.policy,
            start=self.start,
            due=due,
            allowed=self.allowed,
            used=self.used,
            used_on=date.fromordinal(self.used_on),
            stopped=self.stopped,
            changes=tuple(self.changes),
            earlier=self.earlier,
        )

    def _is_in_time(self, day: date) -> bool:
        return self.pause_counts or day.toordinal() <= self.due()

    def _pause(self, event: ClockEvent) -> None:
        if self.pause is not None:
            raise InvalidDeadline("paused_already", day=event.day)
        self.pause_counts = self._is_in_time(event.day)
        if self.pause_counts:
            self._use_until(event.day.toordinal() - 1)
        self.pause = len(self.changes)
        self.changes.append(ClockChange(event, self.pause_counts))

    def _resume(self, day: date) -> None:
        if self.pause is None:
            raise InvalidDeadline("not_paused", day=day)
        self.changes[self.pause] = self.changes[self.pause]._replace(until=day)
        if self.pause_counts:
            self.used_on = max(self.used_on, day.toordinal() - 1)
        self.pause, self.pause_counts = None, False

    def _use_until(self, day: int) -> None:
        if day > self.used_on:
            if self.counts_working_days:
                self.used += self.table.count(day) - self.table.count(self.used_on)
            else:
                self.used += day - self.used_on
            self.used_on = day
