"""Weeks from Monday to Sunday, with the numbers of ISO 8601: "2026-W19"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """``start`` is its Monday."""

    start: date

    @property
    def end(self) -> date:
        return self.start + timedelta(days=6)

    @property
    def code(self) -> str:
        year, number, _day = self.start.isocalendar()
        return f"{year:04}-W{number:02}"

    def before(self) -> Week:
        return Week(self.start - timedelta(days=7))

    def after(self) -> Week:
        return Week(self.start + timedelta(days=7))


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))


def read_week(code: str) -> Week | None:
    """The week of a code; None for a code of none, such as week 53 of most years."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", code, re.ASCII)
    if found is None:
        return None
    try:
        week = Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except (ValueError, OverflowError):
        return None
    return week if week.start > date(2000, 1, 1) and week.start < date(9000, 1, 1) else None
