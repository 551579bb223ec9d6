"""What happens to a clock, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.policy import check_amount, check_day


class EventKind(Enum):
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    STOPPED = "stopped"  # answered
    RESTARTED = "restarted"  # reopened: a new period begins, the earlier ones are kept


_WITH_REASON = (EventKind.PAUSED, EventKind.EXTENDED)


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """``amount``: of an extension, in the policy's unit."""

    kind: EventKind
    day: date
    reason: str = ""
    amount: int = 0

    def __post_init__(self) -> None:
        check_day(self.day)
        if self.kind in _WITH_REASON and not self.reason.strip():
            raise InvalidDeadline("reason")
        if self.kind is EventKind.EXTENDED:
            check_amount("extension", self.amount)


def started(day: date) -> ClockEvent:
    return ClockEvent(EventKind.STARTED, day)


def paused(day: date, reason: str) -> ClockEvent:
    return ClockEvent(EventKind.PAUSED, day, reason)


def resumed(day: date) -> ClockEvent:
    return ClockEvent(EventKind.RESUMED, day)


def extended(day: date, amount: int, reason: str) -> ClockEvent:
    return ClockEvent(EventKind.EXTENDED, day, reason, amount)


def stopped(day: date) -> ClockEvent:
    return ClockEvent(EventKind.STOPPED, day)


def restarted(day: date) -> ClockEvent:
    return ClockEvent(EventKind.RESTARTED, day)
