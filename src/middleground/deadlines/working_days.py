"""Which days are working days, counted once for each calendar and decade. Days are ordinals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock

from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.policy import WorkCalendar

FIRST_YEAR, LAST_YEAR = 1970, 2199
LANGUAGE = "en_US"


@dataclass(frozen=True, slots=True)
class _YearOff:
    weekend: frozenset[int]
    holidays: Mapping[int, str]  # names of the days off that are not part of a weekend


@lru_cache(maxsize=4096)
def _year_off(country: str, subdivision: str, year: int, language: str) -> _YearOff:
    """One year of the library of holidays, whose objects are slow to make and to ask."""
    import holidays

    known = holidays.country_holidays(country)
    # Without a language the library would take that of the server's environment.
    spoken = language if language in known.supported_languages else known.default_language
    calendar = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, language=spoken
    )
    off = [
        day
        for day in map(date.fromordinal, _ordinals(year))
        if not calendar.is_working_day(day)  # it also knows weekends that are worked, as in China
    ]
    return _YearOff(
        weekend=frozenset(day.toordinal() for day in off if calendar.is_weekend(day)),
        holidays={day.toordinal(): calendar[day] for day in off if not calendar.is_weekend(day)},
    )


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


class WorkingDays:
    """The working days from a year on. The table grows by years as they are asked for."""

    def __init__(self, calendar: WorkCalendar, first_year: int) -> None:
        self._calendar = calendar
        self._closing_days = {day.toordinal() for day in calendar.closing_days}
        self._next_year = first_year
        self._before = date(first_year, 1, 1).toordinal() - 1
        self._counts = [0]  # for each day from ``_before`` on, how many working days end with it
        self._working: list[int] = []
        self._holidays: set[int] = set()
        self._growing = Lock()

    def count(self, day: int) -> int:
        """How many working days of the table end with this day."""
        while day - self._before >= len(self._counts):
            self._grow()
        return self._counts[day - self._before]

    def nth(self, number: int) -> int:
        """The working day with this number, from 1 on: ``count(nth(n)) == n``."""
        while number > len(self._working):
            self._grow()
        return self._working[number - 1]

    def is_working(self, day: int) -> bool:
        return self.count(day) > self.count(day - 1)

    def next_from(self, day: int) -> int:
        """This day if it is a working day, or else the next that is."""
        return self.nth(self.count(day - 1) + 1)

    def holiday_on(self, day: int, language: str = LANGUAGE) -> str | None:
        """The holiday's name, empty for the host's own closing day; None on other days."""
        if self.is_working(day) or day not in self._holidays:
            return None
        return self._year_off(date.fromordinal(day).year, language).holidays.get(day, "")

    def _grow(self) -> None:
        asked = len(self._counts)
        with self._growing:
            if len(self._counts) > asked:
                return  # another thread was faster
            year = self._next_year
            if year > LAST_YEAR:
                raise InvalidDeadline("year", first=FIRST_YEAR, last=LAST_YEAR, given=year)
            off = self._year_off(year, LANGUAGE)
            counts, working = [], []
            number = len(self._working)
            for day in _ordinals(year):
                if day in off.weekend:
                    pass
                elif day in off.holidays or day in self._closing_days:
                    self._holidays.add(day)
                else:
                    number += 1
                    working.append(day)
                counts.append(number)
            self._working += working
            self._counts += counts
            self._next_year = year + 1

    def _year_off(self, year: int, language: str) -> _YearOff:
        return _year_off(self._calendar.country, self._calendar.subdivision, year, language)


def working_days(calendar: WorkCalendar, day: date) -> WorkingDays:
    """The table that begins with the decade of this day."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidDeadline("year", first=FIRST_YEAR, last=LAST_YEAR, given=day.year)
    return _working_days_from(calendar, day.year // 10 * 10)


@lru_cache(maxsize=256)
def _working_days_from(calendar: WorkCalendar, year: int) -> WorkingDays:
    return WorkingDays(calendar, year)
