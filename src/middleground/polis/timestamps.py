"""Reads and writes times of exports, in milliseconds since 1970 UTC. Reads no clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?"
    r" ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_UNIX = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (UTC|GMT|[+-]\d\d:?\d\d) (\d{4})",
    re.ASCII,
)
_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})(?: \(.*\))?",
    re.ASCII,
)
_SECONDS_BELOW = 10**11  # in seconds this is the year 5138, in milliseconds 1973


def parse_moment(cell: str) -> int | None:
    """Read a number (ms or s), an ISO date, or a date written out, in milliseconds.

    Written out as by Unix ("Sat Nov 17 05:09:36 UTC 2018") or by JavaScript ("Sat Nov 17 2018
    05:09:36 GMT+0000 (…)").

    A date without a zone is read as UTC, and parts of a millisecond are dropped. Returns None for
    anything else, also for zones given only by letters such as WIB: letters are ambiguous, and a
    wrong time is worse than none.
    """
    cell = cell.strip()
    if re.fullmatch(r"\d{9,16}(\.\d+)?", cell):
        number = int(cell.partition(".")[0])
        return number * 1000 if number < _SECONDS_BELOW else number
    if match := _ISO.fullmatch(cell):
        date = (int(match[1]), int(match[2]), int(match[3]))
        return _milliseconds(date, match[4] or "00:00", match[5])
    if (match := _UNIX.fullmatch(cell)) and match[1] in _MONTHS:
        date = (int(match[5]), _MONTHS.index(match[1]) + 1, int(match[2]))
        return _milliseconds(date, match[3], match[4])
    if (match := _JAVASCRIPT.fullmatch(cell)) and match[1] in _MONTHS:
        date = (int(match[3]), _MONTHS.index(match[1]) + 1, int(match[2]))
        return _milliseconds(date, match[4], match[5])
    return None


def format_moment(milliseconds: int) -> str:
    """Write ISO 8601 in UTC to the millisecond, or outside of years 1 to 9999 the number."""
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return str(milliseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _milliseconds(date: tuple[int, int, int], clock: str, zone: str | None) -> int | None:
    """Count from 1970 UTC; None for a day or a time of day that does not exist.

    The zone is subtracted from the count, because a time near the year 1 may lie before it in UTC.
    """
    hour, minute, second, fraction = [*re.split("[:.]", clock), "0", "0"][:4]
    thousandths = int(fraction[:3].ljust(3, "0"))
    try:
        moment = datetime(
            *date, int(hour), int(minute), int(second), 1000 * thousandths, tzinfo=UTC
        )
    except ValueError:
        return None
    since = (moment - _EPOCH) // _MILLISECOND
    if zone is None or zone[0] not in "+-":
        return since
    shift = (int(zone[1:3]) * 60 + int(zone[-2:])) * 60_000
    return since - shift if zone[0] == "+" else since + shift
