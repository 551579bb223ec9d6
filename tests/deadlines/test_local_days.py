"""On which day a moment falls at a place."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.local_days import local_day


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        # The clocks go forward on 29 March 2026, and back on 25 October.
        ("2026-03-28T22:30+00:00", "Europe/Berlin", "2026-03-28"),
        ("2026-03-28T23:30+00:00", "Europe/Berlin", "2026-03-29"),
        ("2026-03-29T22:30+00:00", "Europe/Berlin", "2026-03-30"),
        ("2026-10-24T22:30+00:00", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25T22:30+00:00", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25T23:30+00:00", "Europe/Berlin", "2026-10-26"),
        ("2026-11-01T06:59+00:00", "America/Los_Angeles", "2026-10-31"),
        ("2026-11-02T07:59+00:00", "America/Los_Angeles", "2026-11-01"),
        ("2026-11-02T01:00+14:00", "America/Los_Angeles", "2026-11-01"),
        # Both sides of the date line; Samoa had no 30 December 2011.
        ("2026-12-31T10:00+00:00", "Pacific/Kiritimati", "2027-01-01"),
        ("2027-01-01T10:59+00:00", "Pacific/Pago_Pago", "2026-12-31"),
        ("2011-12-30T09:59+00:00", "Pacific/Apia", "2011-12-29"),
        ("2011-12-30T10:00+00:00", "Pacific/Apia", "2011-12-31"),
    ],
)
def test_the_day_at_a_place(moment: str, zone: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(moment), zone) == date.fromisoformat(day)


def test_a_moment_without_a_zone_and_unknown_zones_are_refused() -> None:
    with pytest.raises(InvalidDeadline, match="has no time zone"):
        local_day(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")  # noqa: DTZ001
    moment = datetime.fromisoformat("2026-03-29T02:30+00:00")
    for zone in ("", "Mars/North", "../etc", "America", "x" * 300, "UTC\0"):
        with pytest.raises(InvalidDeadline, match="There is no time zone"):
            local_day(moment, zone)
