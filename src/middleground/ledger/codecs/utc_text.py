"""Times in seconds since 1970, as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799  # the last second of the year 9999


def utc_text(seconds: int) -> str:
    """Format as ``2026-11-24 03:05 UTC``. Later than year 9999, which anybody can sign: seconds."""
    if seconds > _LAST:
        return f"second {seconds} of this calendar"
    moment = _EPOCH + timedelta(seconds=seconds)
    return f"{moment.year:04d}-{moment:%m-%d %H:%M} UTC"
