"""How much time there is for an answer, and by which calendar it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache

from middleground.deadlines.errors import InvalidDeadline

MOST_DAYS = 3650
MOST_CLOSING_DAYS = 1000


class Unit(Enum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are working days: a place's weekends and public holidays, and when a host is shut.

    ``country``: ISO 3166-1. ``subdivision``: the part after the hyphen in ISO 3166-2, or empty.
    """

    country: str
    subdivision: str = ""
    closing_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        country, subdivision = _codes_of_place(self.country, self.subdivision)
        object.__setattr__(self, "country", country)
        object.__setattr__(self, "subdivision", subdivision)
        days = frozenset(self.closing_days)
        for day in days:
            check_day(day)
        if len(days) > MOST_CLOSING_DAYS:
            raise InvalidDeadline("closing_days", most=MOST_CLOSING_DAYS, given=len(days))
        object.__setattr__(self, "closing_days", days)


@dataclass(frozen=True)
class Policy:
    """``very_overdue_after``: in calendar days after the due day, since people wait on all days."""

    amount: int
    unit: Unit
    calendar: WorkCalendar
    very_overdue_after: int

    def __post_init__(self) -> None:
        check_amount("amount", self.amount)
        check_amount("very_overdue_after", self.very_overdue_after)
        if not isinstance(self.unit, Unit):
            raise _unknown_unit(self.unit)

    def to_dict(self) -> dict[str, object]:
        """For JSON: the same policy gives the same text."""
        return {
            "amount": self.amount,
            "unit": self.unit.value,
            "country": self.calendar.country,
            "subdivision": self.calendar.subdivision,
            "closing_days": sorted(day.isoformat() for day in self.calendar.closing_days),
            "very_overdue_after": self.very_overdue_after,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, object]) -> Policy:
        """The policy of ``to_dict``. Raises InvalidDeadline with what to do."""
        if set(fields) != set(_FIELDS):
            expected, given = ", ".join(_FIELDS), ", ".join(sorted(map(str, fields))) or "none"
            raise InvalidDeadline("fields", expected=expected, given=given)
        calendar = WorkCalendar(
            fields["country"],  # type: ignore[arg-type]
            fields["subdivision"],  # type: ignore[arg-type]
            _closing_days(fields["closing_days"]),
        )
        try:
            unit = Unit(fields["unit"])
        except ValueError:
            raise _unknown_unit(fields["unit"]) from None
        return cls(fields["amount"], unit, calendar, fields["very_overdue_after"])  # type: ignore[arg-type]


_FIELDS = ("amount", "unit", "country", "subdivision", "closing_days", "very_overdue_after")


def check_amount(what: str, amount: object) -> None:
    if type(amount) is not int or not 1 <= amount <= MOST_DAYS:
        raise InvalidDeadline("amount", what=what, most=MOST_DAYS, given=amount)


def check_day(day: object) -> None:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise InvalidDeadline("day", given=day)


def _unknown_unit(given: object) -> InvalidDeadline:
    return InvalidDeadline("unit", given=given, units=", ".join(unit.value for unit in Unit))


def _closing_days(given: object) -> frozenset[date]:
    if isinstance(given, list | tuple):
        try:
            return frozenset(date.fromisoformat(day) for day in given)
        except (ValueError, TypeError):
            pass
    raise InvalidDeadline("closing_days", most=MOST_CLOSING_DAYS, given=given)


def _codes_of_place(country: object, subdivision: object) -> tuple[str, str]:
    if not isinstance(country, str):
        raise InvalidDeadline("country", given=country)
    if not isinstance(subdivision, str):
        raise InvalidDeadline("subdivision", country=country, given=subdivision, hint="")
    return _known_place(country.strip().upper(), subdivision.strip())


@lru_cache(maxsize=1024)
def _known_place(country: str, subdivision: str) -> tuple[str, str]:
    """The codes as the library of holidays writes them."""
    import holidays  # slow to import, and not needed by most commands
    from holidays.registry import EntityLoader

    if country not in EntityLoader.get_country_codes(include_aliases=True):
        raise InvalidDeadline("country", given=country)
    calendar = holidays.country_holidays(country)
    known = {code.upper(): code for code in calendar.subdivisions}
    if subdivision and subdivision.upper() not in known:
        hint = f"Use one of: {', '.join(sorted(known.values()))}." if known else "Leave it empty."
        raise InvalidDeadline("subdivision", country=country, given=subdivision, hint=hint)
    return calendar.country, known.get(subdivision.upper(), "")
