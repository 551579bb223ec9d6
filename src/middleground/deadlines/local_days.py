"""The day on which a moment falls at a place: where times enter, since deadlines know days only."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from middleground.deadlines.errors import InvalidDeadline


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment with a time zone, in ``zone`` (such as Europe/Berlin)."""
    if moment.utcoffset() is None:
        raise InvalidDeadline("moment", given=moment)
    try:
        place = ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        raise InvalidDeadline("zone", given=zone) from None
    return moment.astimezone(place).date()
