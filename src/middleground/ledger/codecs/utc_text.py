"""A time in seconds since 1970 in words, without a clock."""

from __future__ import annotations


def in_words(seconds: int) -> str:
    """Such as ``2026-11-24 03:05 UTC``.

    The calendar as in H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days:
    years begin in March, so that the leap day is the last.
    """
    days, rest = divmod(seconds, 86_400)
    era, day_of_era = divmod(days + 719_468, 146_097)
    leap = day_of_era // 1460 - day_of_era // 36_524 + day_of_era // 146_096
    year_of_era = (day_of_era - leap) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = 400 * era + year_of_era + (month <= 2)
    return f"{year:04d}-{month:02d}-{day:02d} {rest // 3600:02d}:{rest % 3600 // 60:02d} UTC"
