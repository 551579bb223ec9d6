"""Today, for pages that are kept: they are out of date at midnight."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from middleground.core.changes import note_until


def today() -> date:
    """The day at the host's place. Notes that the page changes when it ends."""
    day = timezone.localdate()
    note_until(timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)))
    return day
