"""Days, hours and times: their formats on all pages, in the installation's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.formats import date_format

HOUR = 3600
_entered: ContextVar[date | None] = ContextVar("the past day that is entered", default=None)


def today() -> date:
    """The day on which something happens: today, unless a past day is being entered."""
    return _entered.get() or timezone.localdate()


@contextmanager
def entering(past: date) -> Iterator[None]:
    """Let what is done within happen on a past day. Only the example has a past that is made up."""
    if past > timezone.localdate():
        raise ValueError(f"{past} is to come")
    token = _entered.set(past)
    try:
        yield
    finally:
        _entered.reset(token)


def day(value: date) -> str:
    """A day: "Nov. 3, 2026"; a datetime is converted to the installation's time zone first."""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return date_format(value, "DATE_FORMAT")


def time_of_day(value: datetime) -> str:
    """Day and time without the zone, for pages that name the zone once for many times."""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")


def moment(value: datetime) -> str:
    """Day, time and zone: "Nov. 3, 2026, 6 p.m. (PST)"."""
    return f"{time_of_day(value)} ({date_format(timezone.localtime(value), 'T')})"


def hour_of(value: datetime) -> int:
    """The number of the hour since 1970."""
    return int(value.timestamp()) // HOUR


def beginning_of(hour: int) -> datetime:
    """When the hour of this number began."""
    return datetime.fromtimestamp(hour * HOUR, UTC)
