"""Times as exports write them, in milliseconds since 1970 UTC. Reads no clock."""

from __future__ import annotations

import re

import numpy as np

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_UNIX = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (UTC|GMT|[+-]\d\d:?\d\d) (\d{4})"
)
_SECONDS_BELOW = 10**11  # in seconds this is the year 5138, in milliseconds 1973


def parse_moment(cell: str) -> int | None:
    """Milliseconds from a number (ms or s), an ISO date, or "Sat Nov 17 05:09:36 UTC 2018".

    Returns None for anything else, also for zones given only by letters such as WIB: letters are
    ambiguous, and a wrong time is worse than none. A date without a zone is read as UTC.
    """
    cell = cell.strip()
    if re.fullmatch(r"\d{9,16}(\.\d+)?", cell):
        number = int(cell.partition(".")[0])
        return number * 1000 if number < _SECONDS_BELOW else number
    if match := _ISO.fullmatch(cell):
        return _at(match[1], match[2] or "00:00", match[3])
    if (match := _UNIX.fullmatch(cell)) and match[1] in _MONTHS:
        month = _MONTHS.index(match[1]) // 3 + 1
        return _at(f"{match[5]}-{month:02d}-{int(match[2]):02d}", match[3], match[4])
    return None


def format_moment(milliseconds: int) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return f"{np.datetime64(milliseconds, 'ms')}Z"


def _at(day: str, clock: str, zone: str | None) -> int | None:
    try:
        moment = int(np.datetime64(f"{day}T{clock}", "ms").astype(np.int64))
    except ValueError:
        return None
    if zone is None or zone[0] not in "+-":
        return moment
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    shift = (hours * 60 + minutes) * 60_000
    return moment - shift if zone[0] == "+" else moment + shift
