"""The clock of a case as its page tells it: how it stands, and the sum of its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, to_locale

from middleground.core import dates
from middleground.core.languages.direction import isolated
from middleground.deadlines.deadline import Deadline, Lateness, lateness_of
from middleground.deadlines.policy import Unit
from middleground.deadlines.steps import Step, StepKind, steps_of
from middleground.deadlines.working_days import LANGUAGE

_SENTENCES: dict[StepKind, str | Promise] = {
    StepKind.START: gettext_lazy("It starts on %(day)s. This day is not counted."),
    StepKind.WEEKENDS: gettext_lazy("Weekends in between."),
    StepKind.EXTENDED: gettext_lazy("Extended on %(day)s: %(reason)s"),
    StepKind.EXTENDED_TOO_LATE: gettext_lazy(
        "Extended on %(day)s. This was after the due day, so it changed nothing: %(reason)s"
    ),
    StepKind.PAUSED: gettext_lazy("Paused from %(day)s until %(until)s: %(reason)s"),
    StepKind.PAUSED_TOO_LATE: gettext_lazy(
        "Paused on %(day)s. This was after the due day, so it changed nothing: %(reason)s"
    ),
    StepKind.MOVED: gettext_lazy("%(day)s is not a working day. The next one is %(until)s."),
    StepKind.LEFT: gettext_lazy("Days left when the clock runs again."),
}


@dataclass(frozen=True, slots=True)
class SumLine:
    """A step of the sum: a sentence, and how many days it adds."""

    sentence: str
    days: int


@dataclass(frozen=True, slots=True)
class ShownClock:
    """How a clock stands on a day. ``days_late``: calendar days after the due day, at least 0.

    The start and the days of all ``lines`` give ``ends_on``, which is the due day of a clock that
    is not paused.
    """

    deadline: Deadline
    lateness: Lateness
    lines: list[SumLine]

    @property
    def days_late(self) -> int:
        return max(0, -(self.lateness.days or 0))

    @property
    def total(self) -> int:
        return sum(line.days for line in self.lines)

    @property
    def ends_on(self) -> date:
        return self.deadline.start + timedelta(days=self.total)

    @property
    def allowed(self) -> str:
        policy = self.deadline.policy
        return amount_of(policy.amount, policy.unit)


def clock_on(deadline: Deadline, today: date) -> ShownClock:
    language = to_locale(get_language() or "")
    steps = steps_of(deadline, LANGUAGE if language == "en" else language)
    return ShownClock(deadline, lateness_of(deadline, today), [_line(step) for step in steps])


def amount_of(amount: int, unit: Unit) -> str:
    """Such as "30 working days"."""
    if unit is Unit.WORKING_DAYS:
        told = ngettext("%(n)d working day", "%(n)d working days", amount)
    else:
        told = ngettext("%(n)d day", "%(n)d days", amount)
    return told % {"n": amount}


def _line(step: Step) -> SumLine:
    return SumLine(_sentence(step), step.days)


def _sentence(step: Step) -> str:
    values = {
        "day": dates.day(step.day) if step.day else "",
        "until": dates.day(step.until) if step.until else "",
        "name": isolated(step.name),
        "reason": isolated(step.reason),
    }
    if step.kind is StepKind.COUNTED:
        return gettext("The days that are allowed.")
    if step.kind is StepKind.HOLIDAY:
        if not step.name:
            return gettext("%(day)s: offices are shut.") % values
        return gettext("%(day)s is a holiday: %(name)s.") % values
    if step.kind is StepKind.PAUSED and step.until is None:
        return gettext("Paused since %(day)s: %(reason)s") % values
    return f"{_SENTENCES[step.kind] % values}"
